import { argon2, pbkdf2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Refusal } from './refusal.ts';

/** Hashes of passwords: argon2id is written; werkzeug's pbkdf2 and scrypt are read, so that imported people keep theirs. */
export interface Passwords {
  /** A PHC string. */
  hash(password: string): Promise<string>;
  /**
   * Whether it is the password. `isOld`: the hash should be written anew. Without a hash (nobody of that name, or nobody with a password)
   * it works as long as with one, and answers no.
   */
  verify(password: string, hash: string | null | undefined): Promise<{ readonly isRight: boolean; readonly isOld: boolean }>;
}

export const shortestPassword = 12;
export const longestPassword = 256;

const cost = { memory: 19 * 1024, passes: 2, parallelism: 1 } as const;
const tagLength = 32;
const saltBytes = 16;
/** More would let a flood of sign-ins take all memory and every core. */
const mostAtOnce = 2;
/** Of hashes brought from elsewhere: one that asks for more work is not tried. */
const mostIterations = 5_000_000;
const mostBytes = 256 * 1024 * 1024;

const runArgon2 = promisify(argon2);
const runPbkdf2 = promisify(pbkdf2);
const runScrypt = promisify(scrypt) as (password: string, salt: string, length: number, options: object) => Promise<Buffer>;

export function createPasswords(): Passwords {
  const inTurn = limited(mostAtOnce);
  const nobodys = format(randomBytes(saltBytes), randomBytes(tagLength));
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes);
      return format(salt, await inTurn(() => argon2id(password, salt, cost, tagLength)));
    },
    async verify(password, hash) {
      const isRight = await inTurn(() => matches(password, hash ?? nobodys));
      return { isRight: isRight && hash !== null && hash !== undefined, isOld: !hash?.startsWith(prefix) };
    },
  };
}

/** Throws a Refusal that names `field`. What somebody could guess first is refused; no mix of characters is asked for. */
export function checkPassword(password: string, names: readonly string[], field = 'password'): void {
  const refuse = (why: string) => new Refusal(400, 'BadPassword', `${field}: ${why}`, { field });
  if (password.length < shortestPassword) throw refuse(`Allowed: at least ${shortestPassword} characters; a few words make a good one.`);
  if (password.length > longestPassword) throw refuse(`Allowed: at most ${longestPassword} characters.`);
  if (new Set(password).size < 5) throw refuse('It has fewer than 5 different characters and would be guessed; take another.');
  const plain = password.toLowerCase();
  const isName = names.some((name) => name.length >= 4 && plain.replaceAll(name.toLowerCase(), '').length < 6);
  if (isName) throw refuse('It is little more than the name and would be guessed; take another.');
}

const prefix = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`;

function format(salt: Buffer, tag: Buffer): string {
  return `${prefix}${unpadded(salt)}$${unpadded(tag)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

function argon2id(password: string, salt: Buffer, { memory, passes, parallelism }: Cost, length: number): Promise<Buffer> {
  return runArgon2('argon2id', { message: password, nonce: salt, memory, passes, parallelism, tagLength: length });
}

/** A hash in no known form matches nothing. */
async function matches(password: string, hash: string): Promise<boolean> {
  const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash);
  if (phc) {
    const [memory = 0, passes = 0, parallelism = 0] = phc.slice(1, 4).map(Number);
    const tag = Buffer.from(phc[5] ?? '', 'base64');
    if (memory * 1024 > mostBytes) return false;
    return same(await argon2id(password, Buffer.from(phc[4] ?? '', 'base64'), { memory, passes, parallelism }, tag.length), tag);
  }
  const [method = '', salt = '', digest = ''] = hash.split('$');
  const [name = '', ...options] = method.split(':');
  const expected = /^[0-9a-f]+$/i.test(digest) ? Buffer.from(digest, 'hex') : Buffer.alloc(0);
  if (expected.length < 16 || expected.length > 128) return false;
  if (name === 'pbkdf2') return isPbkdf2(password, salt, expected, options);
  if (name === 'scrypt') return isScrypt(password, salt, expected, options);
  return false;
}

async function isPbkdf2(password: string, salt: string, expected: Buffer, [digest = '', rounds]: string[]): Promise<boolean> {
  const iterations = Number(rounds);
  if (!/^sha(?:1|256|512)$/.test(digest) || !(iterations >= 1 && iterations <= mostIterations)) return false;
  return same(await runPbkdf2(password, salt, iterations, expected.length, digest), expected);
}

async function isScrypt(password: string, salt: string, expected: Buffer, options: string[]): Promise<boolean> {
  const [N = 0, r = 0, p = 0] = options.map(Number);
  const bytes = 128 * N * r;
  if (!(N > 1 && Number.isInteger(Math.log2(N)) && r >= 1 && p >= 1 && p <= 16 && bytes <= mostBytes)) return false;
  return same(await runScrypt(password, salt, expected.length, { N, r, p, maxmem: 2 * bytes + 1024 * 1024 }), expected);
}

function same(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Runs at most `most` at once; the others wait in their order. */
function limited(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running < most) running += 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
