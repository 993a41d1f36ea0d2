import { expect, it } from 'vitest';
import type { KubeObject } from '#controller/engine/object.ts';
import { declarationOf } from './declarations.ts';

const instance = (spec: KubeObject['spec'], metadata: object = {}): KubeObject => ({
  apiVersion: 'openstack.stackwarden.io/v1alpha1',
  kind: 'Instance',
  metadata: { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1', ...metadata },
  spec,
});

it('shows that user data changed, and not what it is', () => {
  const changed = declarationOf({ before: instance({ userData: 'hunter2' }), after: instance({ userData: 'hunter3' }) });
  expect(changed).toMatchObject({ action: 'update', changes: [{ path: 'spec.userData', from: '***', to: '***' }] });
});

it('takes labels and annotations for declared, and notes of the server for none', () => {
  const before = instance({});
  expect(declarationOf({ before, after: instance({}, { resourceVersion: '2', generation: 3, finalizers: ['x'] }) }).action).toBe('none');
  const note = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
  expect(declarationOf({ before, after: instance({}, { annotations: note }) }).action).toBe('none');
  expect(declarationOf({ before, after: instance({}, { labels: { app: 'shop' } }) }).action).toBe('update');
  expect(declarationOf({ before, after: instance({}, { annotations: { 'openstack.stackwarden.io/paused': 'true' } }) }).action).toBe(
    'update',
  );
});
