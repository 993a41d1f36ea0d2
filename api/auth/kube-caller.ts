import type { FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import { throughOf } from '../kube-history.ts';
import { forgeryIn } from './csrf.ts';
import { auditDenial, sourceOf } from './denials.ts';
import type { Identity } from './identity.ts';
import type { KubeUser } from './kube-access.ts';

/** Who sends a request to the Kubernetes API, and with which program; nobody when another site made their browser send it. */
export async function kubeCallerOf(request: FastifyRequest, identity: Identity | undefined, audit: Audit): Promise<KubeUser | undefined> {
  if (!identity) return undefined;
  const source = sourceOf(request, identity);
  const forgery = identity.how === 'cookie' ? forgeryIn(request, identity.csrf) : undefined;
  if (forgery) {
    await auditDenial(audit, request, { reason: forgery.reason, user: { user: identity.user, source } });
    return undefined;
  }
  const { fieldManager } = request.query as { fieldManager?: unknown };
  const through = throughOf(request.headers['user-agent'], typeof fieldManager === 'string' ? fieldManager : undefined);
  return { ...identity, source, ...(through === undefined ? {} : { through }) };
}
