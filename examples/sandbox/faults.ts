import type { Answer, ServiceName } from './call.ts';
import type { Store } from './store.ts';
import type { Random } from './world.ts';

/** Which requests a fault strikes, and how. All given conditions must hold. */
export interface FaultRule {
  readonly service?: ServiceName;
  readonly method?: string;
  /** Regular expression over the path below the service's prefix, query included: `^/v2.1/servers$`. */
  readonly path?: string;
  /** Strikes this often, then is gone; unlimited if absent. */
  readonly count?: number;
  /** Lets this many matching requests pass first. */
  readonly skip?: number;
  /** From 0 to 1, drawn from the sandbox's seed; always if absent. */
  readonly probability?: number;
  readonly effect: FaultEffect;
}

export type FaultEffect =
  /** Answers without acting. A string body is sent as it is. */
  | { readonly type: 'status'; readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Acts, then answers this instead: the write happened, the caller is told otherwise. */
  | { readonly type: 'status-after'; readonly status: number; readonly body?: unknown }
  /** Closes the connection before anything is done. */
  | { readonly type: 'reset-before' }
  /** Acts, then closes the connection: the answer is lost. */
  | { readonly type: 'reset-after' }
  /** Never answers; with `afterMs`, closes the connection then. */
  | { readonly type: 'hang'; readonly afterMs?: number }
  /** Waits before it acts. */
  | { readonly type: 'slow'; readonly ms: number }
  /** Reads are answered from the state of the moment the fault was added. */
  | { readonly type: 'stale' }
  /** A list is answered with no rows. */
  | { readonly type: 'empty-list' }
  /** The caller's token is no longer known from now on. */
  | { readonly type: 'expire-token' };

export interface Fault extends FaultRule {
  readonly id: string;
  /** Requests struck so far. */
  struck: number;
}

/** The switchboard of what goes wrong. */
export interface Faults {
  add(rule: FaultRule): Fault;
  remove(id: string): boolean;
  clear(): void;
  list(): readonly Fault[];
}

export interface FaultEngine extends Faults {
  /** What strikes this request, oldest fault first; each match is counted. */
  strike(request: { service: ServiceName; method: string; path: string }): readonly { fault: Fault; snapshot: Store | undefined }[];
}

const effectTypes = ['status', 'status-after', 'reset-before', 'reset-after', 'hang', 'slow', 'stale', 'empty-list', 'expire-token'];

export function createFaults(random: Random, store: Store): FaultEngine {
  let faults: { fault: Fault; pattern: RegExp | undefined; passed: number; snapshot: Store | undefined }[] = [];
  let last = 0;
  return {
    add(rule) {
      checkRule(rule);
      last += 1;
      const fault: Fault = { ...rule, id: String(last), struck: 0 };
      const pattern = rule.path === undefined ? undefined : new RegExp(rule.path);
      faults.push({ fault, pattern, passed: 0, snapshot: rule.effect.type === 'stale' ? structuredClone(store) : undefined });
      return fault;
    },
    remove(id) {
      const before = faults.length;
      faults = faults.filter((entry) => entry.fault.id !== id);
      return faults.length < before;
    },
    clear() {
      faults = [];
    },
    list: () => faults.map((entry) => entry.fault),
    strike(request) {
      const struck: { fault: Fault; snapshot: Store | undefined }[] = [];
      for (const entry of faults) {
        const { fault } = entry;
        if (fault.service && fault.service !== request.service) continue;
        if (fault.method && fault.method.toUpperCase() !== request.method) continue;
        if (entry.pattern && !entry.pattern.test(request.path)) continue;
        entry.passed += 1;
        if (entry.passed <= (fault.skip ?? 0)) continue;
        if (fault.probability !== undefined && random.next() >= fault.probability) continue;
        fault.struck += 1;
        struck.push({ fault, snapshot: entry.snapshot });
      }
      faults = faults.filter(({ fault }) => fault.count === undefined || fault.struck < fault.count);
      return struck;
    },
  };
}

/** Throws a RangeError that names the mistake; rules also come in over HTTP. */
function checkRule(rule: FaultRule): void {
  if (!effectTypes.includes(rule.effect?.type)) throw new RangeError(`effect.type must be one of ${effectTypes.join(', ')}`);
  if (rule.probability !== undefined && !(rule.probability >= 0 && rule.probability <= 1))
    throw new RangeError('probability must be from 0 to 1');
  if (rule.count !== undefined && !(Number.isInteger(rule.count) && rule.count > 0))
    throw new RangeError('count must be a positive integer');
  const { effect } = rule;
  if ((effect.type === 'status' || effect.type === 'status-after') && !(effect.status >= 100 && effect.status <= 599))
    throw new RangeError('effect.status must be an HTTP status');
  if (effect.type === 'slow' && !(effect.ms >= 0)) throw new RangeError('effect.ms must be a number of milliseconds');
}

/** The same answer with no rows in it: every array that is named like a collection becomes empty, and no next page is offered. */
export function withoutRows(answer: Answer): Answer {
  if (typeof answer.body !== 'object' || answer.body === null) return answer;
  const body = Object.fromEntries(
    Object.entries(answer.body)
      .filter(([key]) => !key.endsWith('_links') && key !== 'next')
      .map(([key, value]) => [key, Array.isArray(value) ? [] : value]),
  );
  return { ...answer, body };
}
