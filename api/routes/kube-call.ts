import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '#controller/engine/json.ts';

/** A request to the Kubernetes API, sent as whoever sent ours. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With the query: `/apis/GROUP/VERSION/namespaces/NAMESPACE/PLURAL/NAME?dryRun=All`. */
  readonly path: string;
  readonly body?: object;
  readonly authorization: string;
  /** What the write is known by afterwards. */
  readonly userAgent: string;
}

export interface KubeAnswer {
  readonly status: number;
  /** The object, or a Status that says why not. */
  readonly body: JsonObject;
}

/** The same door kubectl uses, with the same checks and the same record behind it. */
export type KubeCall = (request: KubeRequest) => Promise<KubeAnswer>;

/** Asks the API this application itself serves. */
export function ownKubeApi(app: FastifyInstance): KubeCall {
  return async ({ method, path, body, authorization, userAgent }) => {
    const headers = { authorization, 'user-agent': userAgent, 'content-type': 'application/json' };
    const reply = await app.inject({ method, url: path, headers, ...(body ? { payload: JSON.stringify(body) } : {}) });
    return { status: reply.statusCode, body: reply.json<JsonObject>() };
  };
}
