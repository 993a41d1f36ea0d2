import { describe, expect, it } from 'vitest';
import { real } from './answers.fixture.ts';
import { ask, knownCloud } from './inventory.fixture.ts';
import { fingerprint, keyPair } from './key-pair.ts';

const OTHER = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL1IpktTf8kJj9kzCxgTZ4mvL7ZEaMTeiz9fe5qgdMqz other@example';
const spec = { clusterRef: { name: 'main' }, name: real.keyPair.name, publicKey: real.keyPair.public_key };
const cloud = knownCloud({ keypair: [real.keyPair] });
const owner = { uid: 'u', key: 'default/key', namespace: 'default', name: 'key' };

it('has the fingerprint Nova shows', () => {
  expect(fingerprint(real.keyPair.public_key)).toBe(real.keyPair.fingerprint);
});

describe('a key pair of this name that is there already', () => {
  it('is ours when it has our key, whatever the comment', () => {
    const publicKey = spec.publicKey.replace(/ \S+$/, ' another comment\n');
    const asked = ask({ cloud });
    expect(keyPair.desire({ ...spec, publicKey }, asked.resolve)).toMatchObject({ name: real.keyPair.name });
    expect(asked.stalls).toEqual([]);
    expect(keyPair.observe(cloud, { ...owner, spec: { name: spec.name, publicKey } })).toMatchObject({
      found: 'one',
      id: real.keyPair.name,
    });
  });

  it("is somebody else's when it has another, and both fingerprints are named", () => {
    const asked = ask({ cloud });
    keyPair.desire({ ...spec, publicKey: OTHER }, asked.resolve);
    expect(asked.stalls[0]).toContain(real.keyPair.fingerprint);
    expect(asked.stalls[0]).toContain(fingerprint(OTHER));
    expect(keyPair.observe(cloud, { ...owner, spec: { name: spec.name, publicKey: OTHER } })).toEqual({ found: 'none' });
  });

  it('is created without a call when it has our key', async () => {
    await expect(keyPair.create(cloud, { name: spec.name, publicKey: spec.publicKey }, owner)).resolves.toEqual({ id: spec.name });
  });
});

it('cannot be changed in place', () => {
  const desired = keyPair.desire({ ...spec, name: 'other', publicKey: OTHER }, ask({ id: real.keyPair.name }).resolve);
  expect(keyPair.diff(desired, real.keyPair).changes.map((change) => [change.path, change.by])).toEqual([
    ['spec.name', 'replace'],
    ['spec.publicKey', 'replace'],
  ]);
});
