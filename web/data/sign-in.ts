import { ask } from './http.ts';

/** How one may sign in here. */
export interface WaysIn {
  readonly password: boolean;
  readonly registration: boolean;
  readonly provider: { readonly issuer: string; readonly url: string } | null;
}

/** Each of these throws Problem. */
export const waysIn = (): Promise<WaysIn> => ask<WaysIn>('/api/v1/session/ways');

interface NewPerson {
  readonly username: string;
  readonly password: string;
  readonly displayName: string | null;
}

/** Asks for an account; an admin decides. */
export const register = (person: NewPerson & { readonly email: string | null }): Promise<void> =>
  ask('/api/v1/registrations', { method: 'POST', body: person });

/** Makes the account that somebody was invited to. */
export const acceptInvitation = (token: string, person: NewPerson): Promise<void> =>
  ask('/api/v1/invitations/acceptance', { method: 'POST', body: { token, ...person } });
