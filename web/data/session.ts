import type { Permission } from '#api/auth/permissions.ts';
import { ask, csrfToken, Problem, refusedAsUnknown } from './http.ts';
import { Stored } from './stored.ts';

export interface Place {
  readonly cluster: string;
  readonly namespace: string;
}

/** Who is signed in, and what they may where; `*` stands for everywhere. */
export interface Session {
  readonly username: string;
  readonly id?: string;
  readonly displayName?: string | null;
  readonly email?: string | null;
  readonly hasSecondFactor?: boolean;
  readonly roles: readonly ({ readonly role: string } & Place)[];
  readonly permissions: readonly { readonly permission: Permission; readonly places: readonly Place[] }[];
  readonly csrf?: string;
  readonly session?: { readonly id: string; readonly expiresAt: string };
}

/** Null: nobody is signed in. Undefined: not known yet. */
export const session = new Stored<Session | null | undefined>(undefined);

/** The session ended while the page was in use: what is shown stays until the person signed in again. */
export const isSessionOver = new Stored(false);

/** Asks the server who is signed in. Throws Problem when it does not answer. */
export async function loadSession(): Promise<void> {
  try {
    const found = await ask<Session>('/api/v1/session');
    csrfToken.set(found.csrf);
    session.set(found);
    isSessionOver.set(false);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    if (!session.value) forget();
  }
}

/** Resolves with what is to be done next. Throws Problem. */
export async function signIn(username: string, password: string): Promise<'second-factor' | 'signed-in'> {
  const { stage } = await ask<{ stage: 'second-factor' | 'signed-in' }>('/api/v1/session', {
    method: 'POST',
    body: { username, password },
  });
  if (stage === 'signed-in') await loadSession();
  return stage;
}

/** Throws Problem. */
export async function giveSecondFactor(code: string): Promise<void> {
  await ask('/api/v1/session/second-factor', { method: 'POST', body: { code } });
  await loadSession();
}

/** Throws Problem. */
export async function signOut(): Promise<void> {
  await ask('/api/v1/session', { method: 'DELETE' });
  forget();
}

/** Whether the person may do this there; without a place: anywhere. The server decides; this is for what to show. */
export function may(permission: Permission, place?: Partial<Place>): boolean {
  const reached = session.value?.permissions.find((one) => one.permission === permission)?.places ?? [];
  if (!place) return reached.length > 0;
  const fits = (granted: string, asked: string | undefined) => granted === '*' || granted === asked;
  return reached.some(({ cluster, namespace }) => fits(cluster, place.cluster) && fits(namespace, place.namespace));
}

/** Whether the person may do this everywhere, as what concerns the whole installation needs. */
export const mayEverywhere = (permission: Permission): boolean => may(permission, { cluster: '*', namespace: '*' });

/** Whether the person may open a terminal, a console or a screen there. */
export const mayOpenTerminal = (place?: Partial<Place>): boolean => may('instance.terminal', place) || may('instance.console', place);

/** Nobody is signed in as far as this page goes: what it showed is left. */
export function forget(): void {
  isSessionOver.set(false);
  csrfToken.set(undefined);
  session.set(null);
}

refusedAsUnknown.subscribe(() => {
  if (session.value) isSessionOver.set(true);
});
