import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { KubeRequest, PlanKube } from './kube.ts';
import { isRecord } from './sources.ts';

/** Sent with a dry run that is part of a plan already, so that it is not planned once more by itself. */
export const noPlanHeader = 'stackwarden-plan';

/** The Kubernetes API of this process, in the name of whoever sent `caller`: the way of any request, but for the wire. */
export function ownKube(app: FastifyInstance, caller: FastifyRequest): PlanKube {
  const { authorization, cookie } = caller.headers;
  return {
    async send({ method, path, query = {}, body }: KubeRequest) {
      const answer = await app.inject({
        method,
        url: path,
        query: { ...query },
        headers: {
          accept: 'application/json',
          [noPlanHeader]: 'none',
          ...(authorization && { authorization }),
          ...(cookie && { cookie }),
          ...(body && { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
        },
        ...(body && { payload: JSON.stringify(body) }),
      });
      const parsed = parse(answer.body);
      return { status: answer.statusCode, body: isRecord(parsed) ? parsed : {} };
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
