import { permit } from './access.ts';
import { type Answer, answer, listAnswer, objectAnswer } from './answers.ts';
import { type Api, shownAs, type Target } from './api.ts';
import { reviews } from './builtin/reviews.ts';
import { invalidValue } from './causes.ts';
import type { ApiObject, User } from './definition.ts';
import { deleteBody, deletedStatus, deleteOptions, remove } from './deletes.ts';
import { subresourcesOf } from './discovery.ts';
import { planWarnings } from './dry-run-plan.ts';
import { decodeBody, type Incoming, readObject } from './incoming.ts';
import { checkName, compilePatch } from './patches.ts';
import { list, read } from './reads.ts';
import { acceptedForm, includeObject, listOptions, type ResourcePath, writeOptions } from './request.ts';
import { badRequest, invalid, methodNotAllowed, noSuchPath, StatusError } from './status.ts';
import { create, type UpdateOptions, update } from './writes.ts';

/** A request for objects, taken apart. */
export interface ObjectRequest {
  readonly method: string;
  readonly path: ResourcePath;
  readonly query: URLSearchParams;
  readonly accept: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Buffer;
  readonly user: User;
  /** Its dry run belongs to a plan of many objects, which tells more than a plan of this one would. */
  readonly isPartOfPlan: boolean;
}

/** Finds what the path names; throws a Status. */
export function targetOf(api: Api, { path, user }: ObjectRequest): Target {
  const resource = api.resources.find(path.apiVersion, path.plural);
  if (!resource || (path.namespace !== '' && !resource.namespaced)) throw noSuchPath();
  if (path.subresource !== '' && !subresourcesOf(resource).includes(path.subresource)) throw noSuchPath();
  if (path.name !== '' && resource.namespaced && path.namespace === '') throw noSuchPath();
  return { resource, namespace: path.namespace, name: path.name, subresource: path.subresource, user };
}

/** Answers everything but a watch; throws a Status. */
export async function answerObjects(api: Api, request: ObjectRequest): Promise<Answer> {
  const { method, path } = request;
  const review = reviews.find(({ group, version, plural }) => `${group}/${version}` === path.apiVersion && plural === path.plural);
  if (review) return answerReview(api, request, review);
  const target = targetOf(api, request);
  if (target.resource.isReadOnly && method !== 'GET') throw methodNotAllowed();
  if (path.name === '') return answerCollection(api, request, target);
  switch (method) {
    case 'GET':
      return objectAnswer(api, target, acceptedForm(request.accept), includeObject(request.query), await readPermitted(api, target));
    case 'PUT':
      return answerUpdate(api, request, target);
    case 'PATCH':
      return answerPatch(api, request, target);
    case 'DELETE':
      return answerDelete(api, request, target);
    default:
      throw methodNotAllowed();
  }
}

async function answerCollection(api: Api, request: ObjectRequest, target: Target): Promise<Answer> {
  const form = acceptedForm(request.accept);
  const include = includeObject(request.query);
  switch (request.method) {
    case 'GET':
      permit(api, target, 'list', ['all']);
      return listAnswer(api, target, form, include, await list(api, target, listOptions(request.query)));
    case 'POST': {
      if (target.resource.namespaced && target.namespace === '') throw noSuchPath();
      const options = writeOptions(request.query, 'CreateOptions');
      const decoded = decodeBody(request.body, request.contentType, target.resource.kind);
      const incoming = readObject(target.resource, decoded, options.fieldValidation);
      permit(api, { ...target, name: incoming.object.metadata.name }, 'create', [incoming.object], options.isDryRun);
      const object = await create(api, target, incoming, options.isDryRun);
      const more = await planned(api, request, target, { object, isDryRun: options.isDryRun });
      return objectAnswer(api, target, form, include, object, 201, [...incoming.warnings, ...more]);
    }
    case 'DELETE':
      return answerDeleteCollection(api, request, target);
    case 'PUT':
    case 'PATCH':
      throw badRequest('name must be provided');
    default:
      throw methodNotAllowed();
  }
}

async function answerUpdate(api: Api, request: ObjectRequest, target: Target): Promise<Answer> {
  const { resource, name } = target;
  const form = acceptedForm(request.accept);
  const options = writeOptions(request.query, 'UpdateOptions');
  const incoming = readObject(resource, decodeBody(request.body, request.contentType, resource.kind), options.fieldValidation);
  checkName({ metadata: { name, namespace: target.namespace } }, incoming.object);
  const sentUid = incoming.object.metadata.uid;
  const version = incoming.object.metadata.resourceVersion;
  if (version !== undefined && !/^\d{1,15}$/.test(version))
    throw new StatusError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  const change = (before: { metadata: { uid?: string } }): Incoming => {
    if (sentUid !== undefined && sentUid !== before.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${sentUid}, UID in object meta: ${before.metadata.uid}`;
      throw new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${resource.storage} "${name}": ${why}`, {
        name,
        ...(resource.group ? { group: resource.group } : {}),
        kind: resource.plural,
      });
    }
    if (version === undefined && !resource.allowsUnconditionalUpdate) {
      throw invalid(resource.byPlural, name, [invalidValue('metadata.resourceVersion', 0, 'must be specified for an update')]);
    }
    return structuredClone(incoming);
  };
  const { object, warnings } = await updatePermitted(api, target, change, { verb: 'update', isDryRun: options.isDryRun });
  const more = await planned(api, request, target, { object, isDryRun: options.isDryRun });
  return objectAnswer(api, target, form, includeObject(request.query), object, 200, [...warnings, ...more]);
}

async function answerPatch(api: Api, request: ObjectRequest, target: Target): Promise<Answer> {
  const form = acceptedForm(request.accept);
  const options = writeOptions(request.query, 'PatchOptions');
  const change = compilePatch(target.resource, request.body, request.contentType, options.fieldValidation);
  const { object, warnings } = await updatePermitted(api, target, change, { verb: 'patch', isDryRun: options.isDryRun });
  const more = await planned(api, request, target, { object, isDryRun: options.isDryRun });
  return objectAnswer(api, target, form, includeObject(request.query), object, 200, [...warnings, ...more]);
}

async function answerDelete(api: Api, request: ObjectRequest, target: Target): Promise<Answer> {
  if (target.subresource !== '') throw methodNotAllowed();
  const options = deleteOptions(request.query, deleteBody(request.body, request.contentType));
  const deed = { verb: 'delete', isDryRun: options.isDryRun };
  const allow = (before: ApiObject): void => permit(api, target, 'delete', [before], options.isDryRun);
  const { object, isGone } = await orDenied(api, target, deed, () => remove(api, target, { ...options, allow }));
  const form = acceptedForm(request.accept);
  const warnings = await planned(api, request, target, { object, isDryRun: options.isDryRun, isDeletion: true });
  if (isGone) return answer(form, deletedStatus(target, object), 200, warnings);
  return objectAnswer(api, target, form, 'Metadata', object, 200, warnings);
}

/** Whoever may not do this to such an object in any cluster is not told that there is none. */
async function orDenied<T>(api: Api, target: Target, deed: { verb: string; isDryRun: boolean }, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') permit(api, target, deed.verb, ['missing'], deed.isDryRun);
    throw error;
  }
}

function readPermitted(api: Api, target: Target): Promise<ApiObject> {
  return orDenied(api, target, { verb: 'get', isDryRun: false }, async () => {
    const object = await read(api, target);
    permit(api, target, 'get', [object]);
    return object;
  });
}

/** Asks before the change is tried, whose errors tell of the object, and for what comes of it, which may stand elsewhere. */
function updatePermitted(api: Api, target: Target, change: (before: ApiObject) => Incoming, options: UpdateOptions): Promise<Incoming> {
  const { verb, isDryRun } = options;
  const permitted = (before: ApiObject): Incoming => {
    permit(api, target, verb, [before], isDryRun);
    const incoming = change(before);
    permit(api, target, verb, [incoming.object], isDryRun);
    return incoming;
  };
  return orDenied(api, target, options, () => update(api, target, permitted, options));
}

/** What a dry run would come to; nothing of any other write, and it waits for nothing. */
async function planned(
  api: Api,
  { isPartOfPlan }: ObjectRequest,
  target: Target,
  { object, isDryRun, isDeletion = false }: { object: ApiObject; isDryRun: boolean; isDeletion?: boolean },
): Promise<readonly string[]> {
  return isDryRun && !isPartOfPlan ? planWarnings(api, target, { object, isDeletion }) : [];
}

async function answerDeleteCollection(api: Api, request: ObjectRequest, target: Target): Promise<Answer> {
  const { resource } = target;
  const options = deleteOptions(request.query, deleteBody(request.body, request.contentType));
  permit(api, target, 'deletecollection', ['all'], options.isDryRun);
  const page = await list(api, target, listOptions(request.query));
  for (const item of page.items) {
    const one = { ...target, namespace: item.namespace, name: item.name };
    await remove(api, one, options).catch((error: unknown) => {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    });
  }
  const items = page.items.map((item) => shownAs(resource, item));
  const metadata = { resourceVersion: String(page.version) };
  return answer(acceptedForm(request.accept), { kind: `${resource.kind}List`, apiVersion: resource.apiVersion, metadata, items });
}

async function answerReview(api: Api, request: ObjectRequest, review: (typeof reviews)[number]): Promise<Answer> {
  if (request.method !== 'POST') throw methodNotAllowed();
  const { value } = decodeBody(request.body, request.contentType, review.kind);
  const spec: { spec?: unknown } = typeof value === 'object' && value !== null && 'spec' in value ? { spec: value.spec } : {};
  const head = { kind: review.kind, apiVersion: `${review.group}/${review.version}`, metadata: { creationTimestamp: null } };
  return answer(acceptedForm(request.accept), { ...head, ...spec, status: await review.answer(api, request.user, spec.spec) }, 201);
}
