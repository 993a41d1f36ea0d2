import type { Cloud } from '#controller/openstack/cloud.ts';
import { type ConsoleType, create } from '#controller/openstack/compute/remote-consoles.ts';
import { OpenFailed, type Target } from '../ports.ts';
import { proxyAddress } from './proxy-address.ts';
import { connectProxy, isLocalUrl, type ProxySocket } from './proxy-socket.ts';
import { nameOf, refusalOf } from './refusals.ts';

export interface ConsoleParts {
  /** The cloud of a cluster, or why there is none; undefined while the controller starts. */
  look(cluster: string): { readonly client: Cloud } | { readonly message: string } | undefined;
  /** Loopback may be the proxy's, for tests. */
  readonly localTargets: boolean;
}

export interface OpenedConsole {
  readonly socket: ProxySocket;
  /** HOST:PORT of the proxy. */
  readonly host: string;
}

/**
 * Asks Nova for a console and connects to its proxy. The token goes there and nowhere else: it is in no error, no label and no answer to the
 * page. Throws OpenFailed.
 */
export async function openConsole(
  parts: ConsoleParts,
  type: ConsoleType,
  { target, say, signal }: { readonly target: Target; readonly say: (detail: string) => void; readonly signal: AbortSignal },
): Promise<OpenedConsole> {
  const cloud = parts.look(target.cluster);
  if (!cloud) throw new OpenFailed({ reason: 'unreachable', detail: 'The controller is starting. Try again in a few seconds.' });
  if ('message' in cloud) throw new OpenFailed({ reason: 'unreachable', detail: cloud.message });
  const { client } = cloud;
  try {
    say(`asking ${target.cluster} for the ${nameOf(type)}`);
    const given = await create(client.compute, target.serverId, type);
    const address = proxyAddress(given.reveal(), type);
    if (!address) {
      const detail = `Cloud ${target.cluster} gave out an address for the ${nameOf(type)} of ${target.name} that is not one of Nova's console proxies.`;
      throw new OpenFailed({ reason: 'unreachable', detail });
    }
    say(`connecting to the console proxy at ${address.host}`);
    const mayBeLocal = parts.localTargets || isLocalUrl(client.config.authUrl);
    const socket = await connectProxy(address, { config: client.config, mayBeLocal, signal });
    return { socket, host: address.host };
  } catch (error) {
    throw refusalOf(error, target, type);
  }
}
