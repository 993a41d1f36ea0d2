import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A request to the Kubernetes API of this process, in the name of whoever sent ours. */
export interface OwnKubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Of a PATCH: a JSON merge patch. */
  readonly body?: object;
  /** Headers of the request that asks for this one. */
  readonly caller: Pick<FastifyRequest['headers'], 'authorization' | 'cookie'>;
  /** What a write is known by afterwards. */
  readonly userAgent?: string;
  /** A dry run within a plan, which is not planned once more by itself. */
  readonly isPartOfPlan?: true;
}

export interface OwnKubeReply {
  readonly status: number;
  /** The object, or a Status that says why not; empty when the answer was neither. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The door kubectl uses, but for the wire: the same checks, and the same record behind it. */
export type OwnKube = (request: OwnKubeRequest) => Promise<OwnKubeReply>;

/** Asks the API this application itself serves. */
export function ownKube(app: FastifyInstance): OwnKube {
  return async ({ method, path, query, body, caller: { authorization, cookie }, userAgent, isPartOfPlan }) => {
    const answer = await app.inject({
      method,
      url: path,
      ...(query && { query: { ...query } }),
      headers: {
        accept: 'application/json',
        ...(isPartOfPlan && { 'stackwarden-plan': 'none' }),
        ...(userAgent !== undefined && { 'user-agent': userAgent }),
        ...(authorization !== undefined && { authorization }),
        ...(cookie !== undefined && { cookie }),
        ...(body && { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
      },
      ...(body && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: recordIn(answer.body) };
  };
}

function recordIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
