import type { FastifyPluginAsync } from 'fastify';
import type { Retention, RetentionState } from '#controller/audit/retention.ts';
import type { Verification } from '#controller/audit/verify.ts';
import { sourceOf } from '../auth/denials.ts';
import { checkAuditRequests } from './audit-filter.ts';
import { retentionAnswer, retentionBody } from './audit-schema.ts';

/** `GET` and `PUT /api/v1/audit/retention`: for how many days entries are kept. What is older goes within the hour. */
export const auditRetention: FastifyPluginAsync<{ readonly retention: Retention }> = async (app, { retention }) => {
  checkAuditRequests(app);
  app.get(
    '/api/v1/audit/retention',
    { schema: { response: retentionAnswer }, config: { access: { permission: 'audit.read', at: 'everywhere' } } },
    async () => presentState(await retention.read()),
  );
  app.route<{ Body: { readonly days: number | null } }>({
    method: 'PUT',
    url: '/api/v1/audit/retention',
    schema: { body: retentionBody, response: retentionAnswer },
    config: { access: { permission: 'audit.retain', at: 'everywhere' } },
    handler: async (request) =>
      presentState(await retention.set(request.body.days, { actor: request.identity.user, source: sourceOf(request) })),
  });
};

function presentState({ setAt, checkpoint, ...state }: RetentionState) {
  return {
    ...state,
    ...(setAt !== undefined && { setAt: new Date(setAt).toISOString() }),
    ...(checkpoint && { checkpoint: presentCheckpoint(checkpoint) }),
  };
}

/** A checkpoint with its times as people read them. */
export function presentCheckpoint({ since, until, at, ...place }: NonNullable<Verification['checkpoint']>) {
  const [from, to, set] = [since, until, at].map((time) => new Date(time).toISOString());
  return { ...place, since: from, until: to, at: set };
}
