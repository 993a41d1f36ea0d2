import type { ObjectPlan, PlannedAction } from '#controller/engine/set-plan.ts';
import type { RecordedWrite } from '#tests/parts/recording-proxy.ts';

/** What was done to each object's cloud resource, or is to be done: `Volume/data` -> `update`. */
export type Deeds = ReadonlyMap<string, string>;

const deedOf: Partial<Record<PlannedAction, string>> = {
  create: 'create',
  adopt: 'update',
  update: 'update',
  rebuild: 'rebuild',
  replace: 'replace',
  delete: 'delete',
};

/**
 * What a plan announces to be written. A `create` is one POST to the collection and whatever completes the resource; `update` is any write to
 * the resource or a part of it (rules of a group, ports and attachments of a server), and neither makes nor removes it; `rebuild` is that
 * with the action of this name; `replace` is one DELETE of the old and one POST; `delete` is one DELETE. Of every other object nothing is
 * written.
 */
export function announced(plans: readonly ObjectPlan[]): Deeds {
  return sorted(plans.flatMap(({ kind, name, action }) => (deedOf[action] ? [[`${kind}/${name}`, deedOf[action]] as const] : [])));
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
  /** The group a rule is or was in. */
  groupOf(ruleId: string): string | undefined;
  /** The server a port is on; undefined for another port. */
  serverOf(portId: string): string | undefined;
}

/** What the cloud was made to do, object by object; writes to what no object stands for are told by their path. */
export function carriedOut(writes: readonly RecordedWrite[], names: Names): Deeds {
  const done = new Map<string, { created: Set<string>; deleted: Set<string>; isRebuilt: boolean }>();
  for (const write of writes) {
    const { id, isCreate, isDelete } = targetOf(write, names);
    const object = names.objectOf(id) ?? `${write.method} ${write.path}`;
    const deeds = done.get(object) ?? { created: new Set(), deleted: new Set(), isRebuilt: false };
    if (isCreate) deeds.created.add(id);
    if (isDelete) deeds.deleted.add(id);
    if (isRecord(write.sent) && 'rebuild' in write.sent) deeds.isRebuilt = true;
    done.set(object, deeds);
  }
  return sorted([...done].map(([object, deeds]) => [object, worded(deeds)] as const));
}

function worded({ created, deleted, isRebuilt }: { created: Set<string>; deleted: Set<string>; isRebuilt: boolean }): string {
  if (created.size > 1 || deleted.size > 1) return `create ${created.size} times, delete ${deleted.size} times`;
  if (created.size === 1) return deleted.size === 1 ? 'replace' : 'create';
  if (deleted.size === 1) return 'delete';
  return isRebuilt ? 'rebuild' : 'update';
}

function targetOf(write: RecordedWrite, names: Names) {
  const [, collection = '', id = '', part] = place.exec(write.path) ?? [];
  const none = { isCreate: false, isDelete: false };
  if (collection === 'security-group-rules') return { id: id ? (names.groupOf(id) ?? id) : groupSent(write.sent), ...none };
  const server = collection === 'ports' ? names.serverOf(id) : undefined;
  if (server) return { id: server, ...none };
  if (id === '') return { id: idMade(write.answered, collection), isCreate: write.method === 'POST', isDelete: false };
  return { id: decodeURIComponent(id), isCreate: false, isDelete: write.method === 'DELETE' && part === undefined };
}

/**
 * The cloud id a write is about (of a rule that is made, its group's; of a resource that is made, its own), and the id it made. An empty
 * text: none that could be told.
 */
export function idsOf(write: RecordedWrite): { target: string; made: string } {
  const nobody = () => undefined;
  const { id, isCreate } = targetOf(write, { objectOf: nobody, serverOf: nobody, groupOf: nobody });
  const image = isRecord(write.answered) ? write.answered['image_id'] : undefined;
  if (typeof image === 'string') return { target: id, made: image };
  return { target: id, made: isCreate ? id : '' };
}

/** Of `{network: {id}}`, and of an image, which stands bare; a key pair's id is its name. */
function idMade(answered: unknown, collection: string): string {
  const [inside] = isRecord(answered) ? Object.values(answered) : [];
  const made = collection === 'images' ? answered : inside;
  if (!isRecord(made)) return '';
  const id = made[collection === 'os-keypairs' ? 'name' : 'id'];
  return typeof id === 'string' ? id : '';
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
