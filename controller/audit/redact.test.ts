import { describe, expect, it } from 'vitest';
import type { Json } from '#controller/engine/json.ts';
import { redactChange } from './redact.ts';

const after = (path: string, to: Json, kind?: string) => redactChange({ path, from: null, to }, kind);

describe('redactChange', () => {
  it.each([
    'spec.password',
    'spec.auth[keystone].applicationCredentialSecret',
    'spec.userData',
    'spec.user_data',
    'spec.adminPass',
    'spec.privateKey',
    'spec.metadata.API_KEY',
    'spec.token.value',
  ])('hides the value at %s, and leaves the absent one absent', (path) => {
    expect(after(path, 'hunter2')).toEqual({ path, from: null, to: '***' });
  });

  it.each(['spec.sizeGiB', 'spec.credentialsSecretRef.name', 'spec.userDataSecretRef', 'spec.publicKey', 'spec.keyPairRef.name', ''])(
    'shows the value at %s',
    (path) => {
      expect(after(path, 'web')).toEqual({ path, from: null, to: 'web' });
    },
  );

  it('looks into objects and lists at any depth, and keeps how a change is closed', () => {
    const to = { name: 'a', nodes: [{ admin_pass: 'x', keys: { private_key: 'y' } }], credentialsSecretRef: { name: 'c' } };
    expect(redactChange({ path: 'spec', from: { password: null }, to, by: 'replace' }, undefined)).toEqual({
      path: 'spec',
      from: { password: null },
      to: { name: 'a', nodes: [{ admin_pass: '***', keys: { private_key: '***' } }], credentialsSecretRef: { name: 'c' } },
      by: 'replace',
    });
  });

  it('hides all data of a Secret, whatever its keys are called', () => {
    expect(after('data.clouds.yaml', 'aGk=', 'Secret').to).toBe('***');
    expect(after('stringData', { a: 'b' }, 'Secret').to).toBe('***');
    expect(after('data.color', 'blue', 'ConfigMap').to).toBe('blue');
  });
});
