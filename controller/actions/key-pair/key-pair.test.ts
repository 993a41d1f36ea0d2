import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, PowerCut } from '#tests/parts/action-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE3dDHHMBXRLPTmFk5JqsLCmUVgZAiTMaUhHI6jdaD43 me@here';
const names = () => [...bench.sandbox.store.keypairs.values()].map(({ name }) => name).toSorted();

describe('a key pair', () => {
  it('is made by the cloud, and its private key told once and stored nowhere', async () => {
    const sent = new Map();
    const result = await bench.act('keyPair.create', '', { name: 'laptop' }, { sent });
    const { privateKey = '' } = result?.secret ?? {};
    expect(privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    expect(JSON.stringify([...sent, result?.data, result?.resources])).not.toContain('PRIVATE');
    const { n = '' } = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' });
    const made = bench.inventory.get('keypair', 'laptop');
    expect(Buffer.from(made?.public_key.split(' ')[1] ?? '', 'base64').includes(Buffer.from(n, 'base64url'))).toBe(true);
    expect(bench.obstacle('keyPair.create', '', { name: 'laptop' })).toMatchObject({ reason: 'NameTaken', field: 'name' });
  });

  it('says that its private key is lost when the process died before it was told', async () => {
    const sent = new Map();
    const cut = () => {
      throw new PowerCut();
    };
    await expect(bench.act('keyPair.create', '', { name: 'cut' }, { sent, afterWrite: cut })).rejects.toThrow(PowerCut);
    await expect(bench.act('keyPair.create', '', { name: 'cut' }, { sent })).rejects.toThrow(/its private key is lost: delete it/);
    expect(names()).toContain('cut');
  });

  it('is brought in, once', async () => {
    const sent = new Map();
    const cut = () => {
      throw new PowerCut();
    };
    const input = { name: 'desk', publicKey };
    await expect(bench.act('keyPair.import', '', input, { sent, afterWrite: cut })).rejects.toThrow(PowerCut);
    const result = await bench.act('keyPair.import', '', input, { sent });
    const digest = createHash('md5').update(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));
    expect(result?.data).toEqual({ fingerprint: digest.digest('hex').match(/../g)?.join(':') });
    expect(bench.inventory.get('keypair', 'desk')?.public_key).toBe(publicKey);
  });

  it('is deleted, and named are the instances that have it', async () => {
    const server = { id: 's1', name: 'web-1', status: 'ACTIVE', key_name: 'desk', image: '', metadata: {} };
    bench.inventory.record('server', { ...server, 'os-extended-volumes:volumes_attached': [] } as never, Date.now());
    expect(bench.effects('keyPair.delete', 'desk').takesAlong).toMatchObject([{ id: 's1', name: 'web-1' }]);
    await bench.act('keyPair.delete', 'desk');
    expect(names()).not.toContain('desk');
    expect(bench.inventory.get('keypair', 'desk')).toBeUndefined();
  });
});
