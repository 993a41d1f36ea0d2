import type { Connections } from './connections.ts';
import type { Clock } from './engine/ports.ts';
import { type Hypervisor, list } from './openstack/compute/hypervisors.ts';
import { OpenStackError } from './openstack/errors.ts';

/** The hypervisors of one cloud, as far as it shows any. */
export interface CloudHypervisors {
  readonly cluster: string;
  /**
   * `Fresh`: just asked for. `Stale`: the newest asking failed or takes long; what was seen before stands. `Listing`: the first asking is under
   * way. `Hidden`: our user there may not see them. `Unreachable`: nothing was seen so far.
   */
  readonly state: 'Fresh' | 'Stale' | 'Listing' | 'Hidden' | 'Unreachable';
  /** Epoch ms at which the rows were asked for; null for none. */
  readonly askedAt: number | null;
  readonly rows: readonly Hypervisor[];
  readonly error?: { readonly reason: string; readonly message: string };
}

/** Hypervisors of clouds, asked for when somebody looks: few people may see them, and no sweep pays for them. */
export interface Hypervisors {
  /** Never rejects. A cloud that does not answer in time is told as it is known; its answer counts for the next who looks. */
  of(clusters: readonly string[]): Promise<CloudHypervisors[]>;
}

export interface HypervisorsDeps {
  readonly connections: Pick<Connections, 'look'>;
  readonly clock: Clock;
  /** Who looks waits so long at most; 2 s. */
  readonly waitMs?: number;
  /** Answers are told again for so long; 15 s. */
  readonly freshMs?: number;
}

interface Known {
  asking?: Promise<void>;
  rows: readonly Hypervisor[];
  askedAt: number | null;
  isHidden: boolean;
  error?: { readonly reason: string; readonly message: string };
}

export function createHypervisors({ connections, clock, waitMs = 2_000, freshMs = 15_000 }: HypervisorsDeps): Hypervisors {
  const known = new Map<string, Known>();

  async function ask(cluster: string, before: Known): Promise<void> {
    const look = connections.look(cluster);
    if ('reason' in look) {
      before.error = { reason: look.reason, message: look.message };
      return;
    }
    const askedAt = clock.now();
    try {
      const rows: Hypervisor[] = [];
      for await (const page of list(look.client.compute)) rows.push(...page);
      known.set(cluster, { rows, askedAt, isHidden: false });
    } catch (error) {
      if (isForbidden(error)) known.set(cluster, { rows: [], askedAt, isHidden: true });
      else before.error = { reason: 'LookFailed', message: messageOf(error) };
    }
  }

  function refresh(cluster: string): Promise<void> {
    const now = known.get(cluster) ?? { rows: [], askedAt: null, isHidden: false };
    known.set(cluster, now);
    if (now.askedAt !== null && !now.error && clock.now() - now.askedAt < freshMs) return Promise.resolve();
    // One asking at a time for each cloud, however many look.
    now.asking ??= ask(cluster, now).finally(() => delete now.asking);
    return now.asking;
  }

  return {
    async of(clusters) {
      await untilLate(Promise.all(clusters.map(refresh)), waitMs, clock);
      return clusters.map((cluster) => told(cluster, known.get(cluster)));
    },
  };
}

function told(cluster: string, known: Known | undefined): CloudHypervisors {
  const { rows = [], askedAt = null, error, asking, isHidden = false } = known ?? {};
  return { cluster, state: stateOf({ askedAt, isHidden, isAsking: asking !== undefined, error }), askedAt, rows, ...(error && { error }) };
}

function stateOf({
  askedAt,
  isHidden,
  isAsking,
  error,
}: {
  askedAt: number | null;
  isHidden: boolean;
  isAsking: boolean;
  error: object | undefined;
}) {
  if (askedAt === null) return isAsking && !error ? 'Listing' : 'Unreachable';
  if (error || isAsking) return 'Stale';
  return isHidden ? 'Hidden' : 'Fresh';
}

function isForbidden(error: unknown): boolean {
  return error instanceof OpenStackError && error.status === 403;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function untilLate(answers: Promise<unknown>, ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    void answers.finally(() => {
      cancel();
      resolve();
    });
  });
}
