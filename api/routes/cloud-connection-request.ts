import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { ClusterSights } from '#controller/cluster-sights.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { HealthRecords } from '#controller/health/records.ts';
import { CloudConfigError } from '#controller/openstack/config-section.ts';
import { sourceOf } from '../auth/denials.ts';
import type { Access } from '../auth/gate.ts';
import type { Permission } from '../auth/permissions.ts';
import { clusterPath } from '../connections/cluster-object.ts';
import { doorOf, find, type KubeDoor, KubeRefused, type StoredObject } from '../connections/kube-door.ts';
import type { OwnKube, OwnKubeRequest } from '../own-kube.ts';
import { parseMoment } from './audit-schema.ts';
import { badRequest, explain, problem } from './problem.ts';

export interface ConnectionContext {
  readonly kube: OwnKube;
  /** This program itself, for what people may see of an object without the right to read it. */
  readonly itself: OwnKubeRequest['caller'];
  readonly audit: Audit;
  /** Undefined until the controller runs. */
  sights?(): ClusterSights | undefined;
  /** Undefined in tests of other parts. */
  readonly health?: HealthRecords;
}

export interface ClusterRoute {
  readonly Params: { readonly cluster: string };
}

/** Answered as RFC 9457. */
export class Refused extends Error {
  readonly status: number;
  readonly title: string;
  readonly more: object;
  constructor(status: number, title: string, detail: string, more: object = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.more = more;
  }
}

/** Needs a permission at the cluster that the path names. */
export function atCluster(permission: Permission): Access {
  return { permission, at: ({ params }: FastifyRequest) => ({ cluster: (params as ClusterRoute['Params']).cluster, namespace: '*' }) };
}

/** The Kubernetes API in the name of who sent the request. */
export function asCaller(context: ConnectionContext, request: FastifyRequest): KubeDoor {
  return doorOf(context.kube, { ...request.headers, address: request.ip });
}

export function asItself({ kube, itself }: ConnectionContext): KubeDoor {
  return doorOf(kube, itself);
}

/** Throws Refused when there is none. */
export async function clusterNamed(door: KubeDoor, name: string): Promise<StoredObject> {
  const cluster = await find(door, clusterPath(name));
  if (cluster) return cluster;
  throw new Refused(404, 'ClusterNotFound', `There is no Cluster ${name}; GET /api/v1/clusters lists them.`);
}

/** Records what a person did to a connection, or failed to do; `cluster` is '' for one that is not made yet. */
export async function tell(
  { audit }: ConnectionContext,
  request: FastifyRequest,
  entry: { type: string; cluster: string; uid?: string; changes?: readonly Change[]; result?: 'ok' | 'failed' | 'denied'; message: string },
): Promise<void> {
  const { user } = request.identity;
  const { type, cluster, uid = '', changes = [], result = 'ok', message } = entry;
  await audit.record({
    type,
    actor: user,
    ...(cluster && { cluster, object: { kind: 'Cluster', namespace: '', name: cluster, uid } }),
    changes,
    result,
    message: `${user} ${message}`,
    requestIds: [],
    source: sourceOf(request),
  });
}

/** Does it, and records also that it was tried and failed. `words` complete "may not ..., could not ...". */
export async function attempt<T>(
  context: ConnectionContext,
  request: FastifyRequest,
  { type, cluster, words }: { type: string; cluster: string; words: string },
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof KubeRefused || error instanceof Refused || error instanceof CloudConfigError) {
      const result = 'status' in error && error.status === 403 ? 'denied' : 'failed';
      await tell(context, request, { type, cluster, result, message: `could not ${words}: ${error.message}` });
    }
    throw error;
  }
}

/** Strict on purpose: a misspelt field that was dropped would seem to have been set. Nothing a person sent is quoted. */
export function checkStrictly(app: FastifyInstance): void {
  const query = addMoment(new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true, strictRequired: false }));
  const body = new Ajv({ useDefaults: true, allErrors: true, verbose: true, strictRequired: false });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? body : query).compile(schema as object));
  app.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply));
}

function addMoment(ajv: Ajv): Ajv {
  return ajv.addFormat('moment', (text) => parseMoment(text) !== undefined);
}

function answerError(error: FastifyError, reply: FastifyReply): FastifyReply {
  if (error instanceof Refused) return problem(reply, error.status, error.title, error.message, error.more);
  if (error instanceof CloudConfigError) return badRequest(reply, [{ field: `credentials.${error.field}`, message: error.message }]);
  if (error instanceof KubeRefused) return answerRefused(error, reply);
  if (!error.validation) throw error;
  // Of a choice only the choice itself is told, not how each branch failed.
  const errors = (error.validation as ErrorObject[]).filter(({ schemaPath }) => !/\/oneOf\/\d/.test(schemaPath));
  return badRequest(
    reply,
    errors.map((each) => explain(each)),
  );
}

function answerRefused(error: KubeRefused, reply: FastifyReply): FastifyReply {
  const errors = error.causes.length === 0 ? {} : { errors: error.causes };
  return problem(reply, error.status, error.reason, error.message, errors);
}
