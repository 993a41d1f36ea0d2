import { ask } from './http.ts';
import { may } from './session.ts';
import { Stored } from './stored.ts';
import { watch } from './watch.ts';

/** What the API says of a cluster, as far as the frame needs it. */
interface ClusterView {
  readonly name: string;
  readonly enabled: boolean;
  readonly phase: 'Pending' | 'Reconciling' | 'Ready' | 'Stalled' | 'Disabled' | 'Deleting';
  readonly message: string;
  readonly seen?: { readonly from: 'live' | 'stored'; readonly lastSweepAt?: string; readonly errors: Readonly<Record<string, string>> };
  readonly spec: { readonly cloud?: string };
}

/** How a cloud is, for who looks at what it holds. `partly`: some of its services do not answer. */
export type CloudHealth = 'up' | 'partly' | 'connecting' | 'down' | 'off';

export interface CloudState {
  readonly name: string;
  readonly health: CloudHealth;
  /** What is wrong, in the words of the server; '' when nothing is. */
  readonly message: string;
  /** RFC 3339. */
  readonly seenAt: string | undefined;
  /** The simulated cloud of a first try. */
  readonly isSandbox: boolean;
}

/** The clouds the person may see, by name; undefined until they are known. */
export const cloudStates = new Stored<readonly CloudState[] | undefined>(undefined);

/** Pure. */
export function stateOf({ name, enabled, phase, message, seen, spec }: ClusterView): CloudState {
  const errors = Object.entries(seen?.errors ?? {});
  const health = healthOf(enabled, phase, errors.length > 0);
  const words = health === 'up' ? '' : health === 'partly' ? errors.map(([type, error]) => `${type}: ${error}`).join('; ') : message;
  return { name, health, message: words, seenAt: seen?.lastSweepAt, isSandbox: spec.cloud === 'sandbox' };
}

function healthOf(enabled: boolean, phase: ClusterView['phase'], hasErrors: boolean): CloudHealth {
  if (!enabled || phase === 'Disabled' || phase === 'Deleting') return 'off';
  if (phase === 'Stalled') return 'down';
  if (phase !== 'Ready') return 'connecting';
  return hasErrors ? 'partly' : 'up';
}

/** Keeps `cloudStates` until the function returned is called. */
export function watchCloudStates(): () => void {
  if (!may('cluster.read')) {
    cloudStates.set([]);
    return () => undefined;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void readCloudStates().finally(() => soon(everyMs)), delayMs);
  };
  soon(0);
  const end = watch({ types: ['cluster'], changed: () => soon(500), reset: () => soon(0) });
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** How old what was seen is changes without an event. */
const everyMs = 30_000;

/** Reads them anew; what is known stays when the server does not answer. */
export async function readCloudStates(): Promise<void> {
  try {
    const { items } = await ask<{ items: readonly ClusterView[] }>('/api/v1/clusters');
    cloudStates.set(items.map(stateOf).toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  } catch {
    // The next look is at most half a minute away.
  }
}
