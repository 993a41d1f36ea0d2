import { describe, expect, it } from 'vitest';
import { checkPassword, createPasswords } from './passwords.ts';

const passwords = createPasswords();

/** Made by werkzeug 3 from "an old password". */
const imported = [
  'pbkdf2:sha256:1000$Shb89M0GyQO5qgEQ$e21d1ce20a452da5541e54f4d1d68926439ddfd2fd712428379c57d3fb2437a2',
  'scrypt:1024:8:1$xQsBbuClMKoKHjoH$5dd34f188c1bfdd7a8d1a9dcecffe9f1d46d6d5d5998ff0e0c004849d78ee90bccf6f8ae28b42692722e7cfe20e3c6706ec54c0338e1ca64240cca536fa2e814',
  'scrypt:32768:8:1$HDHQhjZnzE2jw0zx$8028f3a31d2838649f3c23623751ab9f0c4c0093ff9b338cc88be72b1f8b89e9c63d969e44a31ff184e4279b8bcb65eeae6e5ef4399373e461ddee13f4993523',
];

describe('a password', () => {
  it('is hashed with argon2id, 19 MiB, two passes, and a salt of its own', async () => {
    const [one, other] = await Promise.all([passwords.hash('correct horse battery'), passwords.hash('correct horse battery')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(other).not.toBe(one);
    expect(await passwords.verify('correct horse battery', one)).toEqual({ isRight: true, isOld: false });
    expect(await passwords.verify('correct horse Battery', one)).toEqual({ isRight: false, isOld: false });
  });

  it('may be one that werkzeug hashed, which is then to be hashed anew', async () => {
    for (const hash of imported) {
      expect(await passwords.verify('an old password', hash), hash).toEqual({ isRight: true, isOld: true });
      expect((await passwords.verify('another password', hash)).isRight, hash).toBe(false);
    }
  });

  it('hashed at other costs is right, and old', async () => {
    // A test vector of the reference implementation.
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await passwords.verify('password', hash)).toEqual({ isRight: true, isOld: true });
    expect((await passwords.verify('passwort', hash)).isRight).toBe(false);
  });

  it.each([
    null,
    undefined,
    '',
    'plain text',
    'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99',
    'pbkdf2:sha256:0$s$00',
    'pbkdf2:sha256:99999999999$salt$5f4dcc3b5aa765d61d8327deb882cf99',
    'scrypt:1073741824:8:1$salt$5f4dcc3b5aa765d61d8327deb882cf99',
    'scrypt:1000:8:1$salt$5f4dcc3b5aa765d61d8327deb882cf99',
    '$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA',
  ])('is never that of %j', async (hash) => {
    expect((await passwords.verify('password', hash)).isRight).toBe(false);
  });
});

describe('a new password', () => {
  it.each([
    ['elevenchars', 'at least 12'],
    ['x'.repeat(257), 'at most 256'],
    ['aaaaaaaabbbb', 'fewer than 5'],
    ['anna.smith123', 'little more than the name'],
  ])('%s is refused', (password, why) => {
    expect(() => checkPassword(password, ['anna.smith'])).toThrow(why);
  });

  it('of a few words is taken', () => {
    expect(() => checkPassword('green tea at four', ['anna.smith', ''])).not.toThrow();
  });
});
