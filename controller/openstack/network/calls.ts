import { requestNothing, requestOne } from '../calls.ts';
import type { RequestOptions, ServiceClient } from '../cloud.ts';
import { pages } from '../pages.ts';

export type NeutronQuery = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The same six calls every Neutron resource has. */
export interface NeutronCalls<Resource, Create, Update> {
  /** An administrator's list holds every project's rows unless `project_id` is asked for. `changed_since` takes ISO 8601 without zone. */
  list: (client: ServiceClient, query?: NeutronQuery) => AsyncIterable<Resource[]>;
  get: (client: ServiceClient, id: string) => Promise<Resource>;
  create: (client: ServiceClient, resource: Create) => Promise<Resource>;
  /** With `revision`, refused (412) if the row has changed since it had that `revision_number`. */
  update: (client: ServiceClient, id: string, changes: Update, options?: { revision?: number }) => Promise<Resource>;
  remove: (client: ServiceClient, id: string) => Promise<void>;
  /** Sets the whole tag list. */
  replaceTags: (client: ServiceClient, id: string, tags: readonly string[]) => Promise<void>;
}

/** Calls for `/networks` with body key `network`, and so on; the list's key is the path with underscores. */
export function neutronCalls<Resource extends { id: string }, Create, Update>(
  collection: string,
  key: string,
): NeutronCalls<Resource, Create, Update> {
  const one = (id: string) => `/${collection}/${encodeURIComponent(id)}`;
  return {
    list: (client, query = {}) =>
      pages<Resource>(client, { path: `/${collection}`, query: { limit: 1000, ...query }, key: collection.replaceAll('-', '_') }),
    get: (client, id) => requestOne<Resource>(client, { method: 'GET', path: one(id) }, key),
    create: (client, resource) => requestOne<Resource>(client, { method: 'POST', path: `/${collection}`, body: { [key]: resource } }, key),
    update: (client, id, changes, { revision } = {}) => {
      const options: RequestOptions = { method: 'PUT', path: one(id), body: { [key]: changes } };
      const guarded = revision === undefined ? options : { ...options, headers: { 'if-match': `revision_number=${revision}` } };
      return requestOne<Resource>(client, guarded, key);
    },
    remove: (client, id) => requestNothing(client, { method: 'DELETE', path: one(id) }),
    replaceTags: (client, id, tags) => requestNothing(client, { method: 'PUT', path: `${one(id)}/tags`, body: { tags } }),
  };
}
