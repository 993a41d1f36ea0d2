/** One request sent to both API servers; `$NS` in path or body stands for the namespace of the run. */
export interface ParityRequest {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly accept?: string;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: object | string;
}

const widgets = '/apis/demo.stackwarden.io/v1alpha1/namespaces/$NS/widgets';
const maps = '/api/v1/namespaces/$NS/configmaps';
const secrets = '/api/v1/namespaces/$NS/secrets';

const mergePatch = 'application/merge-patch+json';
const jsonPatch = 'application/json-patch+json';
const strategicPatch = 'application/strategic-merge-patch+json';

function widget(name: string, spec: unknown, more: object = {}): object {
  return { apiVersion: 'demo.stackwarden.io/v1alpha1', kind: 'Widget', metadata: { name, namespace: '$NS' }, spec, ...more };
}

function post(name: string, body: object | string, path = widgets, type?: string): ParityRequest {
  return { name, method: 'POST', path, body, ...(type ? { type } : {}) };
}

function map(name: string, data: unknown, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

function put(name: string, path: string, body: object): ParityRequest {
  return { name, method: 'PUT', path, body };
}

function patch(name: string, path: string, type: string, body: object | string): ParityRequest {
  return { name, method: 'PATCH', path, type, body };
}

const uid = '00000000-0000-0000-0000-000000000000';

/** Sent in this order; later ones lean on what earlier ones made. */
export const requests: readonly ParityRequest[] = [
  post('creates', widget('a', { sizeGiB: 5 })),
  post('creates a second time', widget('a', { sizeGiB: 5 })),
  post('unknown field, warn by default', widget('b', { sizeGiB: 5, colour: 'red' })),
  post(
    'unknown field, strict',
    widget('c', { sizeGiB: 5, colour: 'red', ports: [{ port: 1, speed: 3 }] }),
    `${widgets}?fieldValidation=Strict`,
  ),
  post('unknown fieldValidation', widget('c', { sizeGiB: 5 }), `${widgets}?fieldValidation=Loud`),
  post(
    'duplicate field, strict',
    '{"apiVersion":"demo.stackwarden.io/v1alpha1","kind":"Widget","metadata":{"name":"c"},"spec":{"sizeGiB":5,"sizeGiB":6}}',
    `${widgets}?fieldValidation=Strict`,
  ),
  post(
    'duplicate field, warn',
    '{"apiVersion":"demo.stackwarden.io/v1alpha1","kind":"Widget","metadata":{"name":"c"},"spec":{"sizeGiB":5,"sizeGiB":6}}',
    `${widgets}?fieldValidation=Warn`,
  ),
  post(
    'duplicate field in YAML, strict',
    'apiVersion: demo.stackwarden.io/v1alpha1\nkind: Widget\nmetadata:\n  name: yam\nspec:\n  sizeGiB: 5\n  sizeGiB: 6\n',
    `${widgets}?fieldValidation=Strict`,
    'application/yaml',
  ),
  post(
    'YAML',
    'apiVersion: demo.stackwarden.io/v1alpha1\nkind: Widget\nmetadata:\n  name: yam\nspec:\n  sizeGiB: 5\n',
    widgets,
    'application/yaml',
  ),
  post('wrong type', widget('d', { sizeGiB: 'five' })),
  post('wrong types', widget('d', { sizeGiB: 1.5, enabled: 'yes', tags: 'x', settings: [], ratio: 'r', ports: [{ port: 'x' }] })),
  post('spec of the wrong type', widget('d', 'text')),
  post('null for a required field', widget('d', { sizeGiB: null })),
  post('null for a plain field', widget('nullable', { sizeGiB: 1, code: null, note: null, mode: null })),
  post('missing required', widget('d', {})),
  post('missing spec', { apiVersion: 'demo.stackwarden.io/v1alpha1', kind: 'Widget', metadata: { name: 'd' } }),
  post('below minimum', widget('d', { sizeGiB: 0 })),
  post('above maximum', widget('d', { sizeGiB: 101 })),
  post('not in enum', widget('d', { sizeGiB: 1, mode: 'Lazy' })),
  post('pattern', widget('d', { sizeGiB: 1, code: 'A1' })),
  post('too short', widget('d', { sizeGiB: 1, code: 'a' })),
  post('too long', widget('d', { sizeGiB: 1, code: 'abcdefg' })),
  post('too many items', widget('d', { sizeGiB: 1, tags: ['a', 'b', 'c', 'd'] })),
  post('too few items', widget('d', { sizeGiB: 1, ports: [] })),
  post('too many properties', widget('d', { sizeGiB: 1, settings: { a: 'a', b: 'b', c: 'c' } })),
  post('duplicate set item', widget('d', { sizeGiB: 1, tags: ['a', 'a'] })),
  post('duplicate map key', widget('d', { sizeGiB: 1, ports: [{ port: 1 }, { port: 1 }] })),
  post('missing list map key', widget('d', { sizeGiB: 1, ports: [{ protocol: 'UDP' }] })),
  post('bad date', widget('d', { sizeGiB: 1, at: 'yesterday' })),
  post('oneOf none', widget('d', { sizeGiB: 1, source: {} })),
  post('oneOf both', widget('d', { sizeGiB: 1, source: { image: 'a', volume: 'b' } })),
  post('several faults', widget('d', { sizeGiB: 0, mode: 'Lazy', code: 'A' })),
  post('bad name', widget('Bad_Name', { sizeGiB: 1 })),
  post('no name', widget('', { sizeGiB: 1 })),
  post('name too long', widget('x'.repeat(254), { sizeGiB: 1 })),
  post('bad label', widget('d', { sizeGiB: 1 }, { metadata: { name: 'd', labels: { 'a b': 'c', ok: 'not ok!' } } })),
  post('bad annotation', widget('d', { sizeGiB: 1 }, { metadata: { name: 'd', annotations: { 'a b': 'c' } } })),
  post('bad finalizer', widget('d', { sizeGiB: 1 }, { metadata: { name: 'd', finalizers: ['plain', 'bad one/x'] } })),
  post('labels of the wrong type', widget('d', { sizeGiB: 1 }, { metadata: { name: 'd', labels: { a: 1 } } })),
  post(
    'bad owner reference',
    widget('d', { sizeGiB: 1 }, { metadata: { name: 'd', ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] } }),
  ),
  post(
    'unknown metadata field, strict',
    widget('d', { sizeGiB: 1 }, { metadata: { name: 'd', colour: 'red' } }),
    `${widgets}?fieldValidation=Strict`,
  ),
  post('other namespace', widget('d', { sizeGiB: 1 }, { metadata: { name: 'd', namespace: 'other' } })),
  post('missing namespace', widget('d', { sizeGiB: 1 }, { metadata: { name: 'd' } }), widgets.replace('$NS', 'no-such-namespace')),
  post('other kind', { ...widget('d', { sizeGiB: 1 }), kind: 'Gadget' }),
  post('other version', { ...widget('d', { sizeGiB: 1 }), apiVersion: 'demo.stackwarden.io/v1' }),
  post('no kind', { metadata: { name: 'd' }, spec: { sizeGiB: 1 } }),
  post('resourceVersion on create', widget('d', { sizeGiB: 1 }, { metadata: { name: 'd', resourceVersion: '5' } })),
  post('not JSON', '{"apiVersion":', widgets),
  post('not an object', '[1]', widgets),
  post('empty body', '', widgets),
  post('unsupported type', '<a/>', widgets, 'application/xml'),
  post('dry run', widget('dry', { sizeGiB: 1 }), `${widgets}?dryRun=All`),
  post('unknown dry run', widget('dry', { sizeGiB: 1 }), `${widgets}?dryRun=Some`),
  { name: 'dry run left nothing', method: 'GET', path: `${widgets}/dry` },
  { name: 'get', method: 'GET', path: `${widgets}/a` },
  { name: 'get missing', method: 'GET', path: `${widgets}/none` },
  { name: 'get in a missing namespace', method: 'GET', path: '/apis/demo.stackwarden.io/v1alpha1/namespaces/nowhere/widgets/a' },
  { name: 'unknown resource', method: 'GET', path: '/apis/demo.stackwarden.io/v1alpha1/namespaces/$NS/gadgets' },
  { name: 'unknown group', method: 'GET', path: '/apis/nothing.stackwarden.io/v1/gadgets' },
  { name: 'unknown version', method: 'GET', path: '/apis/demo.stackwarden.io/v9' },
  { name: 'unknown core resource', method: 'GET', path: '/api/v1/gadgets' },
  { name: 'method not allowed on an item', method: 'POST', path: `${widgets}/a`, body: widget('a', { sizeGiB: 1 }) },
  { name: 'method not allowed on a list', method: 'PUT', path: widgets, body: widget('a', { sizeGiB: 1 }) },
  { name: 'list in a missing namespace', method: 'GET', path: '/apis/demo.stackwarden.io/v1alpha1/namespaces/nowhere/widgets' },
  { name: 'as a table', method: 'GET', path: widgets, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
  { name: 'one as a table', method: 'GET', path: `${widgets}/a`, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
  { name: 'metadata only', method: 'GET', path: widgets, accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' },
  {
    name: 'one, metadata only',
    method: 'GET',
    path: `${widgets}/a`,
    accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  },
  { name: 'not acceptable', method: 'GET', path: widgets, accept: 'application/xml' },
  { name: 'bad label selector', method: 'GET', path: `${widgets}?labelSelector=a%20in%20b` },
  { name: 'bad label selector value', method: 'GET', path: `${widgets}?labelSelector=a%3D!!` },
  { name: 'bad field selector', method: 'GET', path: `${widgets}?fieldSelector=spec.sizeGiB%3D5` },
  { name: 'malformed field selector', method: 'GET', path: `${widgets}?fieldSelector=abc` },
  { name: 'bad field selector of a built-in', method: 'GET', path: `${maps}?fieldSelector=data.x%3D5` },
  { name: 'bad limit', method: 'GET', path: `${widgets}?limit=x` },
  { name: 'bad resource version', method: 'GET', path: `${widgets}?resourceVersion=x` },
  { name: 'resource version from the future', method: 'GET', path: `${widgets}?resourceVersion=999999999&resourceVersionMatch=Exact` },
  { name: 'match without version', method: 'GET', path: `${widgets}?resourceVersionMatch=Exact` },
  { name: 'match exact zero', method: 'GET', path: `${widgets}?resourceVersion=0&resourceVersionMatch=Exact` },
  { name: 'unknown match', method: 'GET', path: `${widgets}?resourceVersion=1&resourceVersionMatch=Nearly` },
  { name: 'bad continue', method: 'GET', path: `${widgets}?limit=1&continue=nonsense` },
  { name: 'initial events without a watch', method: 'GET', path: `${widgets}?sendInitialEvents=true` },
  { name: 'initial events without a match', method: 'GET', path: `${widgets}?watch=1&sendInitialEvents=true&timeoutSeconds=1` },
  { name: 'watch of a bad version', method: 'GET', path: `${widgets}?watch=1&resourceVersion=x&timeoutSeconds=1` },
  put('update', `${widgets}/b`, widget('b', { sizeGiB: 7 })),
  put('update of another name', `${widgets}/b`, widget('c', { sizeGiB: 7 })),
  put('update without a name', `${widgets}/b`, {
    apiVersion: 'demo.stackwarden.io/v1alpha1',
    kind: 'Widget',
    metadata: {},
    spec: { sizeGiB: 7 },
  }),
  put('update with an old version', `${widgets}/b`, widget('b', { sizeGiB: 8 }, { metadata: { name: 'b', resourceVersion: '1' } })),
  put('update with a bad version', `${widgets}/b`, widget('b', { sizeGiB: 8 }, { metadata: { name: 'b', resourceVersion: 'x' } })),
  put('update with another uid', `${widgets}/b`, widget('b', { sizeGiB: 8 }, { metadata: { name: 'b', uid } })),
  put('update of a missing one', `${widgets}/none`, widget('none', { sizeGiB: 8 }, { metadata: { name: 'none', resourceVersion: '1' } })),
  put('update of a missing one without a version', `${widgets}/none`, widget('none', { sizeGiB: 8 })),
  put('invalid update', `${widgets}/b`, widget('b', { sizeGiB: 0 })),
  put('update of a built-in without a version', `${maps}/none`, map('none', { a: 'b' })),
  patch('merge patch', `${widgets}/b`, mergePatch, { spec: { sizeGiB: 9, code: 'abc' } }),
  patch('merge patch removes', `${widgets}/b`, mergePatch, { spec: { code: null } }),
  patch('merge patch, invalid', `${widgets}/b`, mergePatch, { spec: { sizeGiB: null } }),
  patch('merge patch, unknown field, strict', `${widgets}/b?fieldValidation=Strict`, mergePatch, { spec: { colour: 'red' } }),
  patch('merge patch of the name', `${widgets}/b`, mergePatch, { metadata: { name: 'z' } }),
  patch('merge patch of the uid', `${widgets}/b`, mergePatch, { metadata: { uid } }),
  patch('merge patch of the version', `${widgets}/b`, mergePatch, { metadata: { resourceVersion: '1' } }),
  patch('merge patch of the kind', `${widgets}/b`, mergePatch, { kind: 'Gadget' }),
  patch('merge patch, not an object', `${widgets}/b`, mergePatch, '[1]'),
  patch('merge patch, not JSON', `${widgets}/b`, mergePatch, '{'),
  patch('merge patch of a missing one', `${widgets}/none`, mergePatch, { spec: { sizeGiB: 1 } }),
  patch('JSON patch', `${widgets}/b`, jsonPatch, [{ op: 'replace', path: '/spec/sizeGiB', value: 11 }]),
  patch('JSON patch, failing test', `${widgets}/b`, jsonPatch, [{ op: 'test', path: '/spec/sizeGiB', value: 12 }]),
  patch('JSON patch, missing path', `${widgets}/b`, jsonPatch, [{ op: 'remove', path: '/spec/none' }]),
  patch('JSON patch, unknown operation', `${widgets}/b`, jsonPatch, [{ op: 'fold', path: '/spec/none' }]),
  patch('JSON patch, not a list', `${widgets}/b`, jsonPatch, { a: 1 }),
  patch('strategic merge patch of our kind', `${widgets}/b`, strategicPatch, { spec: { sizeGiB: 1 } }),
  patch('patch of an unknown type', `${widgets}/b`, 'application/json', { spec: { sizeGiB: 1 } }),
  put('status by the main resource', `${widgets}/a`, widget('a', { sizeGiB: 5 }, { status: { phase: 'Fine' } })),
  patch('status', `${widgets}/a/status`, mergePatch, {
    status: { phase: 'Fine', conditions: [{ type: 'Ready', status: 'True' }] },
    spec: { sizeGiB: 50 },
  }),
  patch('invalid status', `${widgets}/a/status`, mergePatch, { status: { conditions: [{ type: 'Ready', status: 'Perhaps' }] } }),
  { name: 'get status', method: 'GET', path: `${widgets}/a/status` },
  { name: 'unknown subresource', method: 'GET', path: `${widgets}/a/scale` },
  {
    name: 'delete with another uid',
    method: 'DELETE',
    path: `${widgets}/a`,
    body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid } },
  },
  {
    name: 'delete with an old version',
    method: 'DELETE',
    path: `${widgets}/a`,
    body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { resourceVersion: '1' } },
  },
  { name: 'delete with an unknown policy', method: 'DELETE', path: `${widgets}/a?propagationPolicy=Sideways` },
  patch('a finalizer', `${widgets}/b`, mergePatch, { metadata: { finalizers: ['demo.stackwarden.io/keep'] } }),
  { name: 'delete with a finalizer', method: 'DELETE', path: `${widgets}/b` },
  { name: 'delete with a finalizer again', method: 'DELETE', path: `${widgets}/b` },
  patch('a finalizer while deleting', `${widgets}/b`, mergePatch, {
    metadata: { finalizers: ['demo.stackwarden.io/keep', 'demo.stackwarden.io/more'] },
  }),
  patch('the last finalizer removed', `${widgets}/b`, mergePatch, { metadata: { finalizers: null } }),
  { name: 'gone', method: 'GET', path: `${widgets}/b` },
  { name: 'delete', method: 'DELETE', path: `${widgets}/a` },
  { name: 'delete a missing one', method: 'DELETE', path: `${widgets}/a` },
  { name: 'delete collection', method: 'DELETE', path: widgets },
  post('config map', map('m', { a: 'b' }), maps),
  post('config map with a number', map('n', { a: 1 }), maps),
  post('config map with a bad key', map('n', { 'a b': 'c' }), maps),
  post('config map with an unknown field, strict', { ...map('n', { a: 'c' }), extra: 1 }, `${maps}?fieldValidation=Strict`),
  post('config map with an unknown field', { ...map('n', { a: 'c' }), extra: 1 }, maps),
  patch('strategic merge patch of a config map', `${maps}/m`, strategicPatch, { data: { a: null, c: 'd' } }),
  post('immutable config map', { ...map('fixed', { a: 'c' }), immutable: true }, maps),
  patch('change of an immutable config map', `${maps}/fixed`, mergePatch, { data: { a: 'd' } }),
  {
    name: 'config maps as a table',
    method: 'GET',
    path: `${maps}?fieldSelector=metadata.name%3Dm`,
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  },
  post('secret', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'Yg==' }, stringData: { c: 'd' } }, secrets),
  post('secret with bad base64', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 't' }, data: { a: '???' } }, secrets),
  patch('type of a secret', `${secrets}/s`, mergePatch, { type: 'other' }),
  { name: 'secrets as a table', method: 'GET', path: secrets, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
  post('namespace with a bad name', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a.b' } }, '/api/v1/namespaces'),
  { name: 'delete the default namespace', method: 'DELETE', path: '/api/v1/namespaces/default' },
  post(
    'event',
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e.1', namespace: '$NS' },
      involvedObject: { kind: 'Widget', name: 'a', namespace: '$NS' },
      reason: 'Tried',
      message: 'It was tried',
      type: 'Normal',
      count: 1,
      firstTimestamp: '2026-11-23T10:00:00Z',
      lastTimestamp: '2026-11-23T10:00:00Z',
      source: { component: 'test' },
    },
    '/api/v1/namespaces/$NS/events',
  ),
  post(
    'event of another namespace',
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e.2' },
      involvedObject: { kind: 'Widget', name: 'a', namespace: 'other' },
      reason: 'Tried',
      type: 'Normal',
    },
    '/api/v1/namespaces/$NS/events',
  ),
  { name: 'event in the newer group', method: 'GET', path: '/apis/events.k8s.io/v1/namespaces/$NS/events/e.1' },
  {
    name: 'events by object',
    method: 'GET',
    path: '/api/v1/namespaces/$NS/events?fieldSelector=involvedObject.name%3Da,reason%3DTried,type!%3DWarning',
  },
  post(
    'lease',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'l' },
      spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-11-23T10:00:00.123456Z' },
    },
    '/apis/coordination.k8s.io/v1/namespaces/$NS/leases',
  ),
  post(
    'lease without a duration above zero',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'k' },
      spec: { holderIdentity: 'me', leaseDurationSeconds: 0 },
    },
    '/apis/coordination.k8s.io/v1/namespaces/$NS/leases',
  ),
  post(
    'self review',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'list', resource: 'widgets', group: 'demo.stackwarden.io' } },
    },
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  ),
];
