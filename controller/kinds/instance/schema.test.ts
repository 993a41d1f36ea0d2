import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { instanceSpec } from './schema.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const isValid = ajv.compile(instanceSpec);
const ref = { name: 'x' };
const base = { flavor: ref, image: ref };

it.each([
  ['a declared port', { ...base, networks: [{ portRef: ref }] }, true],
  ['a port and a network', { ...base, networks: [{ portRef: ref, networkRef: ref }] }, false],
  ['a port and an address for it', { ...base, networks: [{ portRef: ref, fixedIP: '10.0.0.1' }] }, false],
  ['a port and a subnet to wait for', { ...base, networks: [{ portRef: ref, subnetRef: ref }] }, false],
  ['a network, an address and a subnet', { ...base, networks: [{ networkRef: ref, fixedIP: '10.0.0.1', subnetRef: ref }] }, true],
  ['a rebuild from an image', { ...base, onError: { action: 'Rebuild' } }, true],
  ['a rebuild of what boots from a volume', { flavor: ref, bootVolume: { volumeRef: ref }, onError: { action: 'Rebuild' } }, false],
  ['another way out for what boots from a volume', { flavor: ref, bootVolume: { volumeRef: ref }, onError: { action: 'Recreate' } }, true],
  ['no action', { ...base, onError: { attempts: 2 } }, false],
  ['no attempts', { ...base, onError: { action: 'Rebuild', attempts: 0 } }, false],
  ['a cooldown that is no time', { ...base, onError: { action: 'Rebuild', cooldown: 'soon' } }, false],
  ['no user data in user data', { ...base, userData: '' }, false],
  ['user data from a Secret', { ...base, userDataSecretRef: { name: 'x', key: 'y' } }, true],
  ['a Secret without its key', { ...base, userDataSecretRef: ref }, false],
  ['user data twice', { ...base, userData: 'a', userDataSecretRef: { name: 'x', key: 'y' } }, false],
  ['more user data than Nova takes', { ...base, userData: 'a'.repeat(49_150) }, false],
] as const)('%s is valid or not', (_name, spec, expected) => {
  expect(isValid(spec)).toBe(expected);
});

it('says every rule in words too, for those who understand them', () => {
  const item = instanceSpec.properties?.['networks']?.items;
  expect(item?.['x-kubernetes-validations']?.map((rule) => rule.message)).toEqual([
    'exactly one of networkRef and network and portRef must be set',
    'portRef excludes fixedIP and subnetRef',
  ]);
  expect(instanceSpec['x-kubernetes-validations']?.map((rule) => rule.message)).toContain(
    'userData and userDataSecretRef exclude each other',
  );
});
