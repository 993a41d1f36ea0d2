import { type Api, shownAs, storageKey, type Target } from './api.ts';
import type { ApiObject } from './definition.ts';
import { Compacted, type StoredObject } from './object-store.ts';
import type { ListOptions } from './request.ts';
import type { Resource } from './resource.ts';
import { type FieldMatch, type LabelMatch, parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { readSnapshot } from './snapshot.ts';
import { badRequest, expired, notFound, versionTooLarge } from './status.ts';

/** Reads one object; throws a Status when there is none. */
export async function read(api: Api, target: Target): Promise<ApiObject> {
  const stored = await api.store.get(storageKey(target));
  if (!stored) throw notFound(target.resource.byPlural, target.name);
  return shownAs(target.resource, stored);
}

/** Whether an object is selected. */
export interface Selection {
  readonly label: LabelMatch | undefined;
  readonly field: FieldMatch | undefined;
}

export function selection(resource: Resource, options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>): Selection {
  return {
    label: parseLabelSelector(options.labelSelector),
    field: parseFieldSelector(options.fieldSelector, resource.fieldNames, resource.isBuiltIn),
  };
}

export function selects(resource: Resource, { label, field }: Selection, object: ApiObject): boolean {
  if (label && !label(object.metadata.labels ?? {})) return false;
  return !field || field(resource.fieldsOf(object));
}

/** A page of a list. Items are stored text where nothing had to look inside, so long lists cost no parsing. */
export interface ListPage {
  readonly version: number;
  readonly items: readonly StoredObject[];
  readonly continue: string;
  readonly remaining: number | undefined;
}

interface Place {
  readonly v: 1;
  readonly rv: number;
  readonly after: { readonly namespace: string; readonly name: string };
}

/** Lists a page; the pages of one list all show the same version. Throws a Status. */
export async function list(api: Api, target: Target, options: ListOptions): Promise<ListPage> {
  const chosen = selection(target.resource, options);
  const place = options.continue === '' ? undefined : parsePlace(options);
  const version = place?.rv ?? (await exactVersion(api, options));
  try {
    return await collect(api, target, options, chosen, place?.after, version);
  } catch (error) {
    if (!(error instanceof Compacted)) throw error;
    if (!place) throw expired(`The resourceVersion for the provided list is too old: ${version} (${error.oldest})`);
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
    );
  }
}

async function exactVersion(api: Api, options: ListOptions): Promise<number | undefined> {
  const { resourceVersion } = options;
  if (resourceVersion === undefined || resourceVersion === 0) return undefined;
  const current = await api.store.version();
  if (resourceVersion > current) throw versionTooLarge(resourceVersion, current);
  // A limit with a version and no match means that version, as in Kubernetes.
  return options.match === 'Exact' || (options.match === '' && options.limit !== undefined) ? resourceVersion : undefined;
}

async function collect(
  api: Api,
  target: Target,
  options: ListOptions,
  chosen: Selection,
  from: Place['after'] | undefined,
  version: number | undefined,
): Promise<ListPage> {
  const { resource, namespace } = target;
  const { limit } = options;
  const isAll = !chosen.label && !chosen.field;
  const items: StoredObject[] = [];
  const scope = namespace === '' ? {} : { namespace };
  const chunk = limit === undefined ? undefined : isAll ? limit : Math.max(limit, 500);
  let at = version;
  for (let after = from; ; ) {
    const range = { ...scope, ...(after ? { after } : {}), ...(chunk === undefined ? {} : { limit: chunk }) };
    const page = await readSnapshot(api.store, resource.storage, range, at);
    at = page.version;
    for (const [index, item] of page.items.entries()) {
      if (!isAll && !selects(resource, chosen, shownAs(resource, item))) continue;
      items.push(item);
      const isLast = index === page.items.length - 1 && !page.next;
      if (items.length === limit && !isLast) return cut(api, resource, scope, items, at, isAll);
    }
    if (!page.next) return { version: at, items, continue: '', remaining: undefined };
    after = page.next.after;
  }
}

async function cut(
  api: Api,
  resource: Resource,
  scope: { namespace?: string },
  items: StoredObject[],
  rv: number,
  isAll: boolean,
): Promise<ListPage> {
  const last = items.at(-1);
  const after = { namespace: last?.namespace ?? '', name: last?.name ?? '' };
  const place: Place = { v: 1, rv, after };
  const remaining = isAll ? await api.store.count(resource.storage, { ...scope, after }) : undefined;
  return { version: rv, items, continue: Buffer.from(JSON.stringify(place)).toString('base64url'), remaining };
}

function parsePlace(options: ListOptions): Place {
  if (options.resourceVersion !== undefined && options.resourceVersion !== 0) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  try {
    const place = JSON.parse(Buffer.from(options.continue, 'base64url').toString('utf8')) as Partial<Place>;
    if (
      place.v === 1 &&
      Number.isSafeInteger(place.rv) &&
      typeof place.after?.name === 'string' &&
      typeof place.after.namespace === 'string'
    )
      return place as Place;
  } catch {
    // Told below, whatever was wrong with it.
  }
  throw badRequest('invalid continue token: continue key is not valid: it was not given out by this server');
}
