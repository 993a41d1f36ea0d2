import { describe, expect, it } from 'vitest';
import { bodyOf, elementPath, mapChanges, mapWrites, memberPath, setAfter, setChanges } from './changes.ts';

it('writes paths as people would', () => {
  expect([memberPath('spec.metadata', 'tier'), memberPath('spec.metadata', 'app.tier'), elementPath('spec.tags', 'a b')]).toEqual([
    'spec.metadata.tier',
    'spec.metadata[app.tier]',
    'spec.tags[a b]',
  ]);
});

describe('of several changes only those allowed are written', () => {
  it('in a set', () => {
    const changes = setChanges('spec.tags', ['a', 'b'], ['b', 'c']);
    expect(setAfter('spec.tags', ['a', 'b'], changes)).toEqual(['b', 'c']);
    expect(setAfter('spec.tags', ['a', 'b'], changes.slice(0, 1))).toEqual(['a', 'b', 'c']);
    expect(setAfter('spec.tags', ['a', 'b'], changes.slice(1))).toEqual(['b']);
  });

  it('in a map', () => {
    const [observed, declared] = [
      { gone: '1', 'a.b': '2', kept: '3' },
      { 'a.b': '4', new: '5', kept: '3' },
    ];
    const changes = mapChanges('spec.metadata', observed, declared);
    expect(mapWrites('spec.metadata', observed, declared, changes)).toEqual({ set: { 'a.b': '4', new: '5' }, remove: ['gone'] });
    const one = changes.filter((change) => change.path === 'spec.metadata[a.b]');
    expect(mapWrites('spec.metadata', observed, declared, one)).toEqual({ set: { 'a.b': '4' }, remove: [] });
  });

  it('in a body', () => {
    const bodies = { 'spec.name': { name: 'a' }, 'spec.mtu': { mtu: 1 } };
    expect(bodyOf<{ name: string; mtu: number }>([{ path: 'spec.mtu', from: 2, to: 1 }], bodies)).toEqual({ mtu: 1 });
    expect(bodyOf<{ name: string; mtu: number }>([], bodies)).toBeUndefined();
  });
});

it('leaves alone what is not declared', () => {
  expect(setChanges('spec.tags', ['a'], undefined)).toEqual([]);
  expect(mapChanges('spec.metadata', { a: 'b' }, undefined)).toEqual([]);
});
