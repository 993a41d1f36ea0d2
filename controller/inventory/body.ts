import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ResourceType } from './inventory.ts';

/** Fields that may hold credentials or personal data; they enter neither memory nor database. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'adminPass',
  'private_key',
  'user_data',
  'OS-EXT-SRV-ATTR:user_data',
  // Glance shows where the bits are, for some stores with the store's password in the URL.
  'direct_url',
  'locations',
]);

/** Fields that only one kind of answer shows and nobody needs, so that how we looked never reads as a change. */
const FIELDS_OF_ONE_VIEW: Partial<Record<ResourceType, ReadonlySet<string>>> = {
  // The port has a row of its own.
  floatingip: new Set(['port_details']),
  keypair: new Set(['id', 'user_id', 'created_at', 'updated_at', 'deleted', 'deleted_at']),
};

/** Fields only a GET shows that never change: a LIST leaves what a GET has shown (Nova, 2.71). */
const ONLY_IN_GET: Partial<Record<ResourceType, readonly string[]>> = { server: ['server_groups'] };

/** Fields that move by themselves or say only that something else moved. */
const NOISE: ReadonlySet<string> = new Set([
  'updated_at',
  'updated',
  'revision_number',
  'progress',
  'os-extended-snapshot-attributes:progress',
  'links',
  ...Object.values(ONLY_IN_GET).flat(),
]);

/** In a rule, `belongs_to_default_sg` is null inside its group and true or false in a list of rules. */
const RULE_NOISE: ReadonlySet<string> = new Set([...NOISE, 'belongs_to_default_sg', 'standard_attr_id', 'tags']);

/** Lists whose order means nothing and differs from answer to answer. */
const UNORDERED: ReadonlySet<string> = new Set([
  'tags',
  'subnets',
  'fixed_ips',
  'security_groups',
  'security_group_rules',
  'allowed_address_pairs',
  'attachments',
  'routes',
  'availability_zones',
  'members',
  'os-extended-volumes:volumes_attached',
]);

/** The answer as it may be kept: without secrets and without what only one kind of answer shows. */
export function keptBody<Row extends object>(type: ResourceType, resource: Row): Row {
  const oneView = FIELDS_OF_ONE_VIEW[type];
  const isDropped = (field: string) => SECRET_FIELDS.has(field) || oneView?.has(field) === true;
  if (!Object.keys(resource).some(isDropped)) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([field]) => !isDropped(field))) as Row;
}

/** The answer with what an earlier one of the other kind has shown beyond it. */
export function withEarlier<Row extends object>(type: ResourceType, resource: Row, earlier: object | undefined): Row {
  const lacking = ONLY_IN_GET[type]?.filter((field) => !(field in resource) && earlier !== undefined && field in earlier);
  if (lacking === undefined || lacking.length === 0) return resource;
  return { ...resource, ...Object.fromEntries(lacking.map((field) => [field, (earlier as Record<string, unknown>)[field]])) };
}

/** True when two answers say the same but for noise and the order of lists without order. */
export function isSame(before: object, after: object): boolean {
  return isDeepStrictEqual(before, after) || isDeepStrictEqual(quiet(before), quiet(after));
}

function quiet(resource: object): Record<string, unknown> {
  const fields = Object.entries(resource).filter(([field]) => !NOISE.has(field));
  return Object.fromEntries(fields.map(([field, value]) => [field, quietValue(field, value)]));
}

function quietValue(field: string, value: unknown): unknown {
  if (field === 'addresses' && value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([network, list]) => [network, Array.isArray(list) ? sorted(list) : list]));
  }
  if (!Array.isArray(value) || !UNORDERED.has(field)) return value;
  return sorted(field === 'security_group_rules' ? value.map(quietRule) : value);
}

function quietRule(rule: unknown): unknown {
  if (rule === null || typeof rule !== 'object') return rule;
  return Object.fromEntries(Object.entries(rule).filter(([field]) => !RULE_NOISE.has(field)));
}

function sorted(list: readonly unknown[]): unknown[] {
  return list
    .map((item) => ({ item, text: sortable(item) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ item }) => item);
}

/** Text that does not depend on the order in which an answer lists an item's fields. */
function sortable(item: unknown): string {
  return JSON.stringify(item, (_field, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** SHA-256 (hex) over what counts as content: two bodies that are the same by `isSame` have the same one. */
export function contentHash(resource: object): string {
  return createHash('sha256')
    .update(sortable(quiet(resource)))
    .digest('hex');
}
