import type { ApiToken } from '../auth/api-tokens.ts';
import type { Invitation } from '../auth/invitations.ts';
import type { Binding, Person } from '../auth/person.ts';
import type { Session } from '../auth/sessions.ts';
import { at } from './people-parts.ts';

/** A session as its person and admins see it. */
export function shownSession({ id, createdAt, lastSeenAt, expiresAt, address, userAgent, how }: Session) {
  return { id, createdAt: at(createdAt), lastSeenAt: at(lastSeenAt), expiresAt: at(expiresAt), address, userAgent, how };
}

export function shownPerson({ createdAt, lastLoginAt, passwordChangedAt, bindings, ...person }: Person) {
  return {
    ...person,
    createdAt: at(createdAt),
    lastLoginAt: at(lastLoginAt),
    passwordChangedAt: at(passwordChangedAt),
    bindings: bindings.map(shownBinding),
  };
}

export function shownBinding({ createdAt, ...binding }: Binding) {
  return { ...binding, createdAt: at(createdAt) };
}

export function shownToken({ createdAt, lastUsedAt, expiresAt, ...token }: ApiToken) {
  return { ...token, createdAt: at(createdAt), lastUsedAt: at(lastUsedAt), expiresAt: at(expiresAt) };
}

export function shownInvitation({ createdAt, expiresAt, ...invitation }: Invitation) {
  return { ...invitation, createdAt: at(createdAt), expiresAt: at(expiresAt) };
}
