import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';

/** What clients of the Kubernetes API live with: an object that is not there, or that somebody else changed. */
const everyday = new Set([404, 409, 410]);

/** Logs each refused request under its id: who was refused what, and from where; never what they sent. */
export function logRefusals(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', async (request, { statusCode: status }) => {
    if (status < 400 || status >= 500 || (everyday.has(status) && isKubernetes(request))) return;
    log('info', 'request refused', {
      status,
      method: request.method,
      // As it is registered: a path itself may hold anything.
      route: request.routeOptions.url ?? 'none',
      requestId: request.id,
      address: request.ip,
      ...((request.identity as typeof request.identity | undefined) && { user: request.identity.user }),
    });
  });
}

function isKubernetes({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === '/api/v1/*' || routeOptions.url === '/apis/*';
}
