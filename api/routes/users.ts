import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access } from '../auth/gate.ts';
import type { RoleAt } from '../auth/grants.ts';
import type { NewPerson, PersonChanges } from '../auth/people.ts';
import type { Person } from '../auth/person.ts';
import { Refusal } from '../auth/refusal.ts';
import { shownBinding, shownPerson, shownSession, shownToken } from './people-answers.ts';
import { differences, type PeopleParts, versionIn, withVersion } from './people-parts.ts';
import { bindingBody, idParams, newPersonBody, nothing, peopleQuery, personBody, sessionsQuery } from './people-schema.ts';

interface Query {
  readonly text?: string;
  readonly state?: Person['state'];
  readonly limit: number;
  readonly cursor?: string;
}

interface One {
  readonly id: string;
}

const sees: Access = { permission: 'user.read', at: 'everywhere' };
const changes: Access = { permission: 'user.change', at: 'everywhere' };

/** `/api/v1/users`: people, their roles, sessions, tokens and second factor. Each answer has the ETag that `If-Match` takes. */
export function userRoutes(app: FastifyInstance, { accounts, record }: PeopleParts): void {
  const { people, sessions, secondFactor, apiTokens } = accounts;
  const tell = (request: FastifyRequest, type: string, { username: name, id }: Person, what: string, more: object = {}) =>
    record(request, { type, message: `${request.identity.user} ${what} ${name}.`, about: { kind: 'User', name, id }, ...more });

  app.get<{ Querystring: Query }>(
    '/api/v1/users',
    { schema: { querystring: peopleQuery }, config: { access: sees } },
    async ({ query: { cursor, ...filter } }) => {
      const { items, next } = await people.list({ ...filter, ...(cursor !== undefined && { after: cursor }) });
      return { items: items.map(shownPerson), ...(next !== undefined && { next }) };
    },
  );
  app.post<{ Body: NewPerson }>(
    '/api/v1/users',
    { schema: { body: newPersonBody }, config: { access: changes } },
    async (request, reply) => {
      const person = await people.create(request.body, request.identity);
      const roles = person.bindings.map(({ role, cluster, namespace }) => `${role}@${cluster}/${namespace}`).join(', ') || 'no role';
      await tell(request, 'UserCreated', person, `created (${roles})`);
      return reply
        .code(201)
        .header('location', `/api/v1/users/${person.id}`)
        .send(withVersion(reply, shownPerson(person)));
    },
  );
  app.get<{ Params: One }>('/api/v1/users/:id', { schema: { params: idParams }, config: { access: sees } }, async ({ params }, reply) =>
    withVersion(reply, shownPerson(await people.get(params.id))),
  );
  app.patch<{ Params: One; Body: PersonChanges }>(
    '/api/v1/users/:id',
    { schema: { params: idParams, body: personBody }, config: { access: changes } },
    async (request, reply) => {
      const isNewPassword = request.body.password !== undefined;
      if (isNewPassword) checkNotOwn(request, 'POST /api/v1/me/password');
      const { before, after } = await people.change(request.params.id, request.body, request.identity, versionIn(request));
      const changes = differences(before, after, ['email', 'displayName', 'state']);
      await tell(request, 'UserChanged', after, isNewPassword ? 'set a new password and changed' : 'changed', { changes });
      return withVersion(reply, shownPerson(after));
    },
  );
  app.delete<{ Params: One }>(
    '/api/v1/users/:id',
    { schema: { params: idParams, body: nothing }, config: { access: changes } },
    async (request, reply) => {
      const person = await people.remove(request.params.id, request.identity, versionIn(request));
      await tell(request, 'UserRemoved', person, 'removed');
      return reply.code(204).send();
    },
  );

  app.get<{ Params: One }>(
    '/api/v1/users/:id/bindings',
    { schema: { params: idParams }, config: { access: sees } },
    async ({ params }) => ({
      items: (await people.get(params.id)).bindings.map(shownBinding),
    }),
  );
  app.post<{ Params: One; Body: RoleAt }>(
    '/api/v1/users/:id/bindings',
    { schema: { params: idParams, body: bindingBody }, config: { access: changes } },
    async (request, reply) => {
      const { person, binding } = await people.bind(request.params.id, request.body, request.identity);
      await tell(
        request,
        'RoleGranted',
        person,
        `gave role ${binding.role} (cluster ${binding.cluster}, namespace ${binding.namespace}) to`,
      );
      return reply.code(201).send(shownBinding(binding));
    },
  );
  app.delete<{ Params: One & { binding: string } }>(
    '/api/v1/users/:id/bindings/:binding',
    { schema: { params: idParams, body: nothing }, config: { access: changes } },
    async (request, reply) => {
      const { person, binding } = await people.unbind(request.params.id, request.params.binding, request.identity);
      await tell(
        request,
        'RoleTaken',
        person,
        `took role ${binding.role} (cluster ${binding.cluster}, namespace ${binding.namespace}) from`,
      );
      return reply.code(204).send();
    },
  );

  app.get<{ Querystring: { readonly limit: number; readonly cursor?: string } }>(
    '/api/v1/sessions',
    { schema: { querystring: sessionsQuery }, config: { access: sees } },
    async ({ query: { limit, cursor } }) => {
      const { items, next } = await sessions.everybodys({ limit, ...(cursor !== undefined && { after: cursor }) });
      const shown = items.map((session) => ({ ...shownSession(session), user: { id: session.userId, username: session.username } }));
      return { items: shown, ...(next !== undefined && { next }) };
    },
  );
  app.get<{ Params: One }>(
    '/api/v1/users/:id/sessions',
    { schema: { params: idParams }, config: { access: sees } },
    async ({ params }) => ({
      items: (await sessions.list((await people.get(params.id)).id)).map(shownSession),
    }),
  );
  app.delete<{ Params: One }>(
    '/api/v1/users/:id/sessions',
    { schema: { params: idParams, body: nothing }, config: { access: changes } },
    async (asked) => {
      const person = await people.checkMayHandle(asked.params.id, asked.identity);
      const ended = await sessions.endAll(person.id);
      await tell(asked, 'SessionsEnded', person, `ended ${ended} sessions of`);
      return { ended };
    },
  );
  app.delete<{ Params: One & { session: string } }>(
    '/api/v1/users/:id/sessions/:session',
    { schema: { params: idParams, body: nothing }, config: { access: changes } },
    async (request, reply) => {
      const person = await people.checkMayHandle(request.params.id, request.identity);
      if (!(await sessions.end(person.id, request.params.session)))
        throw new Refusal(404, 'NotFound', `${person.username} has no such session. GET /api/v1/users/${person.id}/sessions lists them.`);
      await tell(request, 'SessionsEnded', person, `ended session ${request.params.session} of`);
      return reply.code(204).send();
    },
  );
  app.get<{ Params: One }>('/api/v1/users/:id/tokens', { schema: { params: idParams }, config: { access: sees } }, async ({ params }) => ({
    items: (await apiTokens.list((await people.get(params.id)).id)).map(shownToken),
  }));
  app.delete<{ Params: One & { token: string } }>(
    '/api/v1/users/:id/tokens/:token',
    { schema: { params: idParams, body: nothing }, config: { access: changes } },
    async (request, reply) => {
      const person = await people.checkMayHandle(request.params.id, request.identity);
      if (!(await apiTokens.remove(person.id, request.params.token)))
        throw new Refusal(404, 'NotFound', `${person.username} has no such token. GET /api/v1/users/${person.id}/tokens lists them.`);
      await tell(request, 'TokenRemoved', person, `removed token ${request.params.token} of`);
      return reply.code(204).send();
    },
  );

  app.delete<{ Params: One }>(
    '/api/v1/users/:id/totp',
    { schema: { params: idParams, body: nothing }, config: { access: changes } },
    async (request, reply) => {
      checkNotOwn(request, 'DELETE /api/v1/me/totp');
      const person = await people.checkMayHandle(request.params.id, request.identity);
      await secondFactor.remove(person.id);
      await tell(request, 'SecondFactorRemoved', person, 'removed the second factor of');
      return reply.code(204).send();
    },
  );
}

/** What takes the present password goes the way that asks for it: a session left open must not be enough. Throws a Refusal. */
function checkNotOwn({ identity, params }: FastifyRequest, way: string): void {
  if (identity.userId !== (params as One).id) return;
  throw new Refusal(409, 'OwnAccount', `This is your own account, which takes the password you have now: ${way}.`);
}
