import { expect, it } from 'vitest';
import type { ClusterSpec } from '../../../data/connections.ts';
import { formOf, patchOf } from './spec-form.ts';

const spec: ClusterSpec = {
  credentialsSecretRef: { namespace: 'default', name: 'cloud-main' },
  region: 'north',
  caBundle: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n',
  limits: { concurrency: 8, recreations: 0 },
  allowedNamespaces: ['shop', 'web'],
  maintenanceWindows: [{ days: ['Monday'], start: '02:00', duration: '2h' }],
};

it('changes nothing when nothing was changed', () => {
  expect(patchOf(spec, formOf(spec))).toEqual({});
  expect(patchOf({ credentialsSecretRef: spec.credentialsSecretRef }, formOf({ credentialsSecretRef: spec.credentialsSecretRef }))).toEqual(
    {},
  );
});

it('says only what differs, and null for what is left to the default again', () => {
  const form = {
    ...formOf(spec),
    region: '',
    sweepInterval: ' 5m ',
    concurrency: '',
    requestsPerSecond: '20',
    allowedNamespaces: 'shop，  ops',
    maintenanceWindows: [],
  };
  expect(patchOf(spec, form)).toEqual({
    region: null,
    sweepInterval: '5m',
    limits: { concurrency: null, requestsPerSecond: 20 },
    allowedNamespaces: ['shop', 'ops'],
    maintenanceWindows: null,
  });
});

it('leaves it to the server to refuse what is no number', () => {
  expect(patchOf(spec, { ...formOf(spec), recreations: 'many' })).toEqual({ limits: { recreations: 'many' } });
});
