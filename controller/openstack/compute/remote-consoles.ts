import { invalidShape, requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { Secret } from '../secret.ts';

/** The call came with 2.6; nothing later changes what is asked here. */
const MICROVERSION = '2.6';

/** What a console shows, by the name Nova has for its type. */
export type ConsoleType = 'serial' | 'novnc';

const protocols: Readonly<Record<ConsoleType, string>> = { serial: 'serial', novnc: 'vnc' };

/**
 * The address of a console of a server, for whoever has it: it holds a token that lasts some minutes. 400 where the cloud does not have that
 * type, or Nova's proxies for it are not set up; 404 without the server; 409 while it has no host; 501 where the hypervisor has none.
 */
export async function create(client: ServiceClient, serverId: string, type: ConsoleType): Promise<Secret> {
  const options = {
    method: 'POST' as const,
    path: `/servers/${encodeURIComponent(serverId)}/remote-consoles`,
    body: { remote_console: { protocol: protocols[type], type } },
    microversion: MICROVERSION,
  };
  const { url } = await requestOne<{ url?: unknown }>(client, options, 'remote_console');
  if (typeof url === 'string' && URL.canParse(url)) return new Secret(url);
  throw invalidShape(client, options, { status: 200 }, 'no address of the console');
}
