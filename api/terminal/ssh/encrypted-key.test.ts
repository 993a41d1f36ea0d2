import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { isEncrypted, openEncryptedKey } from './encrypted-key.ts';
import { forgetKey } from './keys.ts';

const passphrase = 'open sesame';
const lock = { passphrase, cipher: 'aes256-cbc', rounds: 4 };
const made = {
  ed25519: ssh2.utils.generateKeyPairSync('ed25519', lock),
  ecdsa: ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256, ...lock }),
  rsa: ssh2.utils.generateKeyPairSync('rsa', { bits: 2048, ...lock }),
};

describe('an encrypted private key', () => {
  it.each(Object.entries(made))('of type %s signs as if it had never been encrypted', async (_, pair) => {
    expect([isEncrypted(pair.private), isEncrypted(pair.public)]).toEqual([true, false]);
    const key = await openEncryptedKey(pair.private, passphrase);
    const known = [ssh2.utils.parseKey(pair.public)].flat()[0];
    if (!key || !known || known instanceof Error) throw new Error('It was not read.');
    const data = Buffer.from('signed by whoever has the key');
    expect(known.verify(data, key.sign(data))).toBe(true);
    forgetKey(key);
    expect(key.isPrivateKey()).toBe(false);
  });

  it('stays shut with another passphrase', async () => {
    expect(await openEncryptedKey(made.ed25519.private, 'open barley')).toBeUndefined();
  });

  it('that would take hours to try is given up', async () => {
    const lines = made.ed25519.private.trim().split('\n');
    const body = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    // The rounds stand behind the salt of 16 bytes.
    const salt = body.indexOf(Buffer.from([0, 0, 0, 16]), 40);
    body.writeUInt32BE(0x7fffffff, salt + 20);
    const slow = [lines[0], ...(body.toString('base64').match(/.{1,70}/g) ?? []), lines.at(-1)].join('\n');
    expect(isEncrypted(slow)).toBe(true);
    expect(await openEncryptedKey(slow, passphrase, 500)).toBeUndefined();
  });
});
