import { ask, csrfToken } from './http.ts';
import { loadSession } from './session.ts';

/** The own account, as the API shows it; times are RFC 3339. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly hasPassword: boolean;
  readonly hasSecondFactor: boolean;
  readonly createdAt: string;
  readonly lastLoginAt: string | null;
  readonly passwordChangedAt: string | null;
  readonly version: number;
  readonly bindings: readonly { readonly id: string; readonly role: string; readonly cluster: string; readonly namespace: string }[];
}

export interface OwnSession {
  readonly id: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly address: string;
  readonly userAgent: string;
  readonly how: string;
  readonly isThis: boolean;
}

export interface TokenScope {
  readonly permissions?: readonly string[];
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
}

export interface OwnToken {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly scope: TokenScope | null;
}

const me = '/api/v1/me';

/** Each of these throws Problem. */
export const readAccount = (): Promise<Account> => ask<Account>(me);

export async function changeAccount(change: { email?: string | null; displayName?: string | null }): Promise<Account> {
  const account = await ask<Account>(me, { method: 'PATCH', body: change });
  await loadSession();
  return account;
}

/** All sessions end; this browser goes on with another. */
export async function changePassword(current: string, password: string): Promise<void> {
  const { csrf } = await ask<{ csrf: string }>(`${me}/password`, { method: 'POST', body: { current, password } });
  csrfToken.set(csrf);
  await loadSession();
}

/** The secret is told this once, and goes no further than this page. */
export function beginSecondFactor(password: string): Promise<{ readonly secret: string; readonly uri: string }> {
  return ask(`${me}/totp`, { method: 'POST', body: { password } });
}

/** The recovery codes, told this once. */
export async function confirmSecondFactor(code: string): Promise<readonly string[]> {
  const { recoveryCodes } = await ask<{ recoveryCodes: readonly string[] }>(`${me}/totp/confirmation`, { method: 'POST', body: { code } });
  return recoveryCodes;
}

export const removeSecondFactor = (password: string): Promise<void> => ask(`${me}/totp`, { method: 'DELETE', body: { password } });

export const readSessions = async (): Promise<readonly OwnSession[]> => (await ask<{ items: OwnSession[] }>(`${me}/sessions`)).items;
export const endSession = (id: string): Promise<void> => ask(`${me}/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const endOtherSessions = (): Promise<{ readonly ended: number }> => ask(`${me}/sessions`, { method: 'DELETE' });

export const readTokens = async (): Promise<readonly OwnToken[]> => (await ask<{ items: OwnToken[] }>(`${me}/tokens`)).items;

/** The token itself is told this once. */
export function makeToken(wanted: {
  name: string;
  expiresAt: string | null;
  scope: TokenScope | null;
}): Promise<OwnToken & { token: string }> {
  return ask(`${me}/tokens`, { method: 'POST', body: wanted });
}
export const revokeToken = (id: string): Promise<void> => ask(`${me}/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
