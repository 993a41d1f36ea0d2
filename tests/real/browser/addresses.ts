import { join, resolve } from 'node:path';
import type { Stackwarden } from '#tests/parts/stackwarden.ts';

const web = resolve(import.meta.dirname, '../../../web');

/** What of a route of the web a walk needs; the sources of the web are of a browser, so that this program cannot import their types. */
export interface WalkedRoute {
  readonly path: string;
  readonly isOpen?: true;
}

/** All pages of the web, from its own table of routes. */
export async function allRoutes(): Promise<readonly WalkedRoute[]> {
  const { routes } = (await import(join(web, 'app/routes.ts'))) as { routes: readonly WalkedRoute[] };
  return routes;
}

/** Ids of what the world holds, for addresses that name something. */
export interface Known {
  readonly instance: string;
  readonly volume: string;
  readonly network: string;
  readonly user: string;
}

/** What stands at a parameter of a route, for each way a page may look. A route that has parameters and is not named here fails the walk. */
const examples: Readonly<Record<string, (known: Known) => readonly string[]>> = {
  '/resources/:type': () => ['server', 'volume', 'security_group'].map((type) => `/resources/${type}`),
  '/resources/:type/:cluster/:id': ({ instance, volume, network }) => [
    `/resources/server/main/${instance}`,
    `/resources/volume/main/${volume}`,
    `/resources/network/main/${network}`,
  ],
  '/history/:kind/:namespace/:name': () => ['/history/Instance/default/hello'],
  '/inventory{/:cluster}?': () => ['/inventory', '/inventory/main'],
  '/recordings/:id': () => [],
  '/admin/users/:id': ({ user }) => [`/admin/users/${user}`],
  '/clusters/:name': () => ['/clusters/main', '/clusters/dead'],
};

/** Addresses of a page, each with what it is called in the name of a screenshot. */
export function addressesOf({ path }: WalkedRoute, known: Known): readonly { readonly address: string; readonly name: string }[] {
  if (!path.includes(':')) return [{ address: path.replace(/\/?\*$/, ''), name: nameOf(path) }];
  const found = examples[path]?.(known);
  if (!found) throw new Error(`tests/real/browser/addresses.ts has no example of ${path}`);
  return found.map((address) => ({ address, name: nameOf(address.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'one')) }));
}

function nameOf(address: string): string {
  return address.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '') || 'overview';
}

export async function whatIsThere(stackwarden: Stackwarden): Promise<Known> {
  const idOf = async (path: string, name: string) => {
    const { items } = JSON.parse((await stackwarden.get(path)).text) as { items: { id: string; name?: string; username?: string }[] };
    const found = items.find((item) => name === (item.name ?? item.username));
    if (!found) throw new Error(`${path} has nothing named ${name}`);
    return found.id;
  };
  return {
    instance: await idOf('/api/v1/resources/server?limit=100', 'hello'),
    volume: await idOf('/api/v1/resources/volume?limit=100', 'hello-data'),
    network: await idOf('/api/v1/resources/network?limit=100', 'hello'),
    user: await idOf('/api/v1/users?limit=100', 'the-viewer'),
  };
}
