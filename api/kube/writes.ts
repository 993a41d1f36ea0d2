import { isDeepStrictEqual } from 'node:util';
import { type Api, type ObjectChange, parseStored, shownAs, storageKey, storedBody, type Target, timestamp } from './api.ts';
import type { ApiObject, ObjectMeta } from './definition.ts';
import { checkObject, type Incoming } from './incoming.ts';
import { checkMetadataUpdate } from './metadata-check.ts';
import { AlreadyStored, NamespaceClosed, type StoredObject, VersionConflict, type Write } from './object-store.ts';
import type { Resource } from './resource.ts';
import { alreadyExists, badRequest, forbidden, modified, notFound, StatusError } from './status.ts';

const namespacesKey = 'namespaces';
const nameAttempts = 8;
const conflictAttempts = 50;

/** Creates the object; throws a Status. The result has no resourceVersion after a dry run. */
export async function create(api: Api, target: Target, incoming: Incoming, isDryRun: boolean): Promise<ApiObject> {
  const { resource, namespace } = target;
  const { object } = incoming;
  const { metadata } = object;
  if ((metadata.namespace ?? '') !== '' && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (metadata.resourceVersion) throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  const isGenerated = metadata.name === '' && (metadata.generateName ?? '') !== '';
  for (let attempt = 1; ; attempt += 1) {
    const name = isGenerated ? generatedName(metadata.generateName ?? '') : metadata.name;
    const born = birth(api, resource, object, name, namespace);
    try {
      return await store(api, { ...target, name }, born, isDryRun);
    } catch (error) {
      if (!isGenerated || attempt >= nameAttempts || !(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error;
    }
  }
}

/** The object as it enters the world: system fields set, what a client may not set removed. */
function birth(api: Api, resource: Resource, object: ApiObject, name: string, namespace: string): ApiObject {
  const { generateName, labels, annotations, finalizers, ownerReferences } = object.metadata;
  const metadata: ObjectMeta = {
    name,
    ...(generateName ? { generateName } : {}),
    ...(namespace ? { namespace } : {}),
    uid: api.newId(),
    creationTimestamp: timestamp(api.clock),
    ...(resource.hasGeneration ? { generation: 1 } : {}),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(finalizers ? { finalizers } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
  };
  const born: ApiObject = { ...object, metadata };
  if (resource.status) delete born.status;
  resource.normalize?.(born);
  checkObject(resource, born);
  return born;
}

async function store(api: Api, target: Target, object: ApiObject, isDryRun: boolean): Promise<ApiObject> {
  const { resource, namespace, name } = target;
  const key = storageKey(target);
  const within = namespace ? { resource: namespacesKey, namespace: '', name: namespace } : undefined;
  if (isDryRun) {
    await checkFree(api, target);
    return object;
  }
  const uid = object.metadata.uid ?? '';
  const write: Write = {
    op: 'create',
    key,
    uid,
    at: api.clock.now(),
    by: target.user,
    body: (version) => storedBody(resource, object, version),
    ...(within ? { within } : {}),
  };
  try {
    const stored = await api.store.write(write);
    const after = shownAs(resource, stored);
    await tell(api, target, 'create', undefined, after);
    return after;
  } catch (error) {
    if (error instanceof AlreadyStored) throw alreadyExists(resource.byPlural, name);
    if (error instanceof NamespaceClosed) throw closed(error, target);
    throw error;
  }
}

/** The checks of a real create, for a dry run. */
async function checkFree(api: Api, target: Target): Promise<void> {
  if (target.namespace) {
    const namespace = await api.store.get({ resource: namespacesKey, namespace: '', name: target.namespace });
    if (!namespace) throw closed(new NamespaceClosed('missing'), target);
    if (parseStored(namespace).metadata.deletionTimestamp) throw closed(new NamespaceClosed('terminating'), target);
  }
  if (await api.store.get(storageKey(target))) throw alreadyExists(target.resource.byPlural, target.name);
}

function closed(error: NamespaceClosed, target: Target): StatusError {
  const { resource, namespace, name } = target;
  if (error.state === 'missing') return notFound({ group: '', resource: 'namespaces' }, namespace);
  const causes = [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }];
  return forbidden(
    resource.byPlural,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    causes,
  );
}

function generatedName(prefix: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const random = crypto.getRandomValues(new Uint8Array(5));
  return prefix.slice(0, 248) + [...random].map((byte) => alphabet[byte % alphabet.length]).join('');
}

export interface UpdateOptions {
  readonly verb: 'update' | 'patch';
  readonly isDryRun: boolean;
  /** Whether the object MUST carry the version it was read at. */
  readonly needsVersion?: boolean;
}

/**
 * Changes the object: `change` gets it as it is and returns what it is to become; it is asked again when someone else wrote meanwhile and the
 * result names no version. A write that changes nothing writes nothing. Throws a Status.
 */
export async function update(api: Api, target: Target, change: (before: ApiObject) => Incoming, options: UpdateOptions): Promise<Incoming> {
  const { resource, name } = target;
  for (let attempt = 1; ; attempt += 1) {
    const stored = await api.store.get(storageKey(target));
    if (!stored) throw notFound(resource.byPlural, name);
    const before = shownAs(resource, stored);
    const { object, warnings } = change(structuredClone(before));
    const asked = object.metadata.resourceVersion ?? '';
    if (asked !== '' && asked !== before.metadata.resourceVersion) throw modified(resource.byPlural, name);
    const after = settle(resource, target.subresource, before, object);
    if (isDeepStrictEqual(after, before)) return { object: before, warnings };
    if (options.isDryRun) return { object: after, warnings };
    try {
      return { object: await replace(api, target, stored, before, after, options.verb), warnings };
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      if (attempt >= conflictAttempts) throw modified(resource.byPlural, name);
    }
  }
}

/** What is written when `object` was asked for: system fields kept, only the parts the (sub)resource owns taken over, checked. */
function settle(resource: Resource, subresource: string, before: ApiObject, object: ApiObject): ApiObject {
  const { metadata: old } = before;
  if (subresource !== '') {
    const part = subresource === 'status' ? 'status' : 'spec';
    const { [part]: _replaced, ...rest } = before;
    const after: ApiObject = { ...rest, ...(object[part] === undefined ? {} : { [part]: object[part] }) };
    checkObject(resource, after, before);
    return after;
  }
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = old;
  const metadata: ObjectMeta = {
    ...object.metadata,
    name: old.name,
    ...(old.resourceVersion ? { resourceVersion: old.resourceVersion } : {}),
  };
  for (const [key, value] of Object.entries({ deletionTimestamp, deletionGracePeriodSeconds, generation })) {
    if (value === undefined) delete metadata[key as 'generation'];
    else Object.assign(metadata, { [key]: value });
  }
  if (old.namespace) metadata.namespace = old.namespace;
  if (old.generateName) metadata.generateName = old.generateName;
  metadata.uid ||= old.uid ?? '';
  metadata.creationTimestamp ||= old.creationTimestamp ?? '';
  const after: ApiObject = { ...object, metadata };
  if (resource.status && before.status !== undefined) after.status = before.status;
  if (resource.status && before.status === undefined) delete after.status;
  resource.normalize?.(after, before);
  checkObject(resource, after, before, checkMetadataUpdate(old, metadata));
  if (resource.hasGeneration && generation !== undefined && isOtherContent(before, after)) metadata.generation = generation + 1;
  return after;
}

function isOtherContent(before: ApiObject, after: ApiObject): boolean {
  const { metadata: _m1, status: _s1, ...old } = before;
  const { metadata: _m2, status: _s2, ...now } = after;
  return !isDeepStrictEqual(old, now);
}

/** Writes the new state, or removes the object when this write took away the last thing that kept it. */
async function replace(
  api: Api,
  target: Target,
  stored: StoredObject,
  before: ApiObject,
  after: ApiObject,
  verb: 'update' | 'patch',
): Promise<ApiObject> {
  const { resource } = target;
  const isLast = after.metadata.deletionTimestamp !== undefined && !isKept(resource, after);
  const written = await api.store.write({
    op: isLast ? 'delete' : 'replace',
    key: storageKey(target),
    uid: stored.uid,
    expected: stored.resourceVersion,
    at: api.clock.now(),
    by: target.user,
    body: (version) => storedBody(resource, after, version),
  });
  const shown = shownAs(resource, written);
  await tell(api, target, verb, before, isLast ? undefined : shown);
  return shown;
}

export function isKept(resource: Resource, object: ApiObject): boolean {
  return (object.metadata.finalizers ?? []).length > 0 || (resource.isHeld?.(object) ?? false);
}

/** Tells the audit; what it is told of secrets has no data. */
export async function tell(
  api: Api,
  target: Target,
  verb: ObjectChange['verb'],
  before: ApiObject | undefined,
  after: ApiObject | undefined,
): Promise<void> {
  const { resource, namespace, name, subresource, user } = target;
  const mask = resource.storage === 'secrets' ? masked : (object: ApiObject): ApiObject => object;
  await api.changed({
    user,
    verb,
    group: resource.group,
    resource: resource.plural,
    namespace,
    name,
    subresource,
    ...(before ? { before: mask(before) } : {}),
    ...(after ? { after: mask(after) } : {}),
  });
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function masked(secret: ApiObject): ApiObject {
  const { [lastApplied]: _data, ...annotations } = secret.metadata.annotations ?? {};
  const data = Object.fromEntries(Object.keys((secret.data as object | undefined) ?? {}).map((key) => [key, '***']));
  return { ...secret, metadata: { ...secret.metadata, annotations }, data };
}
