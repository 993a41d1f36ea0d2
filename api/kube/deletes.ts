import { type Api, shownAs, storageKey, storedBody, type Target, timestamp } from './api.ts';
import { unsupported } from './causes.ts';
import type { ApiObject } from './definition.ts';
import { VersionConflict } from './object-store.ts';
import { decodeProtobuf } from './protobuf.ts';
import { dryRun } from './request.ts';
import { isRecord, scalar } from './schema.ts';
import { badRequest, conflict, forbidden, invalidOptions, modified, notFound } from './status.ts';
import { isKept, tell } from './writes.ts';

/** What a delete request asks for; the propagation policy is accepted and has no effect, as nothing is collected by owner here. */
export interface DeleteOptions {
  readonly isDryRun: boolean;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Asked before anything is done to the object; throws a Status when it must not be. */
  allow?(before: ApiObject): void;
}

const protobufType = 'application/vnd.kubernetes.protobuf';
const policies = ['Foreground', 'Background', 'Orphan'];
const protectedNamespaces = new Set(['default', 'kube-system']);

/** Reads DeleteOptions from query and body; throws a Status. */
export function deleteOptions(query: URLSearchParams, body: unknown): DeleteOptions {
  const sent = isRecord(body) ? body : {};
  const policy = sent.propagationPolicy ?? query.get('propagationPolicy');
  if (policy !== undefined && policy !== null && policy !== '' && !policies.includes(scalar(policy))) {
    throw invalidOptions('DeleteOptions', unsupported('propagationPolicy', policy, [...policies, 'nil']));
  }
  const dry = Array.isArray(sent.dryRun) ? sent.dryRun.map(String) : query.getAll('dryRun');
  const conditions = isRecord(sent.preconditions) ? sent.preconditions : {};
  return {
    isDryRun: dryRun(dry, 'DeleteOptions'),
    ...(typeof conditions.uid === 'string' ? { uid: conditions.uid } : {}),
    ...(typeof conditions.resourceVersion === 'string' ? { resourceVersion: conditions.resourceVersion } : {}),
  };
}

/**
 * Deletes the object, or marks it for deletion while finalizers keep it. Returns its last or present state and whether it is gone.
 * Throws a Status.
 */
export async function remove(api: Api, target: Target, options: DeleteOptions): Promise<{ object: ApiObject; isGone: boolean }> {
  const { resource, name } = target;
  for (let attempt = 1; ; attempt += 1) {
    const stored = await api.store.get(storageKey(target));
    if (!stored) throw notFound(resource.byPlural, name);
    if (resource.storage === 'namespaces' && protectedNamespaces.has(name)) {
      throw forbidden(resource.byPlural, name, 'this namespace may not be deleted');
    }
    const before = shownAs(resource, stored);
    options.allow?.(before);
    checkConditions(target, before, options);
    const isGone = !isKept(resource, before);
    if (options.isDryRun || (before.metadata.deletionTimestamp && !isGone)) return { object: before, isGone };
    const after = isGone ? before : marked(api, target, before);
    try {
      const written = await api.store.write({
        op: isGone ? 'delete' : 'replace',
        key: storageKey(target),
        uid: stored.uid,
        expected: stored.resourceVersion,
        at: api.clock.now(),
        by: target.user,
        body: (version) => storedBody(resource, after, version),
      });
      const object = shownAs(resource, written);
      await tell(api, target, 'delete', before, isGone ? undefined : object);
      return { object, isGone };
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      if (attempt >= 50) throw modified(resource.byPlural, name);
    }
  }
}

function checkConditions(target: Target, before: ApiObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = before.metadata;
  const { byKind } = target.resource;
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(byKind, target.name, why);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(byKind, target.name, why);
  }
}

function marked(api: Api, target: Target, before: ApiObject): ApiObject {
  const { generation } = before.metadata;
  const after: ApiObject = {
    ...before,
    metadata: {
      ...before.metadata,
      deletionTimestamp: timestamp(api.clock),
      deletionGracePeriodSeconds: 0,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
    },
  };
  target.resource.terminate?.(after);
  return after;
}

/** Parses the optional body of a delete; throws a Status. */
export function deleteBody(body: Buffer, contentType: string | undefined): unknown {
  if (body.length === 0) return undefined;
  if (contentType === protobufType) return decodeProtobuf(body);
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw badRequest('the DeleteOptions in the body are not valid JSON');
  }
}

/** The answer to a delete that is done. */
export function deletedStatus(target: Target, object: ApiObject): object {
  const { group, plural } = target.resource;
  const uid = object.metadata.uid ?? '';
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: target.name, ...(group ? { group } : {}), kind: plural, uid },
  };
}
