import { type BuiltInRole, builtInRoles } from '../auth/permissions.ts';
import type { LegacyRow } from './database.ts';
import { hashProblem } from './password-hash.ts';
import { flagOf, lineOf, momentOf, textOf } from './values.ts';

export const personColumns = ['username', 'email', 'password_hash', 'role', 'is_active', 'created_at', 'last_login'] as const;

/** Somebody of the old database as they will be here. */
export interface LegacyPerson {
  readonly username: string;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly passwordHash: string | null;
  readonly state: 'active' | 'disabled';
  readonly role: BuiltInRole;
  readonly createdAt: number;
  readonly lastLoginAt: number | null;
  /** What is not as it was, in words. */
  readonly differences: readonly string[];
}

const spellings: ReadonlyMap<string, BuiltInRole> = new Map([
  ['administrator', 'admin'],
  ['readonly', 'viewer'],
]);
/** Names by which the audit means nobody in particular. */
const reserved = new Set(['unknown', 'anonymous', 'nobody', 'system']);

/** Undefined when the row has no username. `now` stands in for a time that cannot be read. */
export function personOf(row: LegacyRow, now: number): LegacyPerson | undefined {
  const oldName = lineOf(row['username'], 100);
  if (oldName === undefined) return undefined;
  const differences: string[] = [];
  const username = validUsername(oldName) ?? `user-${row.id}`;
  if (username !== oldName.toLowerCase()) differences.push(`username "${oldName}" is ${username} here: signs in by that`);
  const { role, isKnown } = roleOf(row['role']);
  if (!isKnown) differences.push(`role "${lineOf(row['role'], 60) ?? ''}" is not known: viewer`);
  const active = flagOf(row['is_active']);
  if (active === undefined) differences.push('does not say whether the account is active: disabled');
  const createdAt = momentOf(row['created_at']);
  if (createdAt === undefined) differences.push('does not say when the account was made: now');
  return {
    username,
    email: emailOf(row, differences),
    displayName: username === oldName ? null : oldName,
    passwordHash: passwordHashOf(row, differences),
    state: active === true ? 'active' : 'disabled',
    role,
    createdAt: createdAt ?? now,
    lastLoginAt: momentOf(row['last_login']) ?? null,
    differences,
  };
}

function validUsername(oldName: string): string | undefined {
  const name = oldName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9._@-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return name === '' || reserved.has(name) ? undefined : name;
}

/** Spelt with any case, spaces, hyphens or none. */
function roleOf(value: unknown): { role: BuiltInRole; isKnown: boolean } {
  const word = (lineOf(value, 60) ?? '').toLowerCase().replace(/[\s_-]+/g, '');
  const role = builtInRoles.find((known) => known.replace('_', '') === word) ?? spellings.get(word);
  return { role: role ?? 'viewer', isKnown: role !== undefined };
}

function emailOf(row: LegacyRow, differences: string[]): string | null {
  const email = lineOf(row['email'], 255);
  if (email === undefined) return null;
  if (email.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(email)) return email.toLowerCase();
  differences.push('the e-mail address is none: left out');
  return null;
}

function passwordHashOf(row: LegacyRow, differences: string[]): string | null {
  const hash = textOf(row['password_hash'])?.trim() ?? '';
  const problem = hash === '' ? 'there is no password' : hashProblem(hash);
  if (problem === undefined) return hash;
  differences.push(`${problem}: an admin has to set one`);
  return null;
}
