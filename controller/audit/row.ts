import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { AuditRow } from './chain.ts';
import { redactChange } from './redact.ts';

/** An entry as it was stored. */
export interface AuditRecord extends AuditEntry {
  /** 1, 2, 3, ...: the order in which entries were stored, over all processes. */
  readonly seq: number;
  /** Epoch ms at which `record` was called. */
  readonly at: number;
  /** The database it was brought from; absent for what happened here. */
  readonly origin?: string;
  readonly hash: string;
}

/** A row before it has its place in the chain. */
export type Draft = Omit<AuditRow, 'seq' | 'previousHash' | 'hash'>;

/** The columns' widths. What is longer is cut: an entry with a cut name is better than none. */
const widths = {
  type: 60,
  actor: 255,
  cluster: 253,
  kind: 63,
  namespace: 63,
  name: 253,
  uid: 36,
  cloudId: 255,
  reconcileId: 64,
  address: 64,
  session: 36,
  requestId: 64,
  origin: 255,
};

/** `origin`: the database an entry is brought from. */
export function toDraft(entry: AuditEntry, at: number, origin?: string): Draft {
  const { object } = entry;
  return {
    at,
    type: fit(entry.type, widths.type),
    actor: fit(entry.actor, widths.actor),
    cluster: fitOptional(entry.cluster, widths.cluster),
    kind: fitOptional(object?.kind, widths.kind),
    namespace: fitOptional(object?.namespace, widths.namespace),
    name: fitOptional(object?.name, widths.name),
    uid: fitOptional(object?.uid, widths.uid),
    cloudId: fitOptional(entry.cloudId, widths.cloudId),
    result: entry.result,
    message: clean(entry.message),
    changes: plain(entry.changes.map((change) => redactChange(change, object?.kind))),
    requestIds: plain(entry.requestIds),
    reconcileId: fitOptional(entry.reconcileId, widths.reconcileId),
    address: fitOptional(entry.source?.address, widths.address),
    session: fitOptional(entry.source?.session, widths.session),
    requestId: fitOptional(entry.source?.requestId, widths.requestId),
    origin: fitOptional(origin, widths.origin),
  };
}

export function toRecord(row: AuditRow): AuditRecord {
  const { seq, at, type, actor, cluster, kind, namespace, name, uid, cloudId, result, message, reconcileId, hash } = row;
  return {
    seq,
    at,
    type,
    actor,
    ...(cluster === null ? {} : { cluster }),
    ...(kind === null ? {} : { object: { kind, namespace: namespace ?? '', name: name ?? '', uid: uid ?? '' } }),
    ...(cloudId === null ? {} : { cloudId }),
    changes: row.changes as Change[],
    result,
    message,
    requestIds: row.requestIds as string[],
    ...(reconcileId === null ? {} : { reconcileId }),
    ...sourceOf(row),
    ...(row.origin === null ? {} : { origin: row.origin }),
    hash,
  };
}

function sourceOf({ address, session, requestId }: AuditRow): Pick<AuditEntry, 'source'> {
  if (address === null && session === null && requestId === null) return {};
  return {
    source: { ...(address !== null && { address }), ...(session !== null && { session }), ...(requestId !== null && { requestId }) },
  };
}

const termLength = 255;

/** What a row is found by that has no index of its own: each change path with its parents, each request id, and whence a person asked. */
export function termsOf(row: Pick<AuditRow, 'changes' | 'requestIds' | 'address' | 'session' | 'requestId'>): string[] {
  const { address, session, requestId } = row;
  const paths = (row.changes as Change[]).flatMap(({ path }) => parentsOf(path)).map(pathTerm);
  const requests = [...(row.requestIds as string[]), ...(requestId === null ? [] : [requestId])].map(requestTerm);
  const source = [...(address === null ? [] : [addressTerm(address)]), ...(session === null ? [] : [sessionTerm(session)])];
  return [...new Set([...paths, ...requests, ...source])];
}

export function pathTerm(path: string): string {
  return `path ${fit(path, termLength)}`;
}

export function requestTerm(id: string): string {
  return `request ${fit(id, termLength)}`;
}

export function addressTerm(address: string): string {
  return `address ${address}`;
}

export function sessionTerm(session: string): string {
  return `session ${session}`;
}

/** `spec.rules[tcp 22 0.0.0.0/0].description` is found by itself, by `spec.rules[tcp 22 0.0.0.0/0]`, `spec.rules` and `spec`; '' by ''. */
function parentsOf(path: string): string[] {
  const found = [path];
  let depth = 0;
  for (const [at, letter] of path.split('').entries()) {
    if ((letter === '.' || letter === '[') && depth === 0 && at > 0) found.push(path.slice(0, at));
    if (letter === '[') depth++;
    if (letter === ']') depth--;
  }
  return found;
}

function fit(text: string, length: number): string {
  const letters = clean(text);
  // Both engines count characters, not UTF-16 units.
  if (letters.length <= length) return letters;
  const points = Array.from(letters);
  return points.length <= length ? letters : `${points.slice(0, length - 1).join('')}…`;
}

function fitOptional(text: string | undefined, length: number): string | null {
  return text === undefined ? null : fit(text, length);
}

/** Half surrogates and NUL do not survive the way through a database; hashed as they went in, they would look altered. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** The value as it will be read back. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
