const mostIterations = 5_000_000;
const mostScryptBytes = 256 * 1024 * 1024;
const longest = 1000;

/**
 * What keeps a werkzeug hash from working here, in words; undefined when it will: pbkdf2 or scrypt with its cost written down, and no
 * more of that than a sign-in may take.
 */
export function hashProblem(hash: string): string | undefined {
  const [method = '', salt = '', digest = '', more] = hash.split('$');
  if (hash.length > longest || more !== undefined || !/^[\x21-\x7e]+$/.test(salt) || !/^(?:[0-9a-f]{2}){16,128}$/i.test(digest)) {
    return 'the password hash has no form that is known';
  }
  const pbkdf2 = /^pbkdf2:sha(?:1|256|512):(\d{1,10})$/.exec(method);
  const scrypt = /^scrypt:(\d{1,10}):(\d{1,5}):(\d{1,5})$/.exec(method);
  if (pbkdf2) return isWithin(Number(pbkdf2[1]), mostIterations) ? undefined : 'the password hash asks for too much work';
  if (!scrypt) return 'the password hash is of a kind that is no longer safe, or does not say its cost';
  const [cost = 0, block = 0, parallel = 0] = scrypt.slice(1).map(Number);
  const isPower = cost > 1 && Number.isInteger(Math.log2(cost));
  return isPower && block >= 1 && isWithin(parallel, 16) && 128 * cost * block <= mostScryptBytes
    ? undefined
    : 'the password hash asks for too much work';
}

function isWithin(value: number, most: number): boolean {
  return value >= 1 && value <= most;
}
