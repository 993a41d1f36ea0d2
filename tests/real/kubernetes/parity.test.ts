import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { decodeProtobuf } from '#api/kube/protobuf.ts';
import { widgetCrd } from '#api/kube/widget.fixture.ts';
import { type ApiServer, startApiServer } from '#tests/real/kubectl/api-server.ts';
import { type ParityRequest, requests } from './requests.ts';

/**
 * Sends the same requests to a real kube-apiserver and to ours, and compares status code, reason and wording. Where ours differs on
 * purpose the difference is listed below with its reason. Needs KUBE_UP_KUBECONFIG.
 */
const kubeconfig = process.env['KUBE_UP_KUBECONFIG'];
const namespace = `stackwarden-parity-${Math.random().toString(36).slice(2, 8)}`;

interface Endpoint {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly dispatcher?: Agent;
}

interface Outcome {
  readonly status: number;
  readonly warning: string;
  readonly body: unknown;
}

/** Where ours is meant to differ; `status` is the part still compared. */
const onPurpose: Readonly<Record<string, string>> = {
  'duplicate field in YAML, strict': 'the message, both 400',
  'wrong types': 'Kubernetes tells 1.5 for an integer twice',
  'other version': 'Kubernetes also warns of fields',
  'several faults': 'Kubernetes tells one fault of a text at a time',
  'events by object': 'items carry their kind',
  'no kind': 'Kubernetes quotes the body, which may be a secret',
  'not JSON': 'Kubernetes quotes the body, which may be a secret',
  'not an object': 'Kubernetes shows Go types',
  'unknown resource': 'a Status instead of plain text',
  'unknown group': 'a Status instead of plain text',
  'unknown version': 'a Status instead of plain text',
  'resource version from the future': 'the current version is another one',
  'watch of a bad version': '400 instead of 500: it is the client that errs',
  'update with another uid': 'no storage keys in messages',
  'merge patch, unknown field, strict': 'Kubernetes quotes the whole object',
  'merge patch, not JSON': 'the position is not told',
  'merge patch of the uid': 'Kubernetes tells the same cause twice',
  'a finalizer while deleting': 'Kubernetes tells the same cause twice',
  'JSON patch, unknown operation': 'the operation is shown as it was sent',
  'strategic merge patch of our kind': 'server-side apply is not offered',
  'patch of an unknown type': 'server-side apply is not offered',
  'method not allowed on an item': '405; Kubernetes creates',
  'unknown subresource': 'the path is unknown, not the object',
  'bad continue': 'the token has another form',
};
/** Of these not even the status is the same. */
const otherStatus = new Set(['watch of a bad version', 'method not allowed on an item']);

let ours: ApiServer;
let endpoints: { real: Endpoint; ours: Endpoint };

async function send({ url, headers, dispatcher }: Endpoint, { method, path, type, accept, body }: ParityRequest): Promise<Outcome> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await request(url + path.replaceAll('$NS', namespace), {
    method,
    headers: {
      ...headers,
      accept: accept ?? 'application/json',
      ...(text === undefined ? {} : { 'content-type': type ?? 'application/json' }),
    },
    ...(text === undefined ? {} : { body: text.replaceAll('$NS', namespace) }),
    ...(dispatcher ? { dispatcher } : {}),
  });
  const answer = await response.body.text();
  return { status: response.statusCode, warning: [response.headers.warning ?? ''].flat().join('\n'), body: parsed(answer) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const volatile = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp', 'managedFields', 'columnDefinitions']);

/** What must be the same: no versions, times and ids; causes in any order. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<uid>')
      .replace(/record \(\d+\)/, 'record (<version>)')
      .replace(/^\d+s$/, '<age>');
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, inner]) => !volatile.has(key) && !(key === 'continue' && inner === ''));
  const object = Object.fromEntries(entries.map(([key, inner]) => [key, comparable(inner)]));
  const { message, details } = object as { message?: unknown; details?: { causes?: { message: string; field?: string }[] } };
  // Several faults come in no defined order: their list is compared, sorted, and the sentence by its beginning.
  if (typeof message === 'string' && details?.causes && details.causes.length > 1) {
    details.causes.sort((a, b) => `${a.field} ${a.message}`.localeCompare(`${b.field} ${b.message}`));
    object.message = message.slice(0, message.indexOf('['));
  }
  return object;
}

beforeAll(async () => {
  if (!kubeconfig) throw new Error('This suite needs a real Kubernetes API server: set KUBE_UP_KUBECONFIG to its kubeconfig.');
  ours = await startApiServer();
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: { server: string } }[];
    users: { user: { token?: string } }[];
  };
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const headers = { authorization: `Bearer ${config.users[0]?.user.token}` };
  endpoints = { real: { url: config.clusters[0]?.cluster.server ?? '', headers, dispatcher }, ours: { url: ours.url, headers: {} } };
  const crd = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await send(endpoints.real, { name: '', method: 'POST', path: crd, body: widgetCrd() });
  for (const endpoint of [endpoints.real, endpoints.ours]) {
    await send(endpoint, {
      name: '',
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    });
  }
  // A new kind takes a moment to be served, and then another to be writable.
  const probe = { ...(requests[0] as ParityRequest), path: `${requests[0]?.path}?dryRun=All` };
  await vi.waitFor(async () => expect((await send(endpoints.real, probe)).status).toBe(201), { timeout: 20_000, interval: 200 });
});

afterAll(async () => {
  const own = `/api/v1/namespaces/${namespace}`;
  const unheld: ParityRequest = {
    name: '',
    method: 'PATCH',
    path: `${own}/events/full`,
    type: 'application/merge-patch+json',
    body: { metadata: { finalizers: null } },
  };
  await send(endpoints.real, unheld);
  await send(endpoints.real, { name: '', method: 'DELETE', path: `${own}/events` });
  for (const plural of ['configmaps', 'secrets']) await send(endpoints.real, { name: '', method: 'DELETE', path: `${own}/${plural}` });
  await send(endpoints.real, { name: '', method: 'DELETE', path: own });
  // A server without its namespace controller would keep the namespace for ever.
  const released = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace }, spec: { finalizers: [] } };
  await send(endpoints.real, { name: '', method: 'PUT', path: `${own}/finalize`, body: released });
  await send(endpoints.real, {
    name: '',
    method: 'DELETE',
    path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.demo.stackwarden.io',
  });
  await endpoints.real.dispatcher?.close();
  await ours.stop();
});

describe('our API answers as kube-apiserver does:', () => {
  for (const each of requests) {
    const why = onPurpose[each.name];
    test(`${each.name}${why ? ` (except: ${why})` : ''}`, async () => {
      const real = await send(endpoints.real, each);
      const own = await send(endpoints.ours, each);
      if (otherStatus.has(each.name)) return;
      expect(own.status).toBe(real.status);
      if (why) return;
      expect({ warning: own.warning, body: comparable(own.body) }).toEqual({ warning: real.warning, body: comparable(real.body) });
    });
  }
});

describe('the protobuf of kube-apiserver is read here as what its JSON says:', () => {
  const event = {
    metadata: {
      name: 'full',
      labels: { a: 'b', c: '' },
      annotations: { d: 'e' },
      finalizers: ['demo.stackwarden.io/f'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'u', controller: true }],
    },
    involvedObject: {
      kind: 'Widget',
      namespace,
      name: 'a',
      uid: 'u',
      apiVersion: 'demo.stackwarden.io/v1alpha1',
      resourceVersion: '5',
      fieldPath: 'spec',
    },
    related: { kind: 'Widget', namespace, name: 'b' },
    reason: 'Tried',
    message: 'It was tried',
    source: { component: 'test', host: 'here' },
    firstTimestamp: '2026-11-23T10:00:00Z',
    lastTimestamp: '2026-11-23T10:00:01Z',
    eventTime: '2026-11-23T10:00:00.123456Z',
    series: { count: 3, lastObservedTime: '2026-11-23T10:00:02.000001Z' },
    count: 2,
    type: 'Normal',
    action: 'Try',
    reportingComponent: 'test',
    reportingInstance: 'test-1',
  };
  const lease = {
    metadata: { name: 'full' },
    spec: {
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: '2026-11-23T10:00:00.000001Z',
      renewTime: '2026-11-23T10:00:00.123456Z',
      leaseTransitions: 7,
    },
  };
  test.each([
    ['v1', 'Event', 'events', event],
    ['v1', 'ConfigMap', 'configmaps', { metadata: { name: 'full' }, data: { a: 'ü' }, binaryData: { b: 'AAH/' }, immutable: true }],
    ['v1', 'Secret', 'secrets', { metadata: { name: 'full' }, data: { a: 'AAH/', b: '' }, type: 'x/y' }],
    ['coordination.k8s.io/v1', 'Lease', 'leases', lease],
    ['events.k8s.io/v1', 'Event', 'events', undefined],
  ])('%s %s', async (apiVersion, kind, plural, object) => {
    const path = `/${apiVersion === 'v1' ? 'api' : 'apis'}/${apiVersion}/namespaces/${namespace}/${plural}`;
    if (object)
      expect((await send(endpoints.real, { name: '', method: 'POST', path, body: { apiVersion, kind, ...object } })).status).toBe(201);
    const read = async (accept: string): Promise<Buffer> => {
      const { headers, dispatcher, url } = endpoints.real;
      const response = await request(`${url}${path}/full`, { headers: { ...headers, accept }, ...(dispatcher ? { dispatcher } : {}) });
      return Buffer.from(await response.body.arrayBuffer());
    };
    const asJson = JSON.parse((await read('application/json')).toString()) as { metadata: { managedFields?: unknown } };
    delete asJson.metadata.managedFields;
    expect(decodeProtobuf(await read('application/vnd.kubernetes.protobuf'))).toEqual(asJson);
  });
});
