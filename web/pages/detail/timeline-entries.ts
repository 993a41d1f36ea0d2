import type { CloudEvent, CloudEventPart } from '../../data/instance.ts';
import type { Operation } from '../../data/operations.ts';
import type { AuditEntry } from '../../data/trail.ts';

export type Outcome = 'ok' | 'failed' | 'denied' | 'observed' | 'running' | 'cancelled';

/** Something that happened to a resource, told by us, by the cloud, or by both. */
export interface TimelineEntry {
  readonly key: string;
  /** RFC 3339; when it began. */
  readonly at: string;
  readonly source: 'ours' | 'cloud' | 'both';
  /** Who did it: a person's name here, or an id of a user of the cloud; undefined: nobody knows. */
  readonly who?: string;
  /** Whether `who` is a user of the cloud, and whether it is the one of our Cluster. */
  readonly cloudUser?: 'ours' | 'other';
  /** Type of the audit entry, or the action. */
  readonly what: { readonly audit: string } | { readonly action: string } | { readonly cloud: string };
  readonly message?: string;
  readonly outcome: Outcome;
  readonly changes: AuditEntry['changes'];
  readonly requestIds: readonly string[];
  readonly parts: readonly CloudEventPart[];
  /** How long it took. */
  readonly seconds?: number;
  /** Its number in the audit log. */
  readonly seq?: number;
  readonly operation?: string;
}

export interface Sources {
  /** Undefined: the person may not read it. */
  readonly audit?: readonly AuditEntry[];
  readonly operations?: readonly Operation[];
  readonly events?: readonly CloudEvent[];
  /** What is older than this is not whole: one of the sources has more. */
  readonly horizon?: string | undefined;
}

/** One order out of what we recorded and what the cloud did, newest first; what both tell of by the same request id is told once. */
export function timelineOf({ audit, operations = [], events = [], horizon }: Sources): readonly TimelineEntry[] {
  const ours = audit ? joined(audit).map(ofAudit) : operations.map(ofOperation);
  const byRequest = new Map(events.map((event) => [event.requestId, event]));
  const told = new Set<string>();
  const own = ours.map((entry) => {
    const same = entry.requestIds.flatMap((id) => byRequest.get(id) ?? []);
    for (const { requestId } of same) told.add(requestId);
    if (same.length === 0) return entry;
    return { ...entry, source: 'both' as const, parts: same.flatMap((event) => event.events) };
  });
  const others = events.filter(({ requestId }) => !told.has(requestId)).map(ofEvent);
  return [...own, ...others]
    .filter(({ at }) => horizon === undefined || at >= horizon)
    .toSorted((a, b) => (a.at === b.at ? (b.seq ?? 0) - (a.seq ?? 0) : a.at < b.at ? 1 : -1));
}

/** Where what is known begins to have gaps: the newest of the ends of sources that have more. */
export function horizonOf(...sources: readonly { readonly oldest: string | undefined; readonly hasMore: boolean }[]): string | undefined {
  const ends = sources.filter(({ hasMore }) => hasMore).flatMap(({ oldest }) => oldest ?? []);
  return ends.length === 0 ? undefined : ends.reduce((a, b) => (a > b ? a : b));
}

interface Joined {
  readonly entry: AuditEntry;
  readonly began: string;
}

/** That an action was asked for and that it ended is one thing to whoever reads what happened. */
function joined(audit: readonly AuditEntry[]): readonly Joined[] {
  const ends = new Map<string, AuditEntry>();
  for (const entry of audit) if (isEnd(entry) && entry.reconcileId !== undefined) ends.set(entry.reconcileId, entry);
  const begun = new Map<string, string>();
  for (const { type, reconcileId, at } of audit) {
    if (type === 'ActionRequested' && reconcileId !== undefined) begun.set(reconcileId, at);
  }
  return audit
    .filter(({ type, reconcileId }) => type !== 'ActionRequested' || reconcileId === undefined || !ends.has(reconcileId))
    .map((entry) => ({ entry, began: (isEnd(entry) && begun.get(entry.reconcileId ?? '')) || entry.at }));
}

const isEnd = ({ type }: AuditEntry): boolean => type === 'ActionDone' || type === 'ActionFailed' || type === 'ActionCancelled';

function ofAudit({ entry, began }: Joined): TimelineEntry {
  const { seq, at, type, actor, result, message, changes, requestIds, reconcileId } = entry;
  const seconds = secondsBetween(began, at);
  return {
    key: `audit-${seq}`,
    at: began,
    source: 'ours',
    ...(actor !== '' && actor !== 'unknown' && { who: actor }),
    what: { audit: type },
    message,
    outcome: type === 'ActionRequested' ? 'running' : result,
    changes,
    requestIds,
    parts: [],
    seq,
    ...(began !== at && { seconds }),
    ...(type.startsWith('Action') && reconcileId !== undefined && { operation: reconcileId }),
  };
}

const outcomes: Readonly<Record<Operation['state'], Outcome>> = {
  queued: 'running',
  running: 'running',
  succeeded: 'ok',
  failed: 'failed',
  cancelled: 'cancelled',
};

function ofOperation(operation: Operation): TimelineEntry {
  const { id, action, actor, state, problem, requestIds, createdAt, endedAt } = operation;
  return {
    key: `operation-${id}`,
    at: createdAt,
    source: 'ours',
    who: actor,
    what: { action },
    ...(problem && { message: problem.detail }),
    outcome: outcomes[state],
    changes: [],
    requestIds,
    parts: [],
    operation: id,
    ...(endedAt !== undefined && { seconds: secondsBetween(createdAt, endedAt) }),
  };
}

function ofEvent(event: CloudEvent): TimelineEntry {
  const { action, requestId, userId, byUs, startedAt, finishedAt, result, message, events } = event;
  const at = startedAt ?? '';
  return {
    key: `cloud-${requestId}`,
    at,
    source: 'cloud',
    ...(userId !== null && { who: userId, cloudUser: byUs ? ('ours' as const) : ('other' as const) }),
    what: { cloud: action },
    ...(message !== null && { message }),
    outcome: result === 'Error' ? 'failed' : result === 'Success' ? 'ok' : 'running',
    changes: [],
    requestIds: [requestId],
    parts: events,
    ...(finishedAt !== null && { seconds: secondsBetween(at, finishedAt) }),
  };
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
