import { expect, it } from 'vitest';
import { OWNER_UID, real } from '../answers.fixture.ts';
import { ask, knownCloud } from '../inventory.fixture.ts';
import type { InstanceSpec } from './desire.ts';
import { instance } from './instance.ts';
import { recoveryOf } from './on-error.ts';

const broken = { ...real.server, status: 'ERROR' };
const stillborn = { ...real.broken, 'OS-SRV-USG:launched_at': null };
const fromVolume = { ...real.fromVolume, status: 'ERROR' };

it.each([
  ['is left to a person unless declared', undefined, broken, undefined],
  ['is left to a person under Observe', { action: 'Observe', attempts: 9 }, broken, undefined],
  [
    'takes a rebuild, three times and five minutes apart',
    { action: 'Rebuild' },
    broken,
    { by: 'rebuild', attempts: 3, coolDownMs: 300_000 },
  ],
  [
    'takes a new server',
    { action: 'Recreate', attempts: 1, cooldown: '1h' },
    broken,
    { by: 'replace', attempts: 1, coolDownMs: 3_600_000 },
  ],
  ['takes a new server where the old one never ran', { action: 'Rebuild' }, stillborn, { by: 'replace', attempts: 3, coolDownMs: 300_000 }],
  ['takes no rebuild that would empty a volume', { action: 'Rebuild' }, fromVolume, undefined],
] as const)('ERROR %s', (_name, onError, server, expected) => {
  expect(recoveryOf(onError, server)).toEqual(expected);
});

it('says why it will not rebuild', () => {
  const spec: InstanceSpec = { clusterRef: { name: 'main' }, flavor: { name: 'm1.tiny' }, onError: { action: 'Rebuild' } };
  const cloud = knownCloud({ flavor: [{ id: '1', name: 'm1.tiny' }], server: [fromVolume] });
  const desired = instance.desire(spec, ask({ cloud, uid: OWNER_UID, id: fromVolume.id }).resolve);
  const { failed } = instance.diff(desired, { server: fromVolume, ports: [], volumes: [], names: {} });
  expect(failed?.message).toContain('It boots from a volume and is not rebuilt.');
  expect(failed).not.toHaveProperty('recovery');
});
