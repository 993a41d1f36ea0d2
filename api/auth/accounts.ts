import type { FastifyRequest } from 'fastify';
import type { Store } from '#migrations/store.ts';
import type { KeyProvider } from '../kube/encryption.ts';
import { type ApiTokens, createApiTokens } from './api-tokens.ts';
import { ensureFirstPerson } from './first-person.ts';
import { identityOf } from './grants.ts';
import type { Identity } from './identity.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { createProvider, type Provider } from './oidc.ts';
import type { OidcSettings } from './oidc-settings.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { createPeople, type People } from './people.ts';
import { createPreferences, type Preferences } from './preferences.ts';
import { createRoles, type Roles } from './roles.ts';
import { createSecondFactor, type SecondFactor } from './second-factor.ts';
import { cookieIn } from './session-cookie.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createSignInLimits, type SignInLimits } from './sign-in-limits.ts';

/** Everything about people, put together over one store. */
export interface Accounts {
  readonly people: People;
  readonly roles: Roles;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly limits: SignInLimits;
  readonly secondFactor: SecondFactor;
  readonly passwords: Passwords;
  readonly apiTokens: ApiTokens;
  readonly invitations: Invitations;
  readonly preferences: Preferences;
  /** Undefined without one. */
  readonly provider?: Provider;
  /** Whether people may register themselves, for an admin to approve. */
  readonly selfRegistration: boolean;
  readonly now: () => number;
  /** Who has the session that a request's cookie names. */
  ofCookie(headers: FastifyRequest['headers'], options?: { readonly isUnattended?: boolean }): Promise<Identity | undefined>;
  /** See ensureFirstPerson. */
  ensureFirstPerson(secret: string): Promise<void>;
}

export interface AccountsOptions {
  /** Seals what the second factor is made from. */
  readonly keys: KeyProvider;
  readonly now?: () => number;
  readonly selfRegistration?: boolean;
  readonly oidc?: OidcSettings;
}

export function createAccounts(store: Store, { keys, now = Date.now, selfRegistration = false, oidc }: AccountsOptions): Accounts {
  const passwords = createPasswords();
  const people = createPeople(store, { passwords, now });
  const sessions = createSessions(store, now);
  const limits = createSignInLimits(store, now);
  const secondFactor = createSecondFactor(store, { keys, now });
  return {
    people,
    sessions,
    limits,
    secondFactor,
    passwords,
    roles: createRoles(store, now),
    signIn: createSignIn(store, { passwords, sessions, secondFactor, limits, now }),
    apiTokens: createApiTokens(store, now),
    invitations: createInvitations(store, { people, now }),
    preferences: createPreferences(store, now),
    selfRegistration,
    ...(oidc && { provider: createProvider(oidc, { keys, now }) }),
    now,
    async ofCookie(headers, options) {
      const session = await sessions.find(cookieIn(headers), options);
      if (session?.stage !== 'whole') return undefined;
      const identity = await identityOf(store, session.userId, { session: session.id, how: 'cookie' });
      return identity && { ...identity, csrf: session.csrf };
    },
    ensureFirstPerson: (secret) => ensureFirstPerson(store, { secret, passwords, now }),
  };
}
