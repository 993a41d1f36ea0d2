import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { powerOf } from '#controller/lists/columns.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import type { LiveTerminals } from '../live-terminals.ts';
import type { RecordingPolicy, Target } from '../ports.ts';
import type { TerminalPurpose } from '../protocol.ts';
import { permissionFor } from '../rights.ts';
import { checkStrictly } from '../schema.ts';
import { targetOf } from '../target.ts';
import { pinsOfServer } from './host-key-rows.ts';
import type { Hosts } from './parts.ts';
import type { TerminalProfile } from './profiles.ts';
import { moment } from './requests.ts';
import { nothing, serverParams } from './schema.ts';

export interface TargetRoutesOptions {
  readonly hosts: Hosts;
  readonly live: Pick<LiveTerminals, 'refusal'>;
  /** Of clusters that say nothing else. */
  readonly recording: RecordingPolicy;
}

interface Params {
  readonly cluster: string;
  readonly server: string;
}

const purposes = ['ssh', 'serial', 'vnc'] as const satisfies readonly TerminalPurpose[];

/** `GET /api/v1/terminal-targets/CLUSTER/SERVER`: what one has to know of an instance before a terminal to it is opened. */
export const targetRoutes: FastifyPluginAsync<TargetRoutesOptions> = async (app, { hosts, live, recording }) => {
  const { store, profiles, clusters, world } = hosts;
  checkStrictly(app);

  app.route<{ Params: Params }>({
    method: 'GET',
    url: '/api/v1/terminal-targets/:cluster/:server',
    schema: {
      summary: 'How an instance can be reached by a terminal, and why not',
      tags: ['Terminals'],
      params: serverParams,
      querystring: nothing,
    },
    config: { access: 'signed-in' },
    async handler(request) {
      const { cluster, server } = request.params;
      const { target, row } = instanceOf(request);
      const power = powerOf(row);
      const mayShell = request.may('instance.terminal', target.place).allowed;
      const [pins, fitting, bastion, policy, possible] = await Promise.all([
        pinsOfServer(store, { cluster, serverId: server }),
        mayShell ? profiles.fitting(target) : [],
        clusters.shownBastion(cluster),
        clusters.recording(cluster),
        Promise.all(purposes.map(async (purpose) => [purpose, possibility(await whyNot(request, target, power, purpose))] as const)),
      ]);
      return {
        name: target.name,
        powerState: power,
        addresses: target.addresses,
        profiles: fitting.map(shownProfile),
        hostKeys: pins.map(({ fingerprint, algorithm, port, learntFrom, by, at }) => ({
          fingerprint,
          algorithm,
          port,
          learntFrom,
          by,
          at: moment(at),
        })),
        bastion: bastion ?? null,
        recording: policy ?? recording,
        purposes: Object.fromEntries(possible),
      };
    },
  });

  /** Throws the problem that says why there is none to see. */
  function instanceOf(request: FastifyRequest<{ Params: Params }>): { readonly target: Target; readonly row: Server } {
    const { cluster, server } = request.params;
    const seen = world();
    if (!seen) throw new HttpProblem(503, 'Starting', 'The controller is starting. Try again in a few seconds.');
    const target = targetOf(seen, cluster, server);
    if (target && 'unknown' in target) throw new HttpProblem(409, 'ClusterNotReady', target.unknown);
    const cloud = seen.clouds.look(cluster);
    const row = 'reason' in cloud ? undefined : cloud.inventory.get('server', server);
    if (target && row && request.may('instance.read', target.place).allowed) return { target, row };
    throw new HttpProblem(404, 'ResourceNotFound', `Cluster ${cluster} holds no instance ${server} that you may see.`);
  }

  /** What would be answered to whoever asks for a terminal now, as far as it can be told before it is tried. */
  async function whyNot(request: FastifyRequest, target: Target, power: string, purpose: TerminalPurpose): Promise<string | undefined> {
    const decision = request.may(permissionFor(purpose), target.place);
    if (!decision.allowed) return decision.reason;
    const stopped = stoppedWords[power];
    if (stopped !== undefined) return `${target.name} ${stopped}`;
    if (purpose === 'ssh' && target.addresses.length === 0) return `${target.name} has no address: attach it to a network first.`;
    return (await live.refusal(target, { purpose }, { identity: request.identity }))?.detail;
  }
};

/** Of an instance in another power state, such as one that is being built, nobody knows before it is tried. */
const stoppedWords: Readonly<Record<string, string>> = {
  shutdown: 'is stopped: start it first.',
  paused: 'is paused: unpause it first.',
  suspended: 'is suspended: resume it first.',
  crashed: 'has crashed: reboot it first.',
};

function possibility(why: string | undefined): { readonly allowed: boolean; readonly why?: string } {
  return why === undefined ? { allowed: true } : { allowed: false, why };
}

function shownProfile({ id, name, user, port, via, keyId }: TerminalProfile) {
  return { id, name, user, port, via, hasKey: keyId !== null };
}
