import type { Tables } from '#migrations/schema.ts';
import type { RoleAt } from './grants.ts';
import { Refusal } from './refusal.ts';
import { hasSecondFactor } from './second-factor.ts';

/** A person as others see them: no hash and no sealed secret. Times are epoch ms. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly state: 'active' | 'disabled' | 'pending';
  readonly createdAt: number;
  readonly createdBy: string;
  readonly lastLoginAt: number | null;
  readonly passwordChangedAt: number | null;
  readonly hasPassword: boolean;
  readonly hasSecondFactor: boolean;
  readonly bindings: readonly Binding[];
  /** Counts changes, for If-Match. */
  readonly version: number;
}

export interface Binding extends RoleAt {
  readonly id: string;
  readonly source: 'manual' | 'provider';
  readonly createdAt: number;
  readonly createdBy: string;
}

type UserRow = Tables['users']['$inferSelect'];
type BindingRow = Tables['roleBindings']['$inferSelect'];

export function personOf(row: UserRow, bindings: readonly BindingRow[]): Person {
  const { passwordHash, totp, totpStep: _step, recoveryCodes: _codes, issuer: _issuer, subject: _subject, ...shown } = row;
  const own = bindings.filter(({ userId }) => userId === row.id).map(({ userId: _userId, ...binding }) => binding);
  return { ...shown, hasPassword: passwordHash !== null, hasSecondFactor: hasSecondFactor(totp), bindings: own };
}

/** Names the audit uses for who is no person. */
const reserved = new Set(['unknown', 'anonymous', 'nobody', 'system']);

/** A name as it is stored: lower case. Throws a Refusal. */
export function usernameOf(given: string): string {
  const username = given.trim().toLowerCase();
  if (/^[a-z0-9](?:[a-z0-9._@-]{0,98}[a-z0-9])?$/.test(username) && !reserved.has(username)) return username;
  const message = 'username: Allowed: 1 to 100 letters a-z, digits and . _ @ -, with a letter or digit at both ends; not unknown, nobody.';
  throw new Refusal(400, 'BadUsername', message, { field: 'username' });
}
