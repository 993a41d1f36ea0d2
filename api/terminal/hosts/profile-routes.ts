import { isIP } from 'node:net';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { canonicalAddress } from '#controller/kinds/addresses.ts';
import { forbid } from '../../auth/gate.ts';
import { checkIfMatch, tagVersion } from '../../http/etag.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { differences } from '../../routes/people-parts.ts';
import { checkStrictly } from '../schema.ts';
import type { Hosts } from './parts.ts';
import type { ProfileFields, TerminalProfile } from './profiles.ts';
import { badField } from './refusals.ts';
import { checkCluster, clustersWhere, moment, narrowed, pageOf, readCursor, tell } from './requests.ts';
import { idParams, nothing, profileBody, profilesQuery } from './schema.ts';

type ById = FastifyRequest<{ Params: { readonly id: string } }>;

const fieldNames = ['name', 'cluster', 'serverId', 'user', 'port', 'via', 'keyId'] as const;
const url = '/api/v1/terminal-profiles';

/** `/api/v1/terminal-profiles`: how one signs in to instances. Each answer has the ETag that `If-Match` takes. */
export const profileRoutes: FastifyPluginAsync<{ readonly hosts: Hosts }> = async (app, { hosts: { profiles, audit, kube } }) => {
  checkStrictly(app);
  const config = { access: { permission: 'terminal.configure', at: 'anywhere' } } as const;
  const tags = ['Terminals'];

  app.route<{ Querystring: { readonly cluster?: string; readonly server?: string; readonly limit: number; readonly cursor?: string } }>({
    method: 'GET',
    url,
    schema: { summary: 'Connection profiles: user, port, address and key', tags, querystring: profilesQuery },
    config,
    async handler(request) {
      const { cluster, server, limit, cursor } = request.query;
      const clusters = narrowed(clustersWhere(request, 'terminal.configure'), cluster);
      const after = readCursor(cursor, 'string', 'string', 'string');
      const filter = { ...(clusters && { clusters }), ...(server !== undefined && { serverId: server }) };
      const found = await profiles.list({ ...filter, limit: limit + 1, ...(after && { after }) });
      return pageOf(found, limit, shownProfile, (profile) => [profile.cluster, profile.serverId, profile.name]);
    },
  });

  app.post<{ Body: ProfileFields }>(
    url,
    { schema: { summary: 'Make a connection profile', tags, querystring: nothing, body: profileBody }, config },
    async (request, reply) => {
      const fields = checked(request.body);
      if (await isForbidden(request, reply, fields.cluster)) return reply;
      await checkCluster(kube, fields.cluster);
      const made = await profiles.create(fields, request.identity.user);
      await record(request, made, 'made', differences({}, made, fieldNames));
      return answer(reply.code(201).header('location', `${url}/${made.id}`), made);
    },
  );

  app.get<{ Params: { readonly id: string } }>(
    `${url}/:id`,
    { schema: { summary: 'One connection profile', tags, params: idParams, querystring: nothing }, config },
    async (request, reply) => answer(reply, await profileOf(request)),
  );

  app.put<{ Params: { readonly id: string }; Body: ProfileFields }>(
    `${url}/:id`,
    { schema: { summary: 'Change a connection profile', tags, params: idParams, querystring: nothing, body: profileBody }, config },
    async (request, reply) => {
      const before = await profileOf(request);
      checkIfMatch(request, before.updatedAt);
      const fields = checked(request.body);
      if (await isForbidden(request, reply, fields.cluster)) return reply;
      if (fields.cluster !== before.cluster) await checkCluster(kube, fields.cluster);
      const after = await profiles.change(before, fields);
      await record(request, after, 'changed', differences(before, after, fieldNames));
      return answer(reply, after);
    },
  );

  app.delete<{ Params: { readonly id: string } }>(
    `${url}/:id`,
    { schema: { summary: 'Remove a connection profile', tags, params: idParams, querystring: nothing }, config },
    async (request, reply) => {
      const profile = await profileOf(request);
      checkIfMatch(request, profile.updatedAt);
      await profiles.remove(profile.id);
      await record(request, profile, 'removed', differences(profile, {}, fieldNames));
      return reply.code(204).send();
    },
  );

  async function profileOf(request: ById): Promise<TerminalProfile> {
    const found = await profiles.get(request.params.id);
    if (found && request.may('terminal.configure', { cluster: found.cluster, namespace: '*' }).allowed) return found;
    throw new HttpProblem(
      404,
      'NotFound',
      'There is no such profile that you may see; GET /api/v1/terminal-profiles lists those there are.',
    );
  }

  async function record(request: FastifyRequest, profile: TerminalProfile, what: string, changes: ReturnType<typeof differences>) {
    const { cluster, serverId, name } = profile;
    const where = serverId === '' ? `cluster ${cluster}` : `${serverId} in cluster ${cluster}`;
    await tell(audit, request, {
      type: 'TerminalProfileChanged',
      cluster,
      serverId,
      message: `${what} connection profile ${name} of ${where}.`,
      changes,
    });
  }
};

async function isForbidden(request: FastifyRequest, reply: FastifyReply, cluster: string): Promise<boolean> {
  const decision = request.may('terminal.configure', { cluster, namespace: '*' });
  if (!decision.allowed) await forbid(request, reply, decision);
  return !decision.allowed;
}

/** Throws the problem of the field that is wrong. */
function checked({ name, cluster, serverId, user, port, via, keyId }: ProfileFields): ProfileFields {
  const isAddress = isIP(via) !== 0 && !via.includes('%');
  if (!isAddress && !['floating', 'fixed', 'any'].includes(via)) throw badField('via', 'Allowed: floating, fixed, any, or an IP address.');
  return { name, cluster, serverId, user, port, via: isAddress ? canonicalAddress(via) : via, keyId };
}

function answer(reply: FastifyReply, profile: TerminalProfile): FastifyReply {
  return tagVersion(reply, profile.updatedAt).send(shownProfile(profile));
}

function shownProfile({ updatedAt, ...profile }: TerminalProfile) {
  return { ...profile, updatedAt: moment(updatedAt) };
}
