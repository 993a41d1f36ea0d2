import type { ObjectPlan, PlannedAction } from '#controller/engine/set-plan.ts';
import type { RecordedWrite } from '#tests/parts/recording-proxy.ts';

/** What was done to each object's cloud resource, or is to be done: `Volume/data` -> `update`. */
export type Deeds = ReadonlyMap<string, string>;

const deedOf: Partial<Record<PlannedAction, string>> = {
  create: 'create',
  update: 'update',
  rebuild: 'rebuild',
  replace: 'replace',
  delete: 'delete',
};

/** Kinds that carry no stamp: taken over as they are, nothing is written to them. */
const stampless = new Set(['KeyPair', 'ServerGroup']);

/**
 * What a plan announces to be written. A `create` is one POST to the collection and whatever completes the resource; `update` is any write to
 * the resource or a part of it (rules of a group, ports and attachments of a server), and neither makes nor removes it; `adopt` is one of
 * these too, for the stamp; `rebuild` is that with the action of this name; `replace` is one DELETE of the old and one POST; `delete` is one
 * DELETE. Of every other object nothing is written.
 */
export function announced(plans: readonly ObjectPlan[]): Deeds {
  const deeds = plans.map(({ kind, name, action, changes }) => {
    const isStamped = action === 'adopt' && (changes.length > 0 || !stampless.has(kind));
    return [`${kind}/${name}`, isStamped ? 'update' : deedOf[action]] as const;
  });
  return sorted(deeds.flatMap(([object, deed]) => (deed ? [[object, deed] as const] : [])));
}

const collections = [
  'networks',
  'subnets',
  'routers',
  'ports',
  'floatingips',
  'security-groups',
  'security-group-rules',
  'servers',
  'os-keypairs',
  'os-server-groups',
  'volumes',
  'snapshots',
  'images',
].join('|');
const place = new RegExp(`/(${collections})(?:/([^/]+))?(?:/(.+))?$`);

export interface Names {
  /** `Kind/name` of the object that stood or stands for this cloud id. */
  objectOf(id: string): string | undefined;
  /**
   * What this is a part of and has no object of its own: the group a rule is or was in, the server a port is on, the image a snapshot of a
   * volume was made along with.
   */
  wholeOf(id: string): string | undefined;
}

/** What the cloud was made to do, object by object; writes to what no object stands for are told by their path. */
export function carriedOut(writes: readonly RecordedWrite[], names: Names): Deeds {
  const done = new Map<string, Done>();
  const doneTo = (object: string): Done => {
    const known = done.get(object) ?? { created: new Set(), deleted: new Set(), isRebuilt: false };
    done.set(object, known);
    return known;
  };
  for (const write of writes) {
    const { id, isCreate, isDelete } = targetOf(write, names);
    const deeds = doneTo(names.objectOf(id) ?? `${write.method} ${write.path}`);
    if (isCreate) deeds.created.add(id);
    if (isDelete) deeds.deleted.add(id);
    if (isRecord(write.sent) && 'rebuild' in write.sent) deeds.isRebuilt = true;
    const port = takenAlong(write);
    const declared = port === undefined ? undefined : names.objectOf(port);
    if (port !== undefined && declared !== undefined) doneTo(declared).deleted.add(port);
  }
  return sorted([...done].map(([object, deeds]) => [object, worded(deeds)] as const));
}

interface Done {
  readonly created: Set<string>;
  readonly deleted: Set<string>;
  isRebuilt: boolean;
}

function worded({ created, deleted, isRebuilt }: Done): string {
  if (created.size > 1 || deleted.size > 1) return `create ${created.size} times, delete ${deleted.size} times`;
  if (created.size === 1) return deleted.size === 1 ? 'replace' : 'create';
  if (deleted.size === 1) return 'delete';
  return isRebuilt ? 'rebuild' : 'update';
}

function targetOf(write: RecordedWrite, names: Names) {
  const [, collection = '', id = '', part] = place.exec(write.path) ?? [];
  const none = { isCreate: false, isDelete: false };
  const image = imageOfServer(write);
  if (image !== undefined) return { id: image, isCreate: true, isDelete: false };
  const whole = names.objectOf(id) === undefined ? names.wholeOf(id) : undefined;
  if (whole !== undefined) return { id: whole, ...none };
  if (collection === 'security-group-rules') return { id: id || groupSent(write.sent), ...none };
  if (id === '') return { id: idMade(write.answered, collection), isCreate: write.method === 'POST', isDelete: false };
  return { id: decodeURIComponent(id), isCreate: false, isDelete: write.method === 'DELETE' && part === undefined };
}

/**
 * The cloud id a write is about (of a rule that is made, its group's; of a resource that is made, its own), and the id it made. An empty
 * text: none that could be told.
 */
export function idsOf(write: RecordedWrite): { target: string; made: string } {
  const nobody = () => undefined;
  const { id, isCreate } = targetOf(write, { objectOf: nobody, wholeOf: nobody });
  const image = imageOfServer(write);
  if (image !== undefined) return { target: place.exec(write.path)?.[2] ?? '', made: image };
  return { target: id, made: isCreate ? id : '' };
}

/** The image Nova makes of a server. */
function imageOfServer({ sent, answered }: RecordedWrite): string | undefined {
  if (!isRecord(sent) || !('createImage' in sent) || !isRecord(answered)) return undefined;
  return String(answered['image_id']);
}

/** Of `{network: {id}}`, or of `{id}` as Glance says it; a key pair's id is its name. */
function idMade(answered: unknown, collection: string): string {
  if (!isRecord(answered)) return '';
  const made = collection === 'images' ? answered : Object.values(answered)[0];
  if (!isRecord(made)) return '';
  const id = made[collection === 'os-keypairs' ? 'name' : 'id'];
  return typeof id === 'string' ? id : '';
}

/** Ports that go with the interface of a router that is unplugged. */
function takenAlong({ path, answered }: RecordedWrite): string | undefined {
  return path.endsWith('/remove_router_interface') && isRecord(answered) ? String(answered['port_id']) : undefined;
}

function groupSent(sent: unknown): string {
  const [body] = isRecord(sent) ? Object.values(sent) : [];
  const rule: unknown = Array.isArray(body) ? body[0] : body;
  return isRecord(rule) ? String(rule['security_group_id']) : '';
}

/** Which group each rule is of, as far as the cloud's answers told. */
export function groupsOfRules(writes: readonly RecordedWrite[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const keep = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) keep(each);
    if (!isRecord(value)) return;
    if (typeof value['security_group_id'] === 'string' && typeof value['id'] === 'string')
      found.set(value['id'], value['security_group_id']);
    for (const each of Object.values(value)) if (typeof each === 'object') keep(each);
  };
  for (const { answered } of writes) keep(answered);
  return found;
}

function sorted(entries: readonly (readonly [string, string])[]): Deeds {
  return new Map([...entries].toSorted(([one], [other]) => one.localeCompare(other)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
