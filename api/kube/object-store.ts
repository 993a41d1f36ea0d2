import type { User } from './definition.ts';

/** Where objects live. Bodies are JSON text: the store neither reads nor changes them. */
export interface ObjectStore {
  /** The object, or undefined. */
  get(key: ObjectKey): Promise<StoredObject | undefined>;

  /** Objects of one resource as they are now, ordered by namespace, then name. */
  page(resource: string, range: Range): Promise<StoredObject[]>;

  /** How many `page` would give without its limit. */
  count(resource: string, range: Omit<Range, 'limit'>): Promise<number>;

  /**
   * Writes object and event in one transaction and gives the write the next version of the whole store. Commit order MUST be version
   * order, also between processes: a reader that has seen version n has seen every version below.
   * Throws VersionConflict, AlreadyStored or NamespaceClosed; nothing is written then.
   */
  write(write: Write): Promise<StoredObject>;

  /** The newest committed version; 0 in an empty store. */
  version(): Promise<number>;

  /** Events with a version above `after`, oldest first, at most `limit`. Throws Compacted when some of them are gone. */
  events(after: number, limit: number): Promise<StoredEvent[]>;

  /** Forgets all events but the newest `keep`, and those older than `before` (epoch ms) even among these. */
  compact(keep: number, before: number): Promise<void>;

  /** Calls back soon after a write of this process; the returned function ends it. */
  onWrite(call: () => void): () => void;
}

export interface ObjectKey {
  /** `widgets.demo.stackwarden.io`; `secrets` for the core group. */
  readonly resource: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

export interface Range {
  readonly namespace?: string;
  /** Only keys behind this one. */
  readonly after?: { readonly namespace: string; readonly name: string };
  readonly limit?: number;
}

export interface StoredObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: number;
  readonly body: string;
}

export interface StoredEvent {
  readonly resourceVersion: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** The object after the write; of a deletion, its last state with the version of the deletion. */
  readonly body: string;
  /** The object before the write; absent for ADDED. */
  readonly previous?: string;
}

interface WriteBase {
  readonly key: ObjectKey;
  readonly uid: string;
  /** The body to store at this version. MUST have no side effects: the transaction may run more than once. */
  body(resourceVersion: number): string;
  /** Epoch ms; the age of the event. */
  readonly at: number;
  /** Who writes; absent when it is this server itself. */
  readonly by?: User;
}

export type Write =
  | (WriteBase & {
      readonly op: 'create';
      /** This object MUST exist and its body carry no `deletionTimestamp`, in the same transaction (the namespace written into). */
      readonly within?: ObjectKey;
    })
  | (WriteBase & { readonly op: 'replace' | 'delete' /** The version it MUST still have. */; readonly expected: number });

/** A write as it was carried out, while its transaction is still open. */
export interface Commit {
  readonly key: ObjectKey;
  readonly at: number;
  readonly by?: User;
  /** Absent for a create. */
  readonly before?: StoredObject;
  /** Of a deletion, the last state with the version of the deletion. */
  readonly after: StoredObject;
  readonly isGone: boolean;
}

/** Somebody else wrote or deleted the object first. */
export class VersionConflict extends Error {
  constructor(key: ObjectKey) {
    super(`${key.resource} ${key.namespace}/${key.name} was written by someone else`);
  }
}

export class AlreadyStored extends Error {
  constructor(key: ObjectKey) {
    super(`${key.resource} ${key.namespace}/${key.name} exists already`);
  }
}

/** The namespace written into is missing or on its way out. */
export class NamespaceClosed extends Error {
  readonly state: 'missing' | 'terminating';
  constructor(state: 'missing' | 'terminating') {
    super(`the namespace is ${state}`);
    this.state = state;
  }
}

/** Events asked for were compacted away. */
export class Compacted extends Error {
  readonly oldest: number;
  /** `oldest`: the lowest version one can still read on from. */
  constructor(oldest: number) {
    super(`events up to version ${oldest} are no longer kept`);
    this.oldest = oldest;
  }
}

/** Whether a stored body is marked for deletion; cheap enough for a transaction. */
export function isTerminating(body: string): boolean {
  const { metadata } = JSON.parse(body) as { metadata?: { deletionTimestamp?: string } };
  return metadata?.deletionTimestamp !== undefined;
}
