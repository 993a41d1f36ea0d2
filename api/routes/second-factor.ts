import type { FastifyInstance } from 'fastify';
import { personInSession } from './me.ts';
import type { PeopleParts } from './people-parts.ts';
import { codeBody, provenBody } from './people-schema.ts';

const signedIn = { access: 'signed-in' } as const;

/** `/api/v1/me/totp`: one's own second factor. What opens or closes it takes the password again. */
export function secondFactorRoutes(app: FastifyInstance, { accounts, record }: PeopleParts): void {
  const { secondFactor, signIn, sessions } = accounts;

  app.post<{ Body: { password: string } }>(
    '/api/v1/me/totp',
    { config: signedIn, schema: { body: provenBody } },
    async (request, reply) => {
      const userId = personInSession(request);
      await signIn.prove(userId, request.body.password, request.ip);
      void reply.header('cache-control', 'no-store');
      return secondFactor.enrol(userId);
    },
  );

  app.post<{ Body: { code: string } }>(
    '/api/v1/me/totp/confirmation',
    { config: signedIn, schema: { body: codeBody } },
    async (request, reply) => {
      const userId = personInSession(request);
      const account = `confirmation of ${userId}`;
      await accounts.limits.begin(account, request.ip);
      const recoveryCodes = await secondFactor.confirm(userId, request.body.code);
      await accounts.limits.succeeded(account, request.ip);
      // The others were begun without it.
      await sessions.endAll(userId, request.identity.session);
      await record(request, { type: 'SecondFactorSet', message: `${request.identity.user} set up a second factor; other sessions ended.` });
      void reply.header('cache-control', 'no-store');
      return { recoveryCodes };
    },
  );

  app.delete<{ Body: { password: string } }>(
    '/api/v1/me/totp',
    { config: signedIn, schema: { body: provenBody } },
    async (request, reply) => {
      const userId = personInSession(request);
      await signIn.prove(userId, request.body.password, request.ip);
      await secondFactor.remove(userId);
      await record(request, { type: 'SecondFactorRemoved', message: `${request.identity.user} removed their second factor.` });
      return reply.code(204).send();
    },
  );
}
