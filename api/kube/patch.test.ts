import { describe, expect, test } from 'vitest';
import { configMaps } from './builtin/data.ts';
import { namespaces } from './builtin/namespace.ts';
import { metadataSchema } from './openapi-meta.ts';
import { jsonPatch, mergePatch } from './patch.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

describe('a merge patch', () => {
  test.each([
    ['sets and removes', { a: 1, b: { c: 2, d: 3 } }, { b: { c: null, e: 4 } }, { a: 1, b: { d: 3, e: 4 } }],
    ['replaces lists whole', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['replaces what is no object', { a: 'x' }, { a: { b: 1, c: null } }, { a: { b: 1 } }],
  ])('%s', (_name, target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

describe('a JSON patch', () => {
  const target = { a: { 'b/c': 1, '~': 2 }, list: [1, 2, 3] };
  test.each([
    [
      'adds to the end and in the middle',
      [
        { op: 'add', path: '/list/-', value: 4 },
        { op: 'add', path: '/list/1', value: 9 },
      ],
      { ...target, list: [1, 9, 2, 3, 4] },
    ],
    [
      'reads escaped keys',
      [
        { op: 'replace', path: '/a/b~1c', value: 7 },
        { op: 'remove', path: '/a/~0' },
      ],
      { ...target, a: { 'b/c': 7 } },
    ],
    [
      'moves and copies',
      [
        { op: 'move', from: '/list/0', path: '/first' },
        { op: 'copy', from: '/first', path: '/a/copy' },
      ],
      { a: { ...target.a, copy: 1 }, list: [2, 3], first: 1 },
    ],
    ['tests', [{ op: 'test', path: '/list', value: [1, 2, 3] }], target],
    ['replaces everything', [{ op: 'replace', path: '', value: { x: 1 } }], { x: 1 }],
  ])('%s', (_name, patch, result) => {
    const before = structuredClone(target);
    expect(jsonPatch(target, patch)).toEqual(result);
    expect(target).toEqual(before);
  });

  test.each([
    ['a failing test', [{ op: 'test', path: '/list/0', value: 2 }], 422],
    ['a missing place', [{ op: 'remove', path: '/none' }], 422],
    ['an index out of range', [{ op: 'add', path: '/list/9', value: 1 }], 422],
    ['a prototype', [{ op: 'add', path: '/__proto__', value: {} }], 422],
    ['an unknown operation', [{ op: 'fold', path: '/a' }], 400],
    ['something else than a list', {}, 400],
  ])('refuses %s', (_name, patch, code) => {
    expect(() => jsonPatch(target, patch)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a strategic merge patch', () => {
  const withMetadata = (schema: typeof configMaps.schema) => ({
    ...schema,
    properties: { ...schema.properties, metadata: metadataSchema },
  });
  const apply = (target: unknown, patch: unknown) => strategicMergePatch(target, patch, withMetadata(configMaps.schema));

  test('merges maps and removes with null', () => {
    expect(apply({ data: { a: '1', b: '2' } }, { data: { a: null, c: '3' } })).toEqual({ data: { b: '2', c: '3' } });
  });

  test('replaces or deletes a map when told to', () => {
    expect(apply({ data: { a: '1' } }, { data: { $patch: 'replace', b: '2' } })).toEqual({ data: { b: '2' } });
    expect(apply({ data: { a: '1' } }, { data: { $patch: 'delete' } })).toEqual({ data: {} });
    expect(apply({ data: { a: '1', b: '2' } }, { data: { $retainKeys: ['b'], b: '3' } })).toEqual({ data: { b: '3' } });
  });

  test('merges finalizers as a set and takes them out one by one', () => {
    const target = { metadata: { finalizers: ['a', 'b'] } };
    expect(apply(target, { metadata: { finalizers: ['b', 'c'] } })).toEqual({ metadata: { finalizers: ['a', 'b', 'c'] } });
    expect(apply(target, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'], '$setElementOrder/finalizers': ['b'] } })).toEqual({
      metadata: { finalizers: ['b'] },
    });
  });

  test('merges owners by uid and conditions by type', () => {
    const owners = {
      metadata: {
        ownerReferences: [
          { uid: '1', name: 'a' },
          { uid: '2', name: 'b' },
        ],
      },
    };
    const patch = {
      metadata: {
        ownerReferences: [
          { uid: '1', name: 'z' },
          { uid: '2', $patch: 'delete' },
        ],
      },
    };
    expect(apply(owners, patch)).toEqual({ metadata: { ownerReferences: [{ uid: '1', name: 'z' }] } });
    const status = { status: { conditions: [{ type: 'A', status: 'True' }] } };
    const more = {
      status: {
        $setElementOrder: [],
        '$setElementOrder/conditions': [{ type: 'B' }, { type: 'A' }],
        conditions: [{ type: 'B', status: 'False' }],
      },
    };
    const merged = strategicMergePatch(status, more, namespaces.schema) as { status: { conditions: unknown[] } };
    expect(merged.status.conditions).toEqual([
      { type: 'B', status: 'False' },
      { type: 'A', status: 'True' },
    ]);
  });

  test('refuses directives it does not know', () => {
    expect(() => apply({}, { data: { $patch: 'fold' } })).toThrow('Unknown patch type');
    expect(() => apply({}, { $other: 1 })).toThrow('unknown directive $other');
  });
});
