import type { FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import { sourceOf } from '../auth/denials.ts';
import type { Identity } from '../auth/identity.ts';
import { HttpProblem } from './http-problem.ts';
import type { Count } from './limits.ts';
import { isCrossSiteWrite } from './origin.ts';

export interface GuardOptions {
  readonly audit: Audit;
  readonly count: Count;
  /** Whom the limits hold for. */
  readonly counts: 'everybody' | 'strangers';
}

type Authenticate = (request: FastifyRequest) => Promise<Identity | undefined>;

/**
 * What every request meets that somebody is asked to vouch for, at the REST and the Kubernetes API alike: it is counted against the limits of
 * whoever sent it, and refused when a page of another site sends it with this site's cookies. Throws HttpProblem.
 */
export function guarded(authenticate: Authenticate, { audit, count, counts }: GuardOptions): Authenticate {
  return async (request) => {
    const identity = await authenticate(request);
    if (!identity || counts === 'everybody') await count(request, identity);
    if (!isCrossSiteWrite(request)) return identity;
    const detail = 'A page of another site sent this request. Send it from this site, or with a token instead of a cookie.';
    // Of nobody known it is not recorded: anybody could fill the audit.
    if (identity) {
      const message = `${request.method} ${request.routeOptions.url ?? ''}: sent by a page of another site`;
      const source = sourceOf(request, identity);
      await audit.record({ type: 'Denied', actor: identity.user, changes: [], result: 'denied', message, requestIds: [], source });
    }
    throw new HttpProblem(403, 'CrossSite', detail);
  };
}
