import type { FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { Denial } from './gate.ts';

/** Records who was refused what, and from where. */
export async function auditDenial(audit: Audit, request: FastifyRequest, { permission, reason }: Denial): Promise<void> {
  await audit.record({
    type: 'Denied',
    actor: request.identity.user,
    changes: [],
    result: 'denied',
    message: `${request.method} ${request.routeOptions.url ?? ''}: ${reason} (${permission})`,
    requestIds: [],
    source: sourceOf(request),
  });
}

/** Whence a request came, for the audit. */
export function sourceOf(request: FastifyRequest): { address: string; session?: string; requestId: string } {
  const { session } = request.identity ?? {};
  return { address: request.ip, ...(session !== undefined && { session }), requestId: request.id };
}
