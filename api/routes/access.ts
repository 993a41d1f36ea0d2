import type { FastifyInstance } from 'fastify';
import type { Place } from '../auth/decide.ts';
import type { Permission } from '../auth/permissions.ts';
import type { PeopleParts } from './people-parts.ts';
import { questionsBody } from './people-schema.ts';

interface Question extends Place {
  readonly permission: Permission;
}

/** `POST /api/v1/access`: what whoever asks may do where, for the buttons of a page. Asking is no attempt, and is not recorded. */
export function accessRoutes(app: FastifyInstance, _parts: PeopleParts): void {
  app.post<{ Body: { questions: readonly Question[] } }>(
    '/api/v1/access',
    { schema: { body: questionsBody }, config: { access: 'signed-in' } },
    async (asked) => ({
      answers: asked.body.questions.map(({ permission, cluster, namespace }) => {
        const decision = asked.may(permission, { cluster, namespace });
        return { permission, cluster, namespace, allowed: decision.allowed, ...(!decision.allowed && { reason: decision.reason }) };
      }),
    }),
  );
}
