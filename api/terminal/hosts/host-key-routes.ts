import type { FastifyPluginAsync } from 'fastify';
import { HttpProblem } from '../../http/http-problem.ts';
import { atCluster } from '../../routes/cloud-connection-request.ts';
import type { HostKeyFound } from '../protocol.ts';
import { checkStrictly } from '../schema.ts';
import { isFingerprint, readPublicKey } from './host-key.ts';
import { addPins, forgetPins, listPins, type Pin } from './host-key-rows.ts';
import type { Hosts } from './parts.ts';
import { badField } from './refusals.ts';
import { clustersWhere, moment, narrowed, pageOf, readCursor, tell } from './requests.ts';
import { forgetQuery, hostKeysQuery, nothing, pinBody, serverParams } from './schema.ts';

interface Params {
  readonly cluster: string;
  readonly server: string;
}
interface ListQuery extends Partial<Params> {
  readonly limit: number;
  readonly cursor?: string;
}
interface PinBody {
  readonly port: number;
  readonly publicKey?: string;
  readonly fingerprint?: string;
  readonly algorithm?: string;
}

const url = '/api/v1/host-keys/:cluster/:server';

/** `/api/v1/host-keys`: the keys that hosts are known by. */
export const hostKeyRoutes: FastifyPluginAsync<{ readonly hosts: Hosts }> = async (app, { hosts: { store, audit, clock } }) => {
  checkStrictly(app);

  app.route<{ Querystring: ListQuery }>({
    method: 'GET',
    url: '/api/v1/host-keys',
    schema: { summary: 'Host keys of instances, by which terminals know them', tags: ['Terminals'], querystring: hostKeysQuery },
    config: { access: { permission: 'cluster.read', at: 'anywhere' } },
    async handler(request) {
      const { cluster, server, limit, cursor } = request.query;
      const clusters = narrowed(clustersWhere(request, 'cluster.read'), cluster);
      const [ofCluster, serverId, port, fingerprint] = readCursor(cursor, 'string', 'string', 'number', 'string') ?? [];
      const after =
        ofCluster === undefined
          ? {}
          : { after: { cluster: ofCluster, serverId: `${serverId}`, port: Number(port), fingerprint: `${fingerprint}` } };
      const filter = { ...(clusters && { clusters }), ...(server !== undefined && { serverId: server }) };
      const pins = await listPins(store, filter, { limit: limit + 1, ...after });
      return pageOf(pins, limit, shownPin, (pin) => [pin.cluster, pin.serverId, pin.port, pin.fingerprint]);
    },
  });

  app.post<{ Params: Params; Body: PinBody }>(
    url,
    {
      schema: { summary: 'Pin a host key by hand', tags: ['Terminals'], params: serverParams, querystring: nothing, body: pinBody },
      config: { access: atCluster('terminal.configure') },
    },
    async (request, reply) => {
      const { cluster, server: serverId } = request.params;
      const key = keyIn(request.body);
      const { port } = request.body;
      const pin: Pin = {
        ...key,
        cluster,
        serverId,
        port,
        learntFrom: 'accepted',
        by: request.identity.user,
        at: clock.now(),
        lastSeenAt: null,
      };
      await addPins(store, [pin]);
      const message = `pinned host key ${key.fingerprint} (${key.algorithm}) of ${serverId} in cluster ${cluster}, port ${port}, by hand.`;
      await tell(audit, request, { type: 'HostKeyAccepted', cluster, serverId, message });
      return reply.code(201).send(shownPin(pin));
    },
  );

  app.delete<{ Params: Params; Querystring: { readonly port?: number; readonly fingerprint?: string } }>(
    url,
    {
      schema: { summary: 'Forget host keys of an instance', tags: ['Terminals'], params: serverParams, querystring: forgetQuery },
      config: { access: atCluster('terminal.configure') },
    },
    async (request, reply) => {
      const { cluster, server: serverId } = request.params;
      const gone = await forgetPins(store, { cluster, serverId }, request.query);
      if (gone.length === 0) throw new HttpProblem(404, 'NotFound', `No such host key of ${serverId} in cluster ${cluster} is pinned.`);
      const keys = gone.map(({ fingerprint, algorithm, port }) => `${fingerprint} (${algorithm}, port ${port})`).join(', ');
      const message = `had host keys of ${serverId} in cluster ${cluster} forgotten: ${keys}.`;
      await tell(audit, request, { type: 'HostKeyForgotten', cluster, serverId, message });
      return reply.code(204).send();
    },
  );
};

/** Throws the problem of the field that is wrong. */
function keyIn({ publicKey, fingerprint, algorithm }: PinBody): HostKeyFound & { readonly publicKey: string } {
  if (publicKey !== undefined) {
    if (fingerprint !== undefined || algorithm !== undefined)
      throw badField(fingerprint === undefined ? 'algorithm' : 'fingerprint', 'Give publicKey alone, or fingerprint with algorithm.');
    const key = readPublicKey(publicKey);
    if ('flaw' in key) throw badField('publicKey', `It cannot be used: ${key.flaw}.`);
    return { fingerprint: key.fingerprint, algorithm: key.algorithm, publicKey: key.blob.toString('base64') };
  }
  if (fingerprint === undefined || !isFingerprint(fingerprint))
    throw badField('fingerprint', 'Give publicKey, or a whole SHA256 fingerprint.');
  if (algorithm === undefined) throw badField('algorithm', 'Has to be given with a fingerprint.');
  return { fingerprint, algorithm, publicKey: '' };
}

export function shownPin({ cluster, serverId, port, fingerprint, algorithm, publicKey, learntFrom, by, at, lastSeenAt }: Pin) {
  return {
    cluster,
    server: serverId,
    port,
    fingerprint,
    algorithm,
    publicKey,
    learntFrom,
    by,
    at: moment(at),
    lastSeenAt: moment(lastSeenAt),
  };
}
