import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import { request } from 'undici';
import { type Lease, type LeaseStore, leaseMs } from './election.ts';
import type { JsonObject } from './json.ts';
import {
  isConflict,
  isNotFound,
  type KubeApi,
  KubeError,
  type ListPage,
  type ObjectName,
  type ResourceName,
  type WatchEvent,
} from './kube-api.ts';
import type { PooledKubeConfig } from './kube-config.ts';
import { readLines } from './lines.ts';
import type { KubeObject } from './object.ts';

export interface KubeClientOptions {
  /** Time for one answer; a watch has none but its own. Default 30 s. */
  readonly timeoutMs?: number;
  /** Shows in the API server's audit log and in managedFields. */
  readonly userAgent?: string;
}

interface Call {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: JsonObject;
  readonly signal?: AbortSignal;
}

const FIELD_MANAGER = 'stackwarden-controller';
const STATUS_ATTEMPTS = 5;

/** KubeApi over HTTP, with servers, certificates and credentials as a kubeconfig names them. */
export function kubeClient(config: PooledKubeConfig, options: KubeClientOptions = {}): KubeApi {
  const send = (method: 'GET' | 'POST' | 'PATCH', path: string, call: Call = {}): Promise<Answer> =>
    sendTo(config, options, method, path, call);
  const json = async (method: 'GET' | 'POST' | 'PATCH', path: string, call?: Call): Promise<JsonObject> =>
    parse(await textOf(await send(method, path, call)));
  const patch = (path: string, body: JsonObject): Promise<JsonObject> =>
    json('PATCH', path, { body, query: { fieldManager: FIELD_MANAGER } });
  const found = <T>(call: Promise<T>): Promise<T | undefined> =>
    call.catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });

  return {
    async list(resource, page) {
      const query = { limit: page.limit === undefined ? undefined : String(page.limit), continue: page.continue };
      return listPage(resource, await json('GET', pathOf(resource), { query }));
    },
    async watch(resource, { resourceVersion, bookmarks, timeoutSeconds, signal }, on) {
      const query = { watch: 'true', resourceVersion, allowWatchBookmarks: String(bookmarks), timeoutSeconds: String(timeoutSeconds) };
      const answer = await send('GET', pathOf(resource), { query, signal });
      await readLines(answer.body, (line) => on(watchEvent(line)));
    },
    async get(resource, name) {
      const object = await found(json('GET', pathOf(resource, name)));
      return object && kubeObject(resource, object);
    },
    async patchStatus(resource, object, status, { locked = false } = {}) {
      const name = nameIn(object);
      let { resourceVersion } = object.metadata;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return kubeObject(resource, await patch(`${pathOf(resource, name)}/status`, { metadata: { resourceVersion }, status }));
        } catch (error) {
          if (locked || attempt === STATUS_ATTEMPTS || !isConflict(error)) throw error;
          // A uid in a patch of /status is ignored by a real server (1.36), so a status could land on an object re-created under the
          // name. The version is not; when only the version differs, the object is still the one the status is about.
          const now = await found(json('GET', pathOf(resource, name)));
          const { uid, resourceVersion: newer } = now ? kubeObject(resource, now).metadata : { uid: '', resourceVersion };
          if (uid !== object.metadata.uid) throw error;
          resourceVersion = newer;
        }
      }
    },
    async patchFinalizers(resource, object, finalizers) {
      const { uid, resourceVersion } = object.metadata;
      return kubeObject(resource, await patch(pathOf(resource, nameIn(object)), { metadata: { uid, resourceVersion, finalizers } }));
    },
    async readSecret(name) {
      const secret = await found(json('GET', pathOf(SECRETS, name)));
      if (!secret) return undefined;
      const data = (secret['data'] ?? {}) as Record<string, string>;
      return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
    },
    async createEvent(event) {
      const path = `/api/v1/namespaces/${encodeURIComponent(event.metadata.namespace)}/events`;
      await json('POST', path, { body: { apiVersion: 'v1', kind: 'Event', ...event }, query: { fieldManager: FIELD_MANAGER } });
    },
    async patchEvent(name, body) {
      await patch(pathOf(EVENTS, name), body);
    },
  };
}

/** The Lease of this name, for an election among candidates; see election.ts. */
export function kubeLease(config: PooledKubeConfig, { namespace, name }: ObjectName, options: KubeClientOptions = {}): LeaseStore {
  const send = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: JsonObject): Promise<Lease> =>
    leaseIn(parse(await textOf(await sendTo(config, { timeoutMs: 4000, ...options }, method, path, body ? { body } : {}))));
  const spec = ({ holder, transitions }: Omit<Lease, 'version'>) => ({
    holderIdentity: holder,
    leaseDurationSeconds: Math.ceil(leaseMs / 1000),
    leaseTransitions: transitions,
    // Kubernetes' MicroTime.
    renewTime: new Date().toISOString().replace('Z', '000Z'),
  });
  const path = pathOf(LEASES, { namespace, name });
  return {
    read: () =>
      send('GET', path).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      }),
    create: (lease) =>
      send('POST', path.slice(0, path.lastIndexOf('/')), {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { namespace, name, annotations: lease.notes },
        spec: spec(lease),
      }),
    replace: (lease) => send('PATCH', path, { metadata: { resourceVersion: lease.version, annotations: lease.notes }, spec: spec(lease) }),
  };
}

function leaseIn(body: JsonObject): Lease {
  const { resourceVersion = '', annotations = {} } = (body['metadata'] ?? {}) as {
    resourceVersion?: string;
    annotations?: Record<string, string>;
  };
  const { holderIdentity = '', leaseTransitions = 0 } = (body['spec'] ?? {}) as { holderIdentity?: string; leaseTransitions?: number };
  return { holder: holderIdentity, notes: annotations, transitions: leaseTransitions, version: resourceVersion };
}

const LEASES: ResourceName = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', kind: 'Lease', namespaced: true };
const SECRETS: ResourceName = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true };
const EVENTS: ResourceName = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true };

function pathOf(resource: ResourceName, object?: ObjectName): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const namespace = object && resource.namespaced ? `/namespaces/${encodeURIComponent(object.namespace)}` : '';
  return `${root}${namespace}/${resource.plural}${object ? `/${encodeURIComponent(object.name)}` : ''}`;
}

function nameIn(object: KubeObject): ObjectName {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

interface Answer {
  readonly statusCode: number;
  readonly body: AsyncIterable<Uint8Array>;
}

async function sendTo(
  config: PooledKubeConfig,
  options: KubeClientOptions,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  call: Call,
): Promise<Answer> {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new KubeError(0, 'NoCluster', 'The kubeconfig names no current cluster; set current-context.');
  const url = new URL(server.replace(/\/$/, '') + path);
  for (const [key, value] of Object.entries(call.query ?? {})) if (value !== undefined && value !== '') url.searchParams.set(key, value);
  const context = new RequestContext(
    url.toString(),
    method === 'GET' ? HttpMethod.GET : method === 'POST' ? HttpMethod.POST : HttpMethod.PATCH,
  );
  const timeoutMs = options.timeoutMs ?? 30_000;
  let answer: Awaited<ReturnType<typeof request>>;
  try {
    await config.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher();
    answer = await request(url, {
      method,
      headers: {
        ...context.getHeaders(),
        accept: 'application/json',
        'user-agent': options.userAgent ?? FIELD_MANAGER,
        ...(call.body && { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
      },
      ...(call.body && { body: JSON.stringify(call.body) }),
      // A watch is silent for as long as nothing happens; whoever watches has its own idea of too long.
      ...(call.signal ? { signal: call.signal, bodyTimeout: 0 } : { signal: AbortSignal.timeout(timeoutMs), bodyTimeout: timeoutMs }),
      headersTimeout: timeoutMs,
      ...(dispatcher && { dispatcher }),
    });
  } catch (cause) {
    throw new KubeError(0, 'Unreachable', `No answer from the Kubernetes API at ${url.origin}: ${reasonOf(cause)}`, { cause });
  }
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
  throw await refusal(answer, url);
}

async function refusal(answer: Answer, url: URL): Promise<KubeError> {
  const text = await textOf(answer).catch(() => '');
  try {
    const status = JSON.parse(text) as { reason?: string; message?: string; details?: JsonObject };
    const details = status.details === undefined ? {} : { details: status.details };
    return new KubeError(answer.statusCode, status.reason ?? 'Unknown', status.message ?? `HTTP ${answer.statusCode}`, details);
  } catch {
    return new KubeError(answer.statusCode, 'Unknown', `${url.pathname}: HTTP ${answer.statusCode} ${text.slice(0, 200)}`);
  }
}

async function textOf(answer: Answer): Promise<string> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of answer.body) parts.push(part);
  } catch (cause) {
    throw new KubeError(0, 'Unreachable', `The answer of the Kubernetes API broke off: ${reasonOf(cause)}`, { cause });
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Said below.
  }
  throw new KubeError(0, 'Malformed', `The Kubernetes API answered something that is no JSON object: ${text.slice(0, 80)}`);
}

function listPage(resource: ResourceName, body: JsonObject): ListPage {
  const metadata = (body['metadata'] ?? {}) as { resourceVersion?: string; continue?: string };
  if (!Array.isArray(body['items']) || typeof metadata.resourceVersion !== 'string')
    throw new KubeError(0, 'Malformed', `The list of ${resource.plural} is no list.`);
  const items = (body['items'] as JsonObject[]).map((item) => kubeObject(resource, item));
  return { items, resourceVersion: metadata.resourceVersion, ...(metadata.continue && { continue: metadata.continue }) };
}

/** Items of a list do not always say what they are. */
function kubeObject(resource: ResourceName, body: JsonObject): KubeObject {
  const metadata = body['metadata'] as KubeObject['metadata'] | undefined;
  if (metadata?.uid === undefined || metadata.resourceVersion === undefined)
    throw new KubeError(0, 'Malformed', `A ${resource.kind} without uid or version.`);
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  return { ...(body as unknown as KubeObject), apiVersion, kind: resource.kind, spec: (body['spec'] ?? {}) as JsonObject };
}

function watchEvent(line: string): WatchEvent {
  const event = parse(line) as { type?: string; object?: JsonObject };
  const object = event.object as unknown as KubeObject | undefined;
  const { type = '' } = event;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      if (object?.metadata?.uid === undefined || object.metadata.resourceVersion === undefined) break;
      return { type, object: { ...object, spec: object.spec ?? {} } };
    case 'BOOKMARK':
      if (object?.metadata?.resourceVersion === undefined) break;
      return { type: 'BOOKMARK', resourceVersion: object.metadata.resourceVersion };
    case 'ERROR': {
      const { code, reason, message } = (event.object ?? {}) as { code?: number; reason?: string; message?: string };
      throw new KubeError(code ?? 500, reason ?? 'Unknown', message ?? 'The watch ended with an error.');
    }
    default:
      break;
  }
  throw new KubeError(0, 'Malformed', `A watch event that is none: ${line.slice(0, 80)}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
