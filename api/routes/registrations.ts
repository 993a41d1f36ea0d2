import type { FastifyInstance } from 'fastify';
import { forgeryIn } from '../auth/csrf.ts';
import { answerForgery } from '../auth/gate.ts';
import type { RoleAt } from '../auth/grants.ts';
import { usernameOf } from '../auth/person.ts';
import { Refusal } from '../auth/refusal.ts';
import { shownPerson } from './people-answers.ts';
import type { PeopleParts } from './people-parts.ts';
import { approvalBody, idParams, nothing, registrationBody } from './people-schema.ts';

interface RegistrationBody {
  readonly username: string;
  readonly password: string;
  readonly email?: string | null;
  readonly displayName?: string | null;
}

const mostPending = 500;

/** `/api/v1/registrations`: people who ask for an account (where the settings let them), and an admin's answer. */
export function registrationRoutes(app: FastifyInstance, { accounts, record }: PeopleParts): void {
  const { people, limits } = accounts;

  app.post<{ Body: RegistrationBody }>(
    '/api/v1/registrations',
    { schema: { body: registrationBody }, config: { access: 'open' } },
    async (request, reply) => {
      const forgery = forgeryIn(request, undefined);
      if (forgery) return answerForgery(request, reply, forgery);
      if (!accounts.selfRegistration)
        throw new Refusal(403, 'RegistrationClosed', 'Nobody registers themselves here. Ask an admin for an invitation.');
      // Never taken back: it limits the registrations of an address, not its sign-ins.
      await limits.begin('registration', request.ip, 'account');
      const username = usernameOf(request.body.username);
      const waiting = await people.list({ state: 'pending', limit: mostPending });
      if (waiting.items.length >= mostPending)
        throw new Refusal(503, 'TooManyRegistrations', 'Too many people wait for an answer. Try again later, or ask an admin.');
      try {
        const person = await people.create({ ...request.body, username, state: 'pending', bindings: [] }, { self: 'registration' });
        const about = { kind: 'User', name: username, id: person.id } as const;
        await record(request, { type: 'RegistrationAsked', actor: username, message: `${username} asks for an account.`, about });
      } catch (error) {
        // Whether a name is known is told nobody who is not.
        if (!(error instanceof Refusal) || error.title !== 'AlreadyExists') throw error;
        await record(request, { type: 'RegistrationAsked', actor: 'unknown', result: 'failed', message: `${username} is taken.` });
      }
      return reply.code(202).send({ state: 'pending', message: 'An admin decides. If you can sign in later, you were let in.' });
    },
  );

  app.get('/api/v1/registrations', { config: { access: { permission: 'user.read', at: 'everywhere' } } }, async () => ({
    items: (await people.list({ state: 'pending', limit: mostPending })).items.map(shownPerson),
  }));
  app.post<{ Params: { id: string }; Body: { bindings: readonly RoleAt[] } }>(
    '/api/v1/registrations/:id/approval',
    { schema: { params: idParams, body: approvalBody }, config: { access: { permission: 'user.change', at: 'everywhere' } } },
    async (asked) => {
      const { username, id } = await pending(asked.params.id);
      for (const role of asked.body.bindings) await people.bind(id, role, asked.identity);
      // Last: who is let in has the roles already.
      const { after } = await people.change(id, { state: 'active' }, asked.identity);
      const roles = asked.body.bindings.map(({ role }) => role).join(', ') || 'no role';
      const message = `${asked.identity.user} let ${username} in as ${roles}.`;
      await record(asked, { type: 'RegistrationApproved', message, about: { kind: 'User', name: username, id } });
      return shownPerson(after);
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/api/v1/registrations/:id',
    { schema: { params: idParams, body: nothing }, config: { access: { permission: 'user.change', at: 'everywhere' } } },
    async (request, reply) => {
      const { username, id } = await pending(request.params.id);
      await people.remove(id, request.identity);
      const message = `${request.identity.user} refused the registration of ${username}.`;
      await record(request, { type: 'RegistrationRefused', message, about: { kind: 'User', name: username, id } });
      return reply.code(204).send();
    },
  );

  async function pending(id: string) {
    const person = await people.get(id);
    if (person.state === 'pending') return person;
    throw new Refusal(409, 'NotPending', `${person.username} waits for no answer. GET /api/v1/registrations lists who does.`);
  }
}
