import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { sourceOf } from '../auth/denials.ts';
import { type KeyRotation, type KeyStatus, KeysNotOurs } from '../keys/rotation.ts';
import { problem } from './problem.ts';

export interface KeyRoutesOptions {
  readonly rotation: KeyRotation;
}

const access = { permission: 'key.rotate', at: 'everywhere' } as const;

/**
 * `GET /api/v1/keys`: the keys that secrets are encrypted under, by id, and how many rows are under each. `POST /api/v1/keys/rotate`: begins a
 * rotation, or goes on with one that was cut off, and answers 202. MUST be registered where every request has been authenticated.
 */
export const keyRoutes: FastifyPluginAsync<KeyRoutesOptions> = async (app, { rotation }) => {
  app.get('/api/v1/keys', { config: { access } }, async () => present(await rotation.status()));

  app.post('/api/v1/keys/rotate', { config: { access } }, async (request, reply): Promise<FastifyReply> => {
    try {
      await rotation.start({ user: request.identity.user, source: sourceOf(request) });
    } catch (error) {
      if (error instanceof KeysNotOurs) return problem(reply, 409, 'KeysNotOurs', error.message);
      throw error;
    }
    return reply
      .code(202)
      .header('location', '/api/v1/keys')
      .send(present(await rotation.status()));
  });
};

function present({ rotation, ...status }: KeyStatus) {
  if (!rotation) return status;
  const { startedAt, endedAt, ...rest } = rotation;
  return {
    ...status,
    rotation: { ...rest, startedAt: iso(startedAt), ...(endedAt !== undefined && { endedAt: iso(endedAt) }) },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
