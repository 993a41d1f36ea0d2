import type { Clock } from '#controller/engine/ports.ts';
import type { Authorize } from './access.ts';
import type { ApiObject, User } from './definition.ts';
import type { PlanOf } from './dry-run-plan.ts';
import type { EventLog } from './event-log.ts';
import type { ObjectKey, ObjectStore, StoredObject } from './object-store.ts';
import type { Resource, ResourceTable } from './resource.ts';

/** A write that was carried out, for the audit; the data of secrets is masked. */
export interface ObjectChange {
  readonly user: User;
  readonly verb: 'create' | 'update' | 'patch' | 'delete';
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly before?: ApiObject;
  /** Absent when the object is gone. */
  readonly after?: ApiObject;
}

/** What every part of the API works with. */
export interface Api {
  readonly store: ObjectStore;
  readonly log: EventLog;
  readonly resources: ResourceTable;
  readonly clock: Clock;
  newId(): string;
  /** Tells the audit; MUST NOT throw. */
  changed(change: ObjectChange): Promise<void>;
  /** Undefined: everybody who is known may everything. */
  readonly authorize?: Authorize;
  readonly planOf?: PlanOf;
  planFailed?(error: unknown): void;
}

/** One object, or the collection when `name` is ''. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly user: User;
}

export function storageKey(target: Pick<Target, 'resource' | 'namespace' | 'name'>): ObjectKey {
  return { resource: target.resource.storage, namespace: target.namespace, name: target.name };
}

/** A stored object in its stored form. */
export function parseStored(stored: Pick<StoredObject, 'body'>): ApiObject {
  return JSON.parse(stored.body) as ApiObject;
}

/** A stored object in the form of the group it was asked through. */
export function shownAs(resource: Resource, stored: Pick<StoredObject, 'body'>): ApiObject {
  const object = parseStored(stored);
  return resource.view ? resource.view.read(object) : object;
}

/** Text to store: the object in its stored form, with its version. */
export function storedBody(resource: Resource, object: ApiObject, resourceVersion: number): string {
  const { apiVersion, kind, metadata, ...rest } = resource.view ? resource.view.write(object) : object;
  return JSON.stringify({ apiVersion, kind, metadata: { ...metadata, resourceVersion: String(resourceVersion) }, ...rest });
}

/** RFC 3339 in whole seconds, as Kubernetes stamps objects. */
export function timestamp(clock: Clock): string {
  return new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
}
