import { type Answer, pythonRepr, type ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import { cutPage, nextQuery } from '../pages.ts';
import type { Server } from '../store.ts';
import { statusOf } from './states.ts';

const known = new Set(
  'name status changes-since changes-before limit marker sort_key sort_dir all_tenants deleted tags tags-any not-tags not-tags-any flavor image host ip ip6 project_id tenant_id user_id uuid reservation_id created_at launched_at updated_at terminated_at display_name display_description description availability_zone access_ip_v4 access_ip_v6 hostname key_name locked power_state progress task_state vm_state config_drive root_device_name node soft_deleted auto_disk_config launch_index kernel_id ramdisk_id instance_type_id'.split(
    ' ',
  ),
);

/** GET /servers and /servers/detail: newest first, at most 1000 at a time; `changes-since` shows deleted ones too. */
export function listServers(call: ScopedCall, show: (server: Server) => object): Answer {
  const { query } = call;
  checkQuery(query);
  const everyProject = query.get('all_tenants') !== null && call.token.roles.includes('admin');
  const filters = filtersOf(query);
  const rows = [...call.store.servers.values()]
    .filter((server) => (everyProject || server.projectId === call.token.projectId) && filters.every((holds) => holds(server)))
    .toSorted(order(query));
  const limit = query.get('limit') === null ? undefined : Number(query.get('limit'));
  const page = cutPage(rows, { limit, marker: query.get('marker'), max: 1000, idOf: ({ id }) => id });
  if (!page) refuse(400, `marker [${query.get('marker')}] not found`);
  const body: Record<string, unknown> = { servers: page.rows.map(show) };
  if (page.nextMarker)
    body.servers_links = [{ rel: 'next', href: `${call.world.origin}/compute${call.path}?${nextQuery(query, page.nextMarker)}` }];
  return { status: 200, body };
}

function checkQuery(query: URLSearchParams): void {
  const unknown = [...query.keys()].find((key) => !known.has(key) && !key.startsWith('_'));
  if (unknown !== undefined) refuse(400, `${pythonRepr(unknown)} does not match any of the regexes: '^_'`);
  const invalid = (name: string, reason: string) =>
    refuse(400, `Invalid input for query parameters ${name}. Value: ${query.get(name)}. ${reason}`);
  for (const name of ['changes-since', 'changes-before']) {
    const text = query.get(name);
    if (text !== null && Number.isNaN(Date.parse(text))) invalid(name, `${pythonRepr(text)} is not a 'date-time'`);
  }
  const limit = query.get('limit');
  if (limit !== null && !/^[0-9]*$/.test(limit)) invalid('limit', `${pythonRepr(limit)} does not match '^[0-9]*$'`);
  const name = query.get('name');
  if (name !== null && !toRegExp(name)) invalid('name', `${pythonRepr(name)} is not a 'regex'`);
}

function toRegExp(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'i');
  } catch {
    return undefined;
  }
}

/** `name` is a regular expression that may match anywhere. */
function filtersOf(query: URLSearchParams): ((server: Server) => boolean)[] {
  const filters: ((server: Server) => boolean)[] = [];
  const seconds = (ms: number) => Math.floor(ms / 1000) * 1000;
  const since = query.get('changes-since');
  const before = query.get('changes-before');
  const wantsDeleted = ['true', '1'].includes(query.get('deleted')?.toLowerCase() ?? '');
  if (since === null && !wantsDeleted) filters.push(({ vmState }) => vmState !== 'deleted');
  if (since !== null) filters.push(({ updatedAt }) => seconds(updatedAt) >= seconds(Date.parse(since)));
  if (before !== null) filters.push(({ updatedAt }) => seconds(updatedAt) <= seconds(Date.parse(before)));
  const name = query.get('name');
  const pattern = name === null ? undefined : toRegExp(name);
  if (pattern) filters.push((server) => pattern.test(server.name));
  const status = query.getAll('status').map((text) => text.toUpperCase());
  if (status.length > 0) filters.push((server) => status.includes(statusOf(server)));
  const flavor = query.get('flavor');
  if (flavor !== null) filters.push((server) => server.flavor.id === flavor);
  const image = query.get('image');
  if (image !== null) filters.push(({ imageId }) => imageId === image);
  const uuid = query.get('uuid');
  if (uuid !== null) filters.push(({ id }) => id === uuid);
  filters.push((server) => matchesTags(server, query));
  return filters;
}

function matchesTags(server: Server, query: URLSearchParams): boolean {
  const asked = (key: string) => query.get(key)?.split(',');
  const has = (tag: string) => server.tags.includes(tag);
  if (asked('tags')?.every(has) === false) return false;
  if (asked('tags-any')?.some(has) === false) return false;
  if (asked('not-tags')?.every(has)) return false;
  return !asked('not-tags-any')?.some(has);
}

function order(query: URLSearchParams): (a: Server, b: Server) => number {
  const key = query.get('sort_key') ?? 'created_at';
  const sign = query.get('sort_dir') === 'asc' ? 1 : -1;
  const value = (server: Server): string | number => {
    if (key === 'display_name') return server.name;
    if (key === 'uuid') return server.id;
    return key === 'updated_at' ? server.updatedAt : server.createdAt;
  };
  return (a, b) => sign * (compare(value(a), value(b)) || compare(a.id, b.id));
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
