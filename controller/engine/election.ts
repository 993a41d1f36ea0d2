import type { Clock } from './ports.ts';

/** A Lease as candidates see it; `version` is its resourceVersion. */
export interface Lease {
  /** '' when nobody holds it. */
  readonly holder: string;
  /** Of what the holder tells about itself, such as its address. */
  readonly notes: Readonly<Record<string, string>>;
  readonly transitions: number;
  readonly version: string;
}

/** One Lease in Kubernetes. Each call MUST end by itself, rejecting, within a few seconds. */
export interface LeaseStore {
  /** undefined when there is none. */
  read(): Promise<Lease | undefined>;
  /** Makes it; rejects when there is one. */
  create(lease: Omit<Lease, 'version'>): Promise<Lease>;
  /** Writes it, with the time of now as its renewal; rejects when it is not as it was at `version`. */
  replace(lease: Lease): Promise<Lease>;
}

export interface ElectionOptions {
  readonly leases: LeaseStore;
  /** Who we are: one candidate, one name. */
  readonly identity: string;
  readonly notes: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** [0, 1). */
  readonly random: () => number;
  /** We lead from now on. Not called again before `onEnd` has resolved. */
  onLead(): Promise<void>;
  /** We lead no longer: everything that `onLead` began has to end now, soon. */
  onEnd(): Promise<void>;
  log(level: 'info' | 'warn', message: string, fields?: Record<string, unknown>): void;
}

export interface Election {
  /** Who leads as far as we know; undefined when nobody does. */
  leader(): { readonly identity: string; readonly notes: Readonly<Record<string, string>> } | undefined;
  /** Whether we lead. */
  leads(): boolean;
  /** Ends our lead if we have it, and lets go of the Lease, so that the next need not wait. */
  stop(): Promise<void>;
}

/** How long others wait for a holder that is silent. */
export const leaseMs = 15_000;
/** A holder that could not renew for so long ends its lead, before anybody else may begin one. */
const renewalMs = 10_000;
const retryMs = 2_000;

/**
 * One leader among candidates that share a Lease, as Kubernetes' own components elect theirs: clocks need not agree, for each candidate times
 * by its own how long the Lease has not changed. Between the last renewal of a leader that hangs and the next one's beginning pass at least
 * 5 s; a leader that was stopped by its machine for longer may still finish what it had begun.
 */
export function runElection(options: ElectionOptions): Election {
  const { leases, identity, notes, clock } = options;
  let seen: { readonly lease: Lease; readonly at: number } | undefined;
  let isLeading = false;
  let isStopped = false;
  let cancelTimer: () => void = () => undefined;
  let cancelDeadline: () => void = () => undefined;
  /** Beginnings and ends of the lead, one after the other. */
  let course: Promise<void> = Promise.resolve();
  let turn: Promise<void> = Promise.resolve();

  const isAlive = () => seen !== undefined && seen.lease.holder !== '' && clock.now() - seen.at < leaseMs;

  function look(lease: Lease): void {
    if (seen?.lease.version !== lease.version) seen = { lease, at: clock.now() };
  }

  /** One try to get or keep the Lease; rejects when Kubernetes does not answer or somebody was faster. */
  async function attempt(): Promise<void> {
    // Before the call: the renewal is no younger than that, whenever it was carried out.
    const at = clock.now();
    const lease = await leases.read();
    if (lease) look(lease);
    const mine = { holder: identity, notes };
    if (!lease) return won(await leases.create({ ...mine, transitions: 0 }), at);
    if (lease.holder !== identity && isAlive()) return lost();
    const transitions = lease.holder === identity ? lease.transitions : lease.transitions + 1;
    return won(await leases.replace({ ...mine, transitions, version: lease.version }), at);
  }

  function won(lease: Lease, at: number): void {
    look(lease);
    if (isStopped) return;
    cancelDeadline();
    // Not left to the next try, which may hang.
    cancelDeadline = clock.after(Math.max(0, at + renewalMs - clock.now()), lost);
    if (isLeading) return;
    isLeading = true;
    options.log('info', 'leading', { identity });
    // Not waited for: the Lease has to be renewed meanwhile.
    follow('beginning the lead failed', () => options.onLead());
  }

  function follow(failure: string, step: () => Promise<void>): void {
    course = course.then(step).catch((error: unknown) => options.log('warn', failure, { identity, error: String(error) }));
  }

  function lost(): void {
    if (!isLeading) return;
    isLeading = false;
    cancelDeadline();
    options.log(isStopped ? 'info' : 'warn', 'leading no longer', { identity, leader: seen?.lease.holder });
    follow('ending the lead failed', () => options.onEnd());
  }

  async function takeTurn(): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      options.log('info', 'the lease could not be had', { identity, error: String(error) });
    }
    // Not all at the same moment, or they would only ever get in each other's way.
    if (!isStopped) next(retryMs * (1 + options.random() * 0.2));
  }

  function next(ms: number): void {
    cancelTimer = clock.after(ms, () => {
      turn = takeTurn();
    });
  }
  next(0);

  return {
    leader: () => (seen && isAlive() ? { identity: seen.lease.holder, notes: seen.lease.notes } : undefined),
    leads: () => isLeading,
    async stop() {
      isStopped = true;
      cancelTimer();
      await turn;
      const wasLeading = isLeading;
      lost();
      await course;
      if (!wasLeading) return;
      // The next waits out the lease if this fails.
      if (seen) await leases.replace({ ...seen.lease, holder: '' }).catch(() => undefined);
    },
  };
}
