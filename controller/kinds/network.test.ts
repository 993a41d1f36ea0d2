import { describe, expect, it } from 'vitest';
import { OWNER_UID, real } from './answers.fixture.ts';
import { ask, knownCloud } from './inventory.fixture.ts';
import { type NetworkSpec, network } from './network.ts';

type Fields = Omit<NetworkSpec, 'clusterRef'>;
const desire = (spec: Fields) => network.desire({ clusterRef: { name: 'main' }, ...spec }, ask({ uid: OWNER_UID, name: 'net' }).resolve);
const owner = { uid: OWNER_UID, key: 'default/net', namespace: 'default', name: 'net' };

describe('what is declared is compared, and nothing else', () => {
  it.each<[string, Fields, unknown]>([
    ['nothing but its name', {}, []],
    ['what it holds', { description: '', adminStateUp: true, mtu: 1450, portSecurityEnabled: true, tags: ['b', 'a'] }, []],
    ['another name', { name: 'front' }, [{ path: 'spec.name', from: 'net', to: 'front' }]],
    ['a description', { description: 'Front' }, [{ path: 'spec.description', from: '', to: 'Front' }]],
    ['another MTU', { mtu: 1400 }, [{ path: 'spec.mtu', from: 1450, to: 1400 }]],
    ['shut', { adminStateUp: false }, [{ path: 'spec.adminStateUp', from: true, to: false }]],
    [
      'other tags',
      { tags: ['a', 'c'] },
      [
        { path: 'spec.tags[c]', from: null, to: 'c' },
        { path: 'spec.tags[b]', from: 'b', to: null },
      ],
    ],
  ])('%s', (_name, spec, expected) => {
    expect(network.diff(desire(spec), real.network)).toEqual({ changes: expected });
  });
});

it('shows a stamp that was removed, with the text beside it untouched', () => {
  const observed = { ...real.network, description: 'Front' };
  expect(network.diff(desire({ description: 'Front' }), observed).changes).toEqual([{ path: 'metadata.uid', from: null, to: OWNER_UID }]);
});

it('waits while it is built, and stalls in ERROR with its changes in sight', () => {
  expect(network.diff(desire({}), { ...real.network, status: 'BUILD' }).waiting?.reason).toBe('Building');
  const broken = network.diff(desire({ mtu: 1400 }), { ...real.network, status: 'ERROR' });
  expect(broken.failed?.message).toContain(real.network.id);
  expect(broken.changes).toHaveLength(1);
});

describe('is found', () => {
  it('by its recorded id, stamp or no stamp', () => {
    const cloud = knownCloud({ network: [{ ...real.network, description: '' }] });
    expect(network.observe(cloud, { ...owner, id: real.network.id })).toMatchObject({ found: 'one', id: real.network.id });
  });
  it('by its stamp when no id is recorded', () => {
    expect(network.observe(knownCloud({ network: [real.network] }), owner)).toMatchObject({ found: 'one', id: real.network.id });
  });
  it('by its stamp when the recorded one is gone', () => {
    expect(network.observe(knownCloud({ network: [real.network] }), { ...owner, id: 'gone' })).toMatchObject({
      found: 'one',
      id: real.network.id,
    });
  });
  it('never by its name', () => {
    const cloud = knownCloud({ network: [{ ...real.network, description: '', name: 'net' }] });
    expect(network.observe(cloud, owner)).toEqual({ found: 'none' });
  });
  it('as ambiguous when several carry the stamp', () => {
    const cloud = knownCloud({
      network: [
        { ...real.network, id: 'b' },
        { ...real.network, id: 'a' },
      ],
    });
    expect(network.observe(cloud, owner)).toEqual({ found: 'ambiguous', ids: ['a', 'b'] });
  });
  it('as foreign when the recorded one carries another stamp', () => {
    const seen = network.observe(knownCloud({ network: [real.network] }), { ...owner, uid: 'mine', id: real.network.id });
    expect(seen).toMatchObject({ found: 'foreign', message: expect.stringContaining(OWNER_UID) });
  });
});
