import type { Json, JsonObject } from './json.ts';
import type { KubeObject } from './object.ts';

/** Where objects of one kind live in the Kubernetes API. `group` is '' for the core group. */
export interface ResourceName {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Names one object of a resource; `namespace` is '' for cluster-scoped ones. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** All the engine asks of Kubernetes. Every method throws KubeError for an answer outside 2xx and for every failure on the way. */
export interface KubeApi {
  list(resource: ResourceName, page: { readonly limit?: number; readonly continue?: string }): Promise<ListPage>;

  /**
   * Calls `on` for every event until the server ends the watch, then resolves. Rejects on 410 (KubeError.status), a broken
   * connection, or an answer that is no event. Ends soon after `signal` aborts.
   */
  watch(resource: ResourceName, options: WatchOptions, on: (event: WatchEvent) => void): Promise<void>;

  /** undefined when there is no such object. */
  get(resource: ResourceName, name: ObjectName): Promise<KubeObject | undefined>;

  /**
   * Merges `status` into the object's status (null removes a field). MUST be refused with a conflict when the object was
   * re-created (other uid) and, with `locked`, when anything in it changed since `object` was read.
   */
  patchStatus(resource: ResourceName, object: KubeObject, status: JsonObject, options?: { readonly locked?: boolean }): Promise<KubeObject>;

  /** Sets the list of finalizers; refused with a conflict when the object is not the one that was read. */
  patchFinalizers(resource: ResourceName, object: KubeObject, finalizers: readonly string[]): Promise<KubeObject>;

  /** The decoded data of a Secret; undefined when there is none of this name. */
  readSecret(name: ObjectName): Promise<SecretData | undefined>;

  createEvent(event: JsonObject & { readonly metadata: { readonly namespace: string; readonly name: string } }): Promise<void>;
  patchEvent(name: ObjectName, patch: JsonObject): Promise<void>;
}

/** Values may be no text. */
export type SecretData = Readonly<Record<string, Buffer>>;

export interface ListPage {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Token of the next page; absent on the last. */
  readonly continue?: string;
}

export interface WatchOptions {
  readonly resourceVersion: string;
  readonly bookmarks: boolean;
  /** After this many seconds the server ends the watch. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/** What Kubernetes answered, or why there was no answer. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** CamelCase, as Kubernetes words it: `NotFound`, `Conflict`, `Expired`; `Unreachable` and `Malformed` are ours. */
  readonly reason: string;
  readonly details: Json;

  constructor(status: number, reason: string, message: string, options: { details?: Json; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.reason = reason;
    this.details = options.details ?? null;
  }
}

/** The version asked for is no longer kept: list again. */
export function isExpired(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 410 || error.reason === 'Expired');
}

export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404;
}

/**
 * Somebody changed or re-created the object since it was read: look again. Real servers (1.36) refuse a patch that names another uid with
 * 422 "field is immutable" unless the version differs too (409), and new finalizers on an object being deleted with 422.
 */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false;
  if (error.status === 409) return true;
  return error.status === 422 && /metadata\.(uid|finalizers|resourceVersion)/.test(error.message);
}
