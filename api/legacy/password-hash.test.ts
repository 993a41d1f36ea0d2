import { expect, it } from 'vitest';
import { hashProblem } from './password-hash.ts';

const digest = '00112233445566778899aabbccddeeff';

it.each([`pbkdf2:sha256:600000$salt$${digest}`, `pbkdf2:sha1:1000$s$${digest}`, `scrypt:32768:8:1$salt$${digest}`])('takes %s', (hash) => {
  expect(hashProblem(hash)).toBeUndefined();
});

it.each([
  ['', 'no form that is known'],
  [`pbkdf2:sha256:600000$salt$${digest}$more`, 'no form that is known'],
  ['pbkdf2:sha256:600000$salt$zz', 'no form that is known'],
  [`pbkdf2:sha256:600000$s\u0000lt$${digest}`, 'no form that is known'],
  [`pbkdf2:sha256$salt$${digest}`, 'does not say its cost'],
  [`pbkdf2:md5:1000$salt$${digest}`, 'no longer safe'],
  [`sha256$salt$${digest}`, 'no longer safe'],
  [`pbkdf2:sha256:0$salt$${digest}`, 'too much work'],
  [`pbkdf2:sha256:999999999$salt$${digest}`, 'too much work'],
  [`scrypt:1073741824:8:1$salt$${digest}`, 'too much work'],
  [`scrypt:32768:8:99$salt$${digest}`, 'too much work'],
  [`scrypt:32767:8:1$salt$${digest}`, 'too much work'],
])('refuses %s', (hash, problem) => {
  expect(hashProblem(hash)).toContain(problem);
});
