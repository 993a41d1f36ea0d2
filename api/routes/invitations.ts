import type { FastifyInstance } from 'fastify';
import { forgeryIn } from '../auth/csrf.ts';
import { answerForgery } from '../auth/gate.ts';
import type { RoleAt } from '../auth/grants.ts';
import { shownInvitation, shownPerson } from './people-answers.ts';
import type { PeopleParts } from './people-parts.ts';
import { acceptanceBody, idParams, invitationBody, nothing } from './people-schema.ts';

interface InvitationBody {
  readonly email: string | null;
  readonly bindings: readonly RoleAt[];
  readonly hours: number;
}

interface AcceptanceBody {
  readonly token: string;
  readonly username: string;
  readonly password: string;
  readonly displayName?: string | null;
}

/** `/api/v1/invitations`, and `POST /api/v1/invitations/acceptance` for who was invited. */
export function invitationRoutes(app: FastifyInstance, { accounts, record }: PeopleParts): void {
  const { invitations, limits } = accounts;

  app.get('/api/v1/invitations', { config: { access: { permission: 'user.read', at: 'everywhere' } } }, async () => ({
    items: (await invitations.list()).map(shownInvitation),
  }));
  app.post<{ Body: InvitationBody }>(
    '/api/v1/invitations',
    { schema: { body: invitationBody }, config: { access: { permission: 'user.change', at: 'everywhere' } } },
    async (request, reply) => {
      const { email, bindings, hours } = request.body;
      const expiresAt = accounts.now() + hours * 3_600_000;
      const { token, invitation } = await invitations.create({ email, bindings, expiresAt }, request.identity);
      const about = { kind: 'Invitation', name: invitation.id, id: invitation.id } as const;
      const message = `${request.identity.user} invited ${email ?? 'somebody'} as ${bindings.map(({ role }) => role).join(', ') || 'no role'}.`;
      await record(request, { type: 'InvitationCreated', message, about });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...shownInvitation(invitation), token });
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/api/v1/invitations/:id',
    { schema: { params: idParams, body: nothing }, config: { access: { permission: 'user.change', at: 'everywhere' } } },
    async (request, reply) => {
      const { id } = await invitations.remove(request.params.id);
      const message = `${request.identity.user} took invitation ${id} back.`;
      await record(request, { type: 'InvitationRemoved', message, about: { kind: 'Invitation', name: id, id } });
      return reply.code(204).send();
    },
  );
  app.post<{ Body: AcceptanceBody }>(
    '/api/v1/invitations/acceptance',
    { schema: { body: acceptanceBody }, config: { access: 'open' } },
    async (request, reply) => {
      const forgery = forgeryIn(request, undefined);
      if (forgery) return answerForgery(request, reply, forgery);
      await limits.begin('invitation', request.ip);
      const { token, ...wanted } = request.body;
      const person = await invitations.accept(token, wanted);
      await limits.succeeded('invitation', request.ip);
      const about = { kind: 'User', name: person.username, id: person.id } as const;
      const message = `${person.username} took up an ${person.createdBy}.`;
      await record(request, { type: 'UserCreated', actor: person.username, message, about });
      return reply.code(201).send(shownPerson(person));
    },
  );
}
