import { requestNothing, requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';

/** 2.64 replaces the list of policies by one, and adds rules. */
const MICROVERSION = '2.64';
/** A cloud may give fewer rows a page than asked for, but none gives fewer than this. */
const SMALLEST_FULL_PAGE = 100;

export type ServerGroupPolicy = 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity';

/** A server group; its name need not be unique, and nothing of it can be changed. */
export interface ServerGroup {
  id: string;
  name: string;
  policy: ServerGroupPolicy;
  /** Only `anti-affinity` has any. */
  rules: { max_server_per_host?: number };
  /** Ids of servers. */
  members: string[];
  project_id?: string;
  user_id?: string;
}

export interface ServerGroupCreate {
  name: string;
  policy: ServerGroupPolicy;
  rules?: { max_server_per_host: number };
}

const path = (id: string) => `/os-server-groups/${encodeURIComponent(id)}`;

/** Server groups of the project. Nova pages them by offset and names no next page: one well filled may have another behind it. */
export async function* list(client: ServiceClient, { limit = 1000 }: { limit?: number } = {}): AsyncGenerator<ServerGroup[]> {
  for (let offset = 0; ; ) {
    const options = { method: 'GET' as const, path: '/os-server-groups', query: { limit, offset }, microversion: MICROVERSION };
    const page = await requestOne<ServerGroup[]>(client, options, 'server_groups', 'list');
    yield page;
    if (page.length < Math.min(limit, SMALLEST_FULL_PAGE)) return;
    offset += page.length;
  }
}

export function get(client: ServiceClient, id: string): Promise<ServerGroup> {
  return requestOne<ServerGroup>(client, { method: 'GET', path: path(id), microversion: MICROVERSION }, 'server_group');
}

export function create(client: ServiceClient, group: ServerGroupCreate): Promise<ServerGroup> {
  const options = { method: 'POST' as const, path: '/os-server-groups', body: { server_group: group }, microversion: MICROVERSION };
  return requestOne<ServerGroup>(client, options, 'server_group');
}

/** Gone with the answer; servers in it stay. */
export function remove(client: ServiceClient, id: string): Promise<void> {
  return requestNothing(client, { method: 'DELETE', path: path(id), microversion: MICROVERSION });
}
