import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { forbid } from '../../auth/gate.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { checkStrictly } from '../schema.ts';
import type { TerminalKey } from './keys.ts';
import type { Hosts } from './parts.ts';
import { generatePrivateKey, type PrivateKey, readPrivateKey } from './private-key.ts';
import { badField } from './refusals.ts';
import { checkCluster, clustersWhere, moment, narrowed, pageOf, readCursor, tell } from './requests.ts';
import { idParams, keyBody, keysQuery, nothing } from './schema.ts';

interface KeyBody {
  readonly name: string;
  readonly cluster: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly generate?: true;
}

/** `/api/v1/terminal-keys`: private keys to sign in to instances with. They go in, and never come out. */
export const keyRoutes: FastifyPluginAsync<{ readonly hosts: Hosts }> = async (app, { hosts: { keys, audit, kube } }) => {
  checkStrictly(app);
  const config = { access: { permission: 'terminal.configure', at: 'anywhere' } } as const;
  const tags = ['Terminals'];

  app.route<{ Querystring: { readonly cluster?: string; readonly limit: number; readonly cursor?: string } }>({
    method: 'GET',
    url: '/api/v1/terminal-keys',
    schema: { summary: 'Keys to sign in to instances with, without the private part', tags, querystring: keysQuery },
    config,
    async handler(request) {
      const { cluster, limit, cursor } = request.query;
      const own = narrowed(clustersWhere(request, 'terminal.configure'), cluster);
      // A key of all clusters fits whatever cluster one asks for.
      const clusters = own && [...own, '*'];
      const after = readCursor(cursor, 'string', 'string');
      const found = await keys.list({ ...(clusters && { clusters }), limit: limit + 1, ...(after && { after }) });
      return pageOf(found, limit, shownKey, (key) => [key.cluster, key.name]);
    },
  });

  app.post<{ Body: KeyBody }>(
    '/api/v1/terminal-keys',
    {
      schema: { summary: 'Keep a private key, or make one and get its public part', tags, querystring: nothing, body: keyBody },
      config,
    },
    async (request, reply) => {
      const { name, cluster } = request.body;
      const decision = request.may('terminal.configure', { cluster, namespace: '*' });
      if (!decision.allowed) return await forbid(request, reply, decision);
      await checkCluster(kube, cluster);
      const made = await keys.create({ name, cluster, key: await keyIn(request.body) }, request.identity.user);
      const how = request.body.generate ? 'made' : 'gave';
      const message = `${how} terminal key ${name} (${made.algorithm}, ${made.fingerprint}) for ${placeOf(cluster)}.`;
      await tell(audit, request, { type: 'TerminalKeyChanged', cluster, message });
      return reply.code(201).header('location', `/api/v1/terminal-keys/${made.id}`).send(shownKey(made));
    },
  );

  app.delete<{ Params: { readonly id: string } }>(
    '/api/v1/terminal-keys/:id',
    { schema: { summary: 'Remove a key that no profile names', tags, params: idParams, querystring: nothing }, config },
    async (request, reply) => {
      const key = await keyOf(request);
      await keys.remove(key.id);
      const message = `removed terminal key ${key.name} (${key.algorithm}, ${key.fingerprint}) of ${placeOf(key.cluster)}.`;
      await tell(audit, request, { type: 'TerminalKeyChanged', cluster: key.cluster, message });
      return reply.code(204).send();
    },
  );

  async function keyOf(request: FastifyRequest<{ Params: { readonly id: string } }>): Promise<TerminalKey> {
    const found = await keys.get(request.params.id);
    if (found && request.may('terminal.configure', { cluster: found.cluster, namespace: '*' }).allowed) return found;
    throw new HttpProblem(404, 'NotFound', 'There is no such key that you may change; GET /api/v1/terminal-keys lists those there are.');
  }
};

/** Throws the problem of the field that is wrong, which holds nothing of the key. */
async function keyIn({ privateKey, passphrase, generate }: KeyBody): Promise<PrivateKey> {
  if (generate && (privateKey !== undefined || passphrase !== undefined))
    throw badField('generate', 'Give it alone, or privateKey instead.');
  if (generate) return generatePrivateKey();
  if (privateKey === undefined) throw badField('privateKey', 'Has to be given, or generate: true.');
  const key = await readPrivateKey(privateKey, passphrase);
  if ('flaw' in key) throw badField(key.field, key.flaw);
  return key;
}

function shownKey({ createdAt, lastUsedAt, ...key }: TerminalKey) {
  return { ...key, createdAt: moment(createdAt), lastUsedAt: moment(lastUsedAt) };
}

function placeOf(cluster: string): string {
  return cluster === '*' ? 'all clusters' : `cluster ${cluster}`;
}
