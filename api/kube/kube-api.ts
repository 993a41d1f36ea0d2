import { once } from 'node:events';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#controller/engine/ports.ts';
import { outageOf } from '#migrations/store-error.ts';
import { AccessDenied, type Authorize, permit } from './access.ts';
import type { Answer } from './answers.ts';
import type { Api, ObjectChange } from './api.ts';
import { configMaps, secrets } from './builtin/data.ts';
import { coreEvents, groupEvents } from './builtin/event.ts';
import { leases } from './builtin/lease.ts';
import { namespaces } from './builtin/namespace.ts';
import { services } from './builtin/service.ts';
import type { ResourceDefinition, User } from './definition.ts';
import { aggregated, aggregatedForm, coreVersions, groupList, resourceList, versionInfo } from './discovery.ts';
import type { PlanOf } from './dry-run-plan.ts';
import type { KeyProvider } from './encryption.ts';
import { EventLog } from './event-log.ts';
import { defaultRetention, type Retention, tidy } from './housekeeping.ts';
import { NamespaceLifecycle } from './namespace-lifecycle.ts';
import type { ObjectStore } from './object-store.ts';
import { answerObjects, type ObjectRequest, targetOf } from './objects.ts';
import { OpenApi } from './openapi.ts';
import { acceptedForm, includeObject, listOptions, parsePath } from './request.ts';
import { ResourceTable, resource } from './resource.ts';
import { SealedStore } from './sealed-store.ts';
import { badRequest, internal, noSuchPath, StatusError, tooLarge, unauthorized } from './status.ts';
import { warningHeaders } from './warning-header.ts';
import { watch } from './watch.ts';

/** What the Kubernetes API needs; see README.md. */
export interface KubeApiOptions {
  readonly store: ObjectStore;
  /** Our kinds; the built-in ones are served beside them. */
  readonly resources: readonly ResourceDefinition[];
  /** Who sends the request; undefined is answered 401. */
  authenticate(request: FastifyRequest): User | undefined | Promise<User | undefined>;
  /** Whether somebody may do something; without it everybody known may everything. */
  readonly authorize?: Authorize;
  /** Told of each refusal before it is answered; an error is logged and hinders nobody. */
  denied?(request: FastifyRequest, refusal: AccessDenied): Promise<void>;
  /** Encrypts Secrets where they are stored. */
  readonly keyProvider: KeyProvider;
  /** Told of every write after it was committed; an error is logged and hinders nobody. */
  onChange?(change: ObjectChange): void | Promise<void>;
  /** Tells what a dry run of our kinds would come to; sent along as warnings. No other request waits for it. */
  readonly planOf?: PlanOf;
  readonly clock?: Clock;
  readonly newId?: () => string;
  /** Where failures are told that no client sees. */
  log?(level: 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
  readonly retention?: Retention;
  /** How soon writes of other processes on the same database are seen. */
  readonly pollMs?: number;
}

const bodyLimit = 1.5 * 1024 * 1024;
const tidyEveryMs = 60_000;

const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** Serves the Kubernetes API under /api/v1, /apis, /openapi and /version. Register without a prefix; other routes under /api/v1 go before it. */
export const kubeApi: FastifyPluginAsync<KubeApiOptions> = async (app, options) => {
  const clock = options.clock ?? systemClock;
  const store = new SealedStore(options.store, options.keyProvider);
  const log = new EventLog(store, clock, options.pollMs === undefined ? {} : { pollMs: options.pollMs });
  const builtIn = [namespaces, configMaps, secrets, coreEvents, groupEvents, leases, services];
  const resources = new ResourceTable([...builtIn, ...options.resources.map((definition) => resource(definition))]);
  const tellLog = (level: 'warn' | 'error', message: string, fields: Record<string, unknown>): void =>
    options.log?.(level, message, fields);
  const changed = async (change: ObjectChange): Promise<void> => {
    try {
      await options.onChange?.(change);
    } catch (error) {
      tellLog('error', 'recording a change of an object failed', { error });
    }
  };
  const denied = async (request: FastifyRequest, refusal: AccessDenied): Promise<void> => {
    try {
      await options.denied?.(request, refusal);
    } catch (error) {
      tellLog('error', 'recording a refusal failed', { error });
    }
  };
  const api: Api = {
    store,
    log,
    resources,
    clock,
    newId: options.newId ?? (() => crypto.randomUUID()),
    changed,
    ...(options.authorize && { authorize: options.authorize }),
    ...(options.planOf && { planOf: options.planOf, planFailed: (error) => tellLog('warn', 'planning a dry run failed', { error }) }),
  };
  const lifecycle = new NamespaceLifecycle(api, namespaces, (message, error) => tellLog('warn', message, { error }));
  const stopping = new AbortController();
  const users = new WeakMap<FastifyRequest, User>();

  await log.start();
  await lifecycle.start();
  let stopTidying = keepTidy();
  function keepTidy(): () => void {
    return clock.after(tidyEveryMs, () => {
      void tidy(api, options.retention ?? defaultRetention).catch((error: unknown) =>
        tellLog('warn', 'cleaning up the event log failed', { error }),
      );
      stopTidying = keepTidy();
    });
  }

  app.addHook('preClose', async () => {
    stopping.abort();
    stopTidying();
    await lifecycle.close();
    log.close();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
  app.setErrorHandler(async (error, request, reply) => {
    const status = statusOf(error);
    if (error instanceof AccessDenied) await denied(request, error);
    if (status.code >= 500 && !(error instanceof StatusError)) tellLog('error', 'a request failed', { error });
    return sendStatus(status, reply);
  });
  app.addHook('onRequest', async (request) => {
    const user = await options.authenticate(request);
    if (!user) throw unauthorized();
    users.set(request, user);
  });

  const documents = new OpenApi(resources);
  const discovery = (part: 'api' | 'apis', plain: () => object) => async (request: FastifyRequest, reply: FastifyReply) => {
    const form = aggregatedForm(request.headers.accept);
    reply.header('vary', 'Accept');
    return form ? reply.type(form.type).send(JSON.stringify(aggregated(resources, part, form.version))) : plain();
  };
  app.get('/api', discovery('api', coreVersions));
  app.get(
    '/apis',
    discovery('apis', () => groupList(resources) ?? {}),
  );
  app.get('/api/v1', async () => resourceList(resources, 'v1'));
  app.get('/version', async () => versionInfo);
  app.get('/openapi/v3', async () => documents.index());
  app.get<{ Params: { '*': string } }>('/openapi/v3/*', async (request, reply) => {
    const document = documents.document(request.params['*']);
    if (!document) throw noSuchPath();
    return reply.header('etag', `"${document.hash}"`).type('application/json').send(document.body);
  });

  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = objectRequest(request, users.get(request));
    if (!asked) return groupDiscovery(request, reply);
    if (asked.method === 'GET' && asked.path.name === '' && listOptions(asked.query).isWatch) return serveWatch(asked, reply);
    return send(reply, await answerObjects(api, asked));
  };
  for (const url of ['/api/v1/*', '/apis/*'])
    app.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url, bodyLimit, handler: serve });

  function groupDiscovery(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const parts = new URL(request.url, 'http://localhost').pathname
      .split('/')
      .filter((part) => part !== '')
      .slice(1);
    const found =
      request.method === 'GET'
        ? parts.length === 1
          ? groupList(resources, parts[0])
          : resourceList(resources, parts.join('/'))
        : undefined;
    if (!found) throw noSuchPath();
    return reply.type('application/json').send(JSON.stringify(found));
  }

  async function serveWatch(asked: ObjectRequest, reply: FastifyReply): Promise<FastifyReply> {
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, stopping.signal]);
    const form = acceptedForm(asked.accept);
    const target = targetOf(api, asked);
    permit(api, target, 'watch', ['all']);
    const chunks = await watch(api, { target, options: listOptions(asked.query), form, include: includeObject(asked.query) }, signal);
    reply.hijack();
    const { raw } = reply;
    raw.on('close', () => ended.abort());
    raw.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private', 'x-content-type-options': 'nosniff' });
    raw.flushHeaders();
    try {
      for await (const chunk of chunks) {
        if (signal.aborted) break;
        // A client that does not read holds one chunk here; the rest stays in the log.
        if (!raw.write(chunk)) await once(raw, 'drain', { signal });
      }
    } catch (error) {
      if (!signal.aborted) tellLog('error', 'a watch failed', { error });
    }
    raw.end();
    return reply;
  }
};

function objectRequest(request: FastifyRequest, user: User | undefined): ObjectRequest | undefined {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const path = parsePath(pathname);
  if (!path || !user) return undefined;
  return {
    method: request.method,
    path,
    query: searchParams,
    accept: request.headers.accept,
    contentType: request.headers['content-type'],
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    user,
    isPartOfPlan: request.headers['stackwarden-plan'] === 'none',
  };
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  const warnings = warningHeaders(answer.warnings ?? []);
  if (warnings.length > 0) reply.header('warning', warnings);
  return reply.code(answer.code).type(answer.type).header('cache-control', 'no-cache, private').send(answer.body);
}

/** Every failure is a Status; what is not meant for people is logged and not shown. */
async function sendStatus(status: StatusError, reply: FastifyReply): Promise<FastifyReply> {
  if (status.details?.retryAfterSeconds) reply.header('retry-after', String(status.details.retryAfterSeconds));
  return reply.code(status.code).type('application/json').send(JSON.stringify(status.body()));
}

/** Kubernetes' reasons for what is refused ahead of this API. */
const reasons: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
};

function statusOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge(bodyLimit);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new StatusError(statusCode, reasons[statusCode] ?? badRequest('').reason, message ?? '');
  const outage = outageOf(error);
  if (outage) return new StatusError(503, 'ServiceUnavailable', outage.message);
  return internal('the request could not be carried out; the log of the server says why');
}
