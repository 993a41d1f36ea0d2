import { describe, expect, it } from 'vitest';
import { controllerIdentity } from './auth/identity.ts';
import { diffJson, entryOf } from './kube-audit.ts';

const anna = { user: 'anna', groups: [] };
const volume = (spec: object, metadata: object = {}) => ({
  apiVersion: 'openstack.stackwarden.io/v1alpha1',
  kind: 'Volume',
  metadata: { name: 'data', namespace: 'shop', uid: 'u1', ...metadata },
  spec: { clusterRef: { name: 'main' }, ...spec },
});

describe('what people declare', () => {
  it('is recorded with who did it and every field that changed', () => {
    const entry = entryOf({
      user: anna,
      before: volume({ sizeGiB: 1, metadata: { tier: 'a' } }),
      after: volume({ sizeGiB: 2, metadata: {} }),
    });
    expect(entry).toMatchObject({
      type: 'SpecChanged',
      actor: 'anna',
      cluster: 'main',
      object: { kind: 'Volume', namespace: 'shop', name: 'data', uid: 'u1' },
      changes: [
        { path: 'spec.metadata.tier', from: 'a', to: null },
        { path: 'spec.sizeGiB', from: 1, to: 2 },
      ],
    });
  });

  it('is recorded with whence they asked', () => {
    const source = { address: '192.0.2.7', session: 's-1', requestId: 'r-1' };
    expect(entryOf({ user: { ...anna, source }, after: volume({}) })?.source).toEqual(source);
    expect(entryOf({ user: anna, after: volume({}) })).not.toHaveProperty('source');
  });

  it('is told apart as declared, changed and deleted', () => {
    const deleting = volume({}, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(entryOf({ user: anna, after: volume({}) })?.type).toBe('Declared');
    expect(entryOf({ user: anna, before: volume({}), after: deleting })?.type).toBe('DeletionRequested');
    expect(entryOf({ user: anna, before: volume({}) })?.type).toBe('DeletionRequested');
  });

  it('leaves out labels, the reconciler itself and kinds of others', () => {
    expect(entryOf({ user: anna, before: volume({}), after: volume({}, { labels: { a: 'b' } }) })).toBeUndefined();
    expect(entryOf({ user: controllerIdentity, before: volume({}), after: volume({ sizeGiB: 3 }) })).toBeUndefined();
    expect(entryOf({ user: anna, after: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } } })).toBeUndefined();
  });

  it('never holds what is in a Secret', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, data: { password: 'aHVudGVyMg==' } };
    expect(JSON.stringify(entryOf({ user: anna, after: secret }))).not.toContain('aHVudGVyMg');
    expect(entryOf({ user: anna, after: secret })?.type).toBe('Declared');
  });
});

describe('the difference of two values', () => {
  it('compares lists as a whole and ignores the order of keys', () => {
    expect(diffJson({ a: [1, 2], b: { c: 1 } }, { b: { c: 1 }, a: [2, 1] }, 'spec')).toEqual([
      { path: 'spec.a', from: [1, 2], to: [2, 1] },
    ]);
  });
});
