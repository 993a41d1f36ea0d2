import type { shownBinding, shownInvitation, shownPerson, shownSession, shownToken } from '#api/routes/people-answers.ts';
import { ask } from './http.ts';

export type Person = ReturnType<typeof shownPerson>;
export type Binding = ReturnType<typeof shownBinding>;
export type Invitation = ReturnType<typeof shownInvitation>;
export type PersonSession = ReturnType<typeof shownSession>;
export type PersonToken = ReturnType<typeof shownToken>;
export type SessionOfSomebody = PersonSession & { readonly user: { readonly id: string; readonly username: string } };

/** A role and where it holds; `*` stands for everywhere. */
export interface RoleAt {
  readonly role: string;
  readonly cluster: string;
  readonly namespace: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the page behind, if there is one. */
  readonly next?: string;
}

export interface PeopleFilter {
  readonly text?: string;
  readonly state?: string;
  readonly cursor?: string;
}

export interface NewPerson {
  readonly username: string;
  readonly email?: string;
  readonly displayName?: string;
  readonly password?: string;
  readonly bindings: readonly RoleAt[];
}

export interface PersonChanges {
  readonly email?: string | null;
  readonly displayName?: string | null;
  readonly state?: 'active' | 'disabled';
  readonly password?: string;
}

const people = '/api/v1/users';
const one = (id: string) => `${people}/${encodeURIComponent(id)}`;
/** Written only as it was read. */
const asRead = ({ version }: Person) => ({ 'if-match': `"v${version}"` });

/** All of these throw Problem. */
export const listPeople = (filter: PeopleFilter, signal?: AbortSignal) =>
  ask<Page<Person>>(people, { query: { ...filter, limit: 50 }, ...(signal && { signal }) });

export const getPerson = (id: string, signal?: AbortSignal) => ask<Person>(one(id), signal ? { signal } : {});

export const createPerson = (person: NewPerson) => ask<Person>(people, { method: 'POST', body: person });

export const changePerson = (person: Person, changes: PersonChanges) =>
  ask<Person>(one(person.id), { method: 'PATCH', body: changes, headers: asRead(person) });

export const removePerson = (person: Person) => ask<void>(one(person.id), { method: 'DELETE', headers: asRead(person) });

export const giveRole = (id: string, role: RoleAt) => ask<Binding>(`${one(id)}/bindings`, { method: 'POST', body: role });

export const takeRole = (id: string, binding: string) => ask<void>(`${one(id)}/bindings/${binding}`, { method: 'DELETE' });

export const takeSecondFactor = (id: string) => ask<void>(`${one(id)}/totp`, { method: 'DELETE' });

export const sessionsOf = async (id: string, signal?: AbortSignal) =>
  (await ask<Page<PersonSession>>(`${one(id)}/sessions`, signal ? { signal } : {})).items;

export const allSessions = (cursor: string | undefined, signal?: AbortSignal) =>
  ask<Page<SessionOfSomebody>>('/api/v1/sessions', { query: { cursor }, ...(signal && { signal }) });

export const endSession = (id: string, session: string) => ask<void>(`${one(id)}/sessions/${session}`, { method: 'DELETE' });

/** Resolves to how many there were. */
export const endSessions = async (id: string) => (await ask<{ ended: number }>(`${one(id)}/sessions`, { method: 'DELETE' })).ended;

export const tokensOf = async (id: string, signal?: AbortSignal) =>
  (await ask<Page<PersonToken>>(`${one(id)}/tokens`, signal ? { signal } : {})).items;

export const revokeToken = (id: string, token: string) => ask<void>(`${one(id)}/tokens/${token}`, { method: 'DELETE' });

export const listInvitations = async (signal?: AbortSignal) =>
  (await ask<Page<Invitation>>('/api/v1/invitations', signal ? { signal } : {})).items;

/** The link is told this once: nobody can see the token in it again. */
export async function invite(invitation: { email: string | null; bindings: readonly RoleAt[]; hours: number }): Promise<string> {
  const { token } = await ask<Invitation & { token: string }>('/api/v1/invitations', { method: 'POST', body: invitation });
  return invitationLink(token, window.location.origin);
}

/** In the fragment, so that neither this server's log nor any in between sees the token. */
export const invitationLink = (token: string, origin: string) => `${origin}/invitation#${token}`;

export const takeBackInvitation = (id: string) => ask<void>(`/api/v1/invitations/${id}`, { method: 'DELETE' });

export const listRegistrations = async (signal?: AbortSignal) =>
  (await ask<Page<Person>>('/api/v1/registrations', signal ? { signal } : {})).items;

export const approve = (id: string, bindings: readonly RoleAt[]) =>
  ask<Person>(`/api/v1/registrations/${id}/approval`, { method: 'POST', body: { bindings } });

export const refuse = (id: string) => ask<void>(`/api/v1/registrations/${id}`, { method: 'DELETE' });
