import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonSchema } from './json.ts';
import type { KubeObject } from './object.ts';
import { type KindInGraph, nameOf, ReferenceGraph, referencesOf } from './references.ts';
import { indexedStore, wakenedBy } from './wake-ups.ts';

const name: JsonSchema = { type: 'object', properties: { name: { type: 'string' } } };
const instance: JsonSchema = {
  type: 'object',
  properties: {
    networks: {
      type: 'array',
      items: { type: 'object', properties: { networkRef: { ...name, 'x-ref': { kind: 'Network' } }, fixedIP: { type: 'string' } } },
    },
    securityGroupRefs: { type: 'array', items: { ...name, 'x-ref': { kind: 'Group' } } },
    labels: { type: 'object', additionalProperties: { ...name, 'x-ref': { kind: 'Label' } } },
    boot: { oneOf: [{ type: 'object', properties: { volumeRef: { ...name, 'x-ref': { kind: 'Volume' } } } }] },
  },
};
const group: JsonSchema = {
  type: 'object',
  properties: {
    rules: { type: 'array', items: { type: 'object', properties: { remoteRef: { ...name, 'x-ref': { kind: 'Group', soft: true } } } } },
  },
};
const node: JsonSchema = {
  type: 'object',
  properties: { nextRef: { ...name, 'x-ref': { kind: 'Node' } }, otherRef: { ...name, 'x-ref': { kind: 'Node' } } },
};

function graphOf(): {
  graph: ReferenceGraph;
  add: (kind: string, name: string, spec?: JsonObject, more?: Partial<KubeObject>) => KubeObject;
} {
  const kinds = new Map<string, KindInGraph>();
  const graph = new ReferenceGraph(kinds);
  for (const [kind, spec] of Object.entries({ Cluster: {}, Instance: instance, Group: group, Node: node })) {
    kinds.set(kind, { namespaced: kind !== 'Cluster', spec, store: indexedStore(() => graph) });
  }
  let version = 0;
  const add = (kind: string, name: string, spec: JsonObject = {}, more: Partial<KubeObject> = {}): KubeObject => {
    version += 1;
    const namespace = kind === 'Cluster' ? '' : 'demo';
    const object: KubeObject = {
      apiVersion: 'v1',
      kind,
      metadata: { name, namespace, uid: `${kind}-${name}`, resourceVersion: String(version) },
      spec,
      ...more,
    };
    kinds.get(kind)?.store.apply(object);
    return object;
  };
  return { graph, add };
}

describe('referencesOf', () => {
  it('finds marks in lists, maps and alternatives, each once', () => {
    const spec = {
      networks: [{ networkRef: { name: 'front' } }, { networkRef: { name: 'front' }, fixedIP: '10.0.0.5' }, {}],
      securityGroupRefs: [{ name: 'web' }, { name: 'ssh' }],
      labels: { one: { name: 'l' } },
      boot: { volumeRef: { name: 'root' } },
    };
    expect(referencesOf(instance, spec).map((one) => `${one.kind} ${one.name}`)).toEqual([
      'Network front',
      'Group web',
      'Group ssh',
      'Label l',
      'Volume root',
    ]);
  });

  it('tells soft from hard, and finds nothing where nothing is written', () => {
    expect(referencesOf(group, { rules: [{ remoteRef: { name: 'web' } }, {}] })).toEqual([{ kind: 'Group', name: 'web', soft: true }]);
    expect(referencesOf(instance, { networks: [{ networkRef: { name: '' } }] })).toEqual([]);
    expect(referencesOf(instance, undefined)).toEqual([]);
  });
});

describe('the reference graph', () => {
  it('knows who refers to a Cluster from any namespace without a mark in the schema', () => {
    const { graph, add } = graphOf();
    const cluster = add('Cluster', 'lab');
    add('Group', 'web', { clusterRef: { name: 'lab' } });
    add('Group', 'other', { clusterRef: { name: 'far' } });
    expect(graph.holders(cluster).map(nameOf)).toEqual(['Group demo/web']);
  });

  it('lets a hard reference hold a deletion and a soft one not', () => {
    const { graph, add } = graphOf();
    const web = add('Group', 'web');
    add('Group', 'db', { rules: [{ remoteRef: { name: 'web' } }] });
    expect(graph.holders(web)).toEqual([]);
    add('Instance', 'vm', { securityGroupRefs: [{ name: 'web' }] });
    expect(graph.holders(web).map(nameOf)).toEqual(['Instance demo/vm']);
  });

  it('finds circles of any length, and does not let one hold its own deletion', () => {
    const { graph, add } = graphOf();
    const a = add('Node', 'a', { nextRef: { name: 'b' } });
    add('Node', 'b', { nextRef: { name: 'c' }, otherRef: { name: 'd' } });
    add('Node', 'c', { nextRef: { name: 'a' } });
    const d = add('Node', 'd');
    expect(graph.circle(a)?.map((one) => one.metadata.name)).toEqual(['a', 'b', 'c', 'a']);
    expect(graph.circle(d)).toBeUndefined();
    expect(graph.holders(a)).toEqual([]);
    expect(graph.holders(d).map(nameOf)).toEqual(['Node demo/b']);
    expect(graph.circle(add('Node', 'self', { nextRef: { name: 'self' } }))?.length).toBe(2);
  });

  it('follows an object whose references change', () => {
    const { graph, add } = graphOf();
    const [b, c] = [add('Node', 'b'), add('Node', 'c')];
    add('Node', 'a', { nextRef: { name: 'b' } });
    add('Node', 'a', { nextRef: { name: 'c' } });
    expect([graph.referrers(b), graph.referrers(c)].map((one) => one.length)).toEqual([0, 1]);
  });
});

describe('a change to an object', () => {
  const wakes = (graph: ReferenceGraph, before: KubeObject, object: KubeObject): string[] =>
    wakenedBy({ type: 'changed', before, object }, graph, 'test.io').map((one) => `${one.object.metadata.name} ${one.priority}`);

  it('of its spec or annotations is a person asking; of its status or finalizers it is not', () => {
    const { graph, add } = graphOf();
    const before = add('Node', 'a');
    const { metadata } = before;
    expect(wakes(graph, before, { ...before, metadata: { ...metadata, generation: 2 } })).toEqual(['a person']);
    expect(wakes(graph, before, { ...before, metadata: { ...metadata, annotations: { 'test.io/reconcile-at': 'now' } } })).toEqual([
      'a person',
    ]);
    expect(wakes(graph, before, { ...before, metadata: { ...metadata, finalizers: ['x'] } })).toEqual([]);
    expect(wakes(graph, before, { ...before, status: { observedGeneration: 1 } })).toEqual([]);
  });

  it('that brings an id or makes it ready wakes those that refer to it', () => {
    const { graph, add } = graphOf();
    const before = add('Node', 'a');
    add('Node', 'b', { nextRef: { name: 'a' } });
    const ready = { type: 'Ready', status: 'True' as const, reason: 'InSync', message: 'x', lastTransitionTime: '', observedGeneration: 1 };
    expect(wakes(graph, before, { ...before, status: { id: 'id-1' } })).toEqual(['b wake']);
    expect(wakes(graph, before, { ...before, status: { conditions: [ready] } })).toEqual(['b wake']);
  });

  it('that ends its life or its references wakes what waits to be deleted', () => {
    const { graph, add } = graphOf();
    const gone = { metadata: { name: 'a', namespace: 'demo', uid: 'Node-a', resourceVersion: '9', deletionTimestamp: 'now' } };
    add('Node', 'a', {}, gone);
    const b = add('Node', 'b', { nextRef: { name: 'a' } });
    const woken = wakenedBy({ type: 'deleted', object: b }, graph, 'test.io').map((one) => one.object.metadata.name);
    expect(woken).toContain('a');
    expect(wakes(graph, b, { ...b, spec: {}, metadata: { ...b.metadata, generation: 2 } })).toContain('a wake');
  });
});
