import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Json } from '#controller/engine/json.ts';
import type { Scope } from '../auth/grants.ts';
import { Refusal } from '../auth/refusal.ts';
import { setCookie } from '../auth/session-cookie.ts';
import { parseMoment } from './audit-schema.ts';
import { shownPerson, shownSession, shownToken } from './people-answers.ts';
import { differences, type PeopleParts, versionIn, withVersion } from './people-parts.ts';
import { idParams, meBody, nothing, passwordBody, preferenceBody, preferenceParams, tokenBody } from './people-schema.ts';

interface One {
  readonly id: string;
}

interface TokenBody {
  readonly name: string;
  readonly expiresAt: string | null;
  readonly scope: Scope | null;
}

const signedIn = { access: 'signed-in' } as const;

/** The person behind a request; the first admin's token and parts of the program are none. Throws a Refusal. */
export function personIn({ identity }: FastifyRequest): string {
  if (identity.userId !== undefined) return identity.userId;
  throw new Refusal(
    409,
    'NobodysAccount',
    `${identity.user} comes with a token that belongs to no account. Sign in: POST /api/v1/session.`,
  );
}

/** What decides over an account is asked of its person, not of a token they gave to a program. Throws a Refusal. */
export function personInSession(request: FastifyRequest): string {
  const userId = personIn(request);
  if (request.identity.how === 'cookie') return userId;
  throw new Refusal(403, 'SessionNeeded', 'A token may not do this. Sign in with the password: POST /api/v1/session.');
}

/** `/api/v1/me`: one's own profile, password, preferences, sessions and tokens. */
export function meRoutes(app: FastifyInstance, { accounts, record }: PeopleParts): void {
  const { people, sessions, apiTokens, preferences } = accounts;

  app.get('/api/v1/me', { config: signedIn }, async (request, reply) =>
    withVersion(reply, shownPerson(await people.get(personIn(request)))),
  );
  app.patch<{ Body: { email?: string | null; displayName?: string | null } }>(
    '/api/v1/me',
    { config: signedIn, schema: { body: meBody } },
    async (request, reply) => {
      const { before, after } = await people.change(personInSession(request), request.body, request.identity, versionIn(request));
      const changes = differences(before, after, ['email', 'displayName']);
      const about = { kind: 'User', name: after.username, id: after.id } as const;
      await record(request, { type: 'UserChanged', message: `${after.username} changed their profile.`, about, changes });
      return withVersion(reply, shownPerson(after));
    },
  );

  app.post<{ Body: { current: string; password: string } }>(
    '/api/v1/me/password',
    { config: signedIn, schema: { body: passwordBody } },
    async (request, reply) => {
      const userId = personInSession(request);
      await accounts.signIn.prove(userId, request.body.current, request.ip);
      const { after } = await people.change(userId, { password: request.body.password }, request.identity);
      const about = { kind: 'User', name: after.username, id: userId } as const;
      await record(request, { type: 'PasswordChanged', message: `${after.username} changed their password; all sessions ended.`, about });
      // All ended, this one too: whoever copied its cookie is out. This browser goes on with another.
      const userAgent = request.headers['user-agent'] ?? '';
      const begun = await sessions.start({ userId, stage: 'whole', how: 'password', address: request.ip, userAgent });
      setCookie(reply, begun.cookie);
      return { csrf: begun.session.csrf };
    },
  );

  app.get('/api/v1/me/preferences', { config: signedIn }, async (asked) => preferences.all(personIn(asked)));
  app.put<{ Params: { name: string }; Body: { value: Json } }>(
    '/api/v1/me/preferences/:name',
    { config: signedIn, schema: { params: preferenceParams, body: preferenceBody } },
    async (request, reply) => {
      await preferences.set(personIn(request), request.params.name, request.body.value);
      return reply.code(204).send();
    },
  );
  app.delete<{ Params: { name: string } }>(
    '/api/v1/me/preferences/:name',
    { config: signedIn, schema: { params: preferenceParams, body: nothing } },
    async (request, reply) => {
      if (!(await preferences.remove(personIn(request), request.params.name)))
        throw new Refusal(404, 'NotFound', `You have no preference ${request.params.name}.`);
      return reply.code(204).send();
    },
  );

  app.get('/api/v1/me/sessions', { config: signedIn }, async (asked) => ({
    items: (await sessions.list(personIn(asked))).map((one) => ({ ...shownSession(one), isThis: one.id === asked.identity.session })),
  }));
  app.delete('/api/v1/me/sessions', { config: signedIn, schema: { body: nothing } }, async (asked) => {
    const ended = await sessions.endAll(personInSession(asked), asked.identity.session);
    const message = `${asked.identity.user} ended their other sessions (${ended}).`;
    await record(asked, { type: 'SessionsEnded', message });
    return { ended };
  });
  app.delete<{ Params: One }>(
    '/api/v1/me/sessions/:id',
    { config: signedIn, schema: { params: idParams, body: nothing } },
    async (request, reply) => {
      if (!(await sessions.end(personInSession(request), request.params.id)))
        throw new Refusal(404, 'NotFound', 'You have no such session. GET /api/v1/me/sessions lists them.');
      await record(request, { type: 'SessionsEnded', message: `${request.identity.user} ended session ${request.params.id}.` });
      return reply.code(204).send();
    },
  );

  app.get('/api/v1/me/tokens', { config: signedIn }, async (asked) => ({
    items: (await apiTokens.list(personIn(asked))).map(shownToken),
  }));
  app.post<{ Body: TokenBody }>('/api/v1/me/tokens', { config: signedIn, schema: { body: tokenBody } }, async (request, reply) => {
    const id = personInSession(request);
    const { name, scope, expiresAt } = request.body;
    const end = expiresAt === null ? null : (parseMoment(expiresAt) ?? null);
    const { token, made } = await apiTokens.create({ id, username: request.identity.user }, { name, scope, expiresAt: end });
    const message = `${request.identity.user} made token ${made.id} (${name})${expiresAt === null ? '' : `, good until ${expiresAt}`}.`;
    await record(request, { type: 'TokenCreated', message });
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...shownToken(made), token });
  });
  app.delete<{ Params: One }>(
    '/api/v1/me/tokens/:id',
    { config: signedIn, schema: { params: idParams, body: nothing } },
    async (request, reply) => {
      if (!(await apiTokens.remove(personInSession(request), request.params.id)))
        throw new Refusal(404, 'NotFound', 'You have no such token. GET /api/v1/me/tokens lists them.');
      await record(request, { type: 'TokenRemoved', message: `${request.identity.user} removed token ${request.params.id}.` });
      return reply.code(204).send();
    },
  );
}
