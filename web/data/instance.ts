import { ask } from './http.ts';
import { pathOfResource } from './resource.ts';

/** What one part of a cloud did of an action. */
export interface CloudEventPart {
  readonly event: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly result: string | null;
  readonly host?: string;
  readonly details?: string;
}

/** An entry of the cloud's own log of actions on an instance. */
export interface CloudEvent {
  readonly action: string;
  readonly requestId: string;
  readonly userId: string | null;
  /** Whether the user of the Cluster asked for it. */
  readonly byUs: boolean;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly result: 'Success' | 'Error' | null;
  readonly message: string | null;
  readonly events: readonly CloudEventPart[];
}

type Figure = number | null;

/** What a hypervisor counts of an instance since it was started; null is what it does not know. */
export interface Diagnostics {
  /** RFC 3339 */
  readonly at: string;
  readonly state: string;
  readonly hypervisor: string | null;
  readonly uptimeSeconds: Figure;
  readonly memory: { readonly maximumMiB: Figure; readonly usedMiB: Figure };
  readonly cpus: readonly { readonly id: Figure; readonly timeNs: Figure; readonly utilisation: Figure }[];
  readonly nics: readonly ({ readonly mac: string | null } & Readonly<
    Record<'rxBytes' | 'rxPackets' | 'rxErrors' | 'rxDrops' | 'txBytes' | 'txPackets' | 'txErrors' | 'txDrops', Figure>
  >)[];
  readonly disks: readonly Readonly<Record<'readBytes' | 'readRequests' | 'writeBytes' | 'writeRequests' | 'errors', Figure>>[];
}

const below = (cluster: string, id: string, what: string) => `${pathOfResource({ type: 'server', cluster, id })}/${what}`;

/** Newest first. Throws Problem. */
export function fetchCloudEvents(
  cluster: string,
  id: string,
  { cursor, limit = 20 }: { cursor?: string | undefined; limit?: number } = {},
): Promise<{ readonly items: readonly CloudEvent[]; readonly next?: string }> {
  return ask(below(cluster, id, 'events'), { query: { limit, cursor } });
}

/** Throws Problem: `NotRunning`, `HiddenByCloud` and `UnsupportedByCloud` say why there are none. */
export const fetchDiagnostics = (cluster: string, id: string, signal?: AbortSignal): Promise<Diagnostics> =>
  ask<Diagnostics>(below(cluster, id, 'diagnostics'), signal && { signal });

/** The last lines of what it wrote to its console. Throws Problem. */
export async function fetchConsoleLog(cluster: string, id: string, lines: number, signal?: AbortSignal): Promise<string> {
  return (await ask<{ log: string }>(below(cluster, id, 'console-log'), { query: { lines }, ...(signal && { signal }) })).log;
}
