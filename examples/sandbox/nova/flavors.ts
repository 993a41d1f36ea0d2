import type { Answer, ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import { cutPage, nextQuery } from '../pages.ts';
import type { RouteTable } from '../routes.ts';
import type { Flavor } from '../store.ts';

export const flavorRoutes: RouteTable = {
  'GET /flavors': (call) => listFlavors(call, (flavor) => brief(call, flavor)),
  'GET /flavors/detail': (call) => listFlavors(call, (flavor) => detail(call, flavor)),
  'GET /flavors/:id': showFlavor,
};

function listFlavors(call: ScopedCall, show: (flavor: Flavor) => object): Answer {
  const { query } = call;
  const limit = query.get('limit') === null ? undefined : Number(query.get('limit'));
  const rows = [...call.store.flavors.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const page = cutPage(rows, { limit, marker: query.get('marker'), max: 1000, idOf: ({ id }) => id });
  if (!page) refuse(400, `marker [${query.get('marker')}] not found`);
  const body: Record<string, unknown> = { flavors: page.rows.map(show) };
  if (page.nextMarker)
    body.flavors_links = [{ rel: 'next', href: `${call.world.origin}/compute${call.path}?${nextQuery(query, page.nextMarker)}` }];
  return { status: 200, body };
}

function showFlavor(call: ScopedCall): Answer {
  const flavor = call.store.flavors.get(call.params.id ?? '');
  if (!flavor) refuse(404, `Flavor ${call.params.id} could not be found.`);
  return { status: 200, body: { flavor: detail(call, flavor) } };
}

function links(call: ScopedCall, flavor: Flavor): object[] {
  return [
    { rel: 'self', href: `${call.world.origin}/compute/v2.1/flavors/${flavor.id}` },
    { rel: 'bookmark', href: `${call.world.origin}/compute/flavors/${flavor.id}` },
  ];
}

function brief(call: ScopedCall, flavor: Flavor): object {
  return { id: flavor.id, name: flavor.name, links: links(call, flavor), ...(call.minor >= 55 ? { description: null } : {}) };
}

function detail(call: ScopedCall, flavor: Flavor): object {
  return {
    id: flavor.id,
    name: flavor.name,
    ram: flavor.ram,
    disk: flavor.disk,
    // An empty text until 2.75 made a number of it.
    swap: call.minor >= 75 ? 0 : '',
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': false,
    vcpus: flavor.vcpus,
    'os-flavor-access:is_public': true,
    rxtx_factor: 1,
    links: links(call, flavor),
    ...(call.minor >= 55 ? { description: null } : {}),
    ...(call.minor >= 61 ? { extra_specs: {} } : {}),
  };
}
