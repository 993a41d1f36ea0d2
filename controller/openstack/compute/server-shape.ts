import type { ServiceClient } from '../cloud.ts';
import { isNotFound, OpenStackError } from '../errors.ts';
import { get as getFlavor } from './flavors.ts';
import type { Server, ServerFlavor } from './servers.ts';

/** Since 2.69 a server whose cell is down is shown as a stub with status UNKNOWN, without name, metadata or addresses. */
function isStub(server: Server): boolean {
  return server.status === 'UNKNOWN' && server.metadata === undefined;
}

/** A server with the flavor embedded as since 2.47. A stub of a cell that is down is an error: its missing fields mean nothing. */
export async function completeServer(client: ServiceClient, server: Server): Promise<Server> {
  if (isStub(server)) throw cellDown(client, [server.id]);
  return withFlavor(client, server, new Map());
}

/** Pages without stubs; throws after the last page if there were any, so that nobody takes their absence for their end. */
export async function* completePages(client: ServiceClient, pages: AsyncIterable<Server[]>): AsyncGenerator<Server[]> {
  const flavors = new Map<string, Promise<ServerFlavor>>();
  const stubs: string[] = [];
  for await (const page of pages) {
    const whole: Server[] = [];
    for (const server of page) {
      if (isStub(server)) stubs.push(server.id);
      else whole.push(await withFlavor(client, server, flavors));
    }
    yield whole;
  }
  if (stubs.length > 0) throw cellDown(client, stubs);
}

async function withFlavor(client: ServiceClient, server: Server, known: Map<string, Promise<ServerFlavor>>): Promise<Server> {
  const { id, original_name } = server.flavor as Partial<ServerFlavor> & { id?: string };
  if (original_name !== undefined || id === undefined) return server;
  let flavor = known.get(id);
  if (!flavor) known.set(id, (flavor = embeddedFlavor(client, id)));
  return { ...server, flavor: await flavor };
}

async function embeddedFlavor(client: ServiceClient, id: string): Promise<ServerFlavor> {
  try {
    const { name, vcpus, ram, disk, swap, extra_specs, 'OS-FLV-EXT-DATA:ephemeral': ephemeral } = await getFlavor(client, id);
    const specs = extra_specs ? { extra_specs } : {};
    return { original_name: name, vcpus, ram, disk, ephemeral: ephemeral ?? 0, swap: swap === '' ? 0 : swap, ...specs };
  } catch (error) {
    // A deleted flavor: its id is all an old cloud still tells.
    if (isNotFound(error)) return { original_name: id, vcpus: 0, ram: 0, disk: 0, ephemeral: 0, swap: 0 };
    throw error;
  }
}

function cellDown(client: ServiceClient, ids: readonly string[]): OpenStackError {
  const shown = ids.slice(0, 5).join(', ');
  return new OpenStackError({
    cloud: client.cloud,
    service: client.service,
    method: 'GET',
    path: '/servers',
    kind: 'invalid-response',
    type: 'CellDown',
    detail: `${ids.length} server(s) are in a cell Nova cannot reach (${shown}${ids.length > 5 ? ', ...' : ''}); an administrator must bring that cell back`,
    mayHaveActed: false,
  });
}
