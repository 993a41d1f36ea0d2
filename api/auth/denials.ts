import type { FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { Identity } from './identity.ts';
import type { Permission } from './permissions.ts';

interface Refused {
  readonly reason: string;
  readonly permission?: Permission;
  /** Whoever asked, where the request itself does not know. */
  readonly user?: { readonly user: string; readonly source?: NonNullable<AuditEntry['source']> };
}

/** Records who was refused what, and from where. */
export async function auditDenial(audit: Audit, request: FastifyRequest, { permission, reason, user }: Refused): Promise<void> {
  await audit.record({
    type: 'Denied',
    // A request that another site forged may come before anybody is known.
    actor: user?.user ?? request.identity?.user ?? 'unknown',
    changes: [],
    result: 'denied',
    message: `${request.method} ${request.routeOptions.url ?? ''}: ${reason}${permission ? ` (${permission})` : ''}`,
    requestIds: [],
    source: user?.source ?? sourceOf(request),
  });
}

/** Whence a request came, for the audit. */
export function sourceOf(
  request: FastifyRequest,
  identity: Pick<Identity, 'session'> | undefined = request.identity,
): { address: string; session?: string; requestId: string } {
  const session = identity?.session;
  return { address: request.ip, ...(session !== undefined && { session }), requestId: request.id };
}
