import { ask } from './http.ts';

/** How one signs in to the instances of a cluster, or to one of them. */
export interface ProfileFields {
  readonly name: string;
  readonly cluster: string;
  /** '' for all of the cluster. */
  readonly serverId: string;
  readonly user: string;
  readonly port: number;
  /** `floating`, `fixed`, `any`, or an address. */
  readonly via: string;
  /** Null: whoever connects is asked. */
  readonly keyId: string | null;
}

export interface Profile extends ProfileFields {
  readonly id: string;
  readonly createdBy: string;
  readonly updatedAt: string;
}

/** A private key that is kept, without its private part. */
export interface TerminalKey {
  readonly id: string;
  readonly name: string;
  /** `*` for all. */
  readonly cluster: string;
  readonly algorithm: string;
  readonly fingerprint: string;
  readonly publicKey: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  /** How many profiles name it. */
  readonly profiles: number;
}

/** Either a key that is given, or one that is made. */
export type NewKey = { readonly name: string; readonly cluster: string } & (
  | { readonly privateKey: string; readonly passphrase?: string }
  | { readonly generate: true }
);

/** A key that a host is known by. */
export interface HostKey {
  readonly cluster: string;
  readonly server: string;
  readonly port: number;
  readonly fingerprint: string;
  readonly algorithm: string;
  readonly learntFrom: 'console-log' | 'accepted';
  readonly by: string;
  readonly at: string;
  readonly lastSeenAt: string | null;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

const [profiles, keys, hosts] = ['/api/v1/terminal-profiles', '/api/v1/terminal-keys', '/api/v1/host-keys'];
const one = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;
const pageOf = (cursor: string | undefined, signal: AbortSignal) => ({ query: { limit: 100, cursor }, signal });
/** Written only as it was read. */
const asRead = ({ updatedAt }: Profile) => ({ 'if-match': `"v${Date.parse(updatedAt)}"` });

/** All of these throw Problem. */
export const listProfiles = (cursor: string | undefined, signal: AbortSignal) => ask<Page<Profile>>(profiles, pageOf(cursor, signal));

export const createProfile = (fields: ProfileFields) => ask<Profile>(profiles, { method: 'POST', body: fields });

export const changeProfile = (profile: Profile, fields: ProfileFields) =>
  ask<Profile>(one(profiles, profile.id), { method: 'PUT', body: fields, headers: asRead(profile) });

export const removeProfile = (profile: Profile) => ask<void>(one(profiles, profile.id), { method: 'DELETE', headers: asRead(profile) });

export const listKeys = (cursor: string | undefined, signal: AbortSignal) => ask<Page<TerminalKey>>(keys, pageOf(cursor, signal));

export const createKey = (key: NewKey) => ask<TerminalKey>(keys, { method: 'POST', body: key });

export const removeKey = ({ id }: TerminalKey) => ask<void>(one(keys, id), { method: 'DELETE' });

export const listHostKeys = (cursor: string | undefined, signal: AbortSignal) => ask<Page<HostKey>>(hosts, pageOf(cursor, signal));

export const forgetHostKey = ({ cluster, server, port, fingerprint }: HostKey) =>
  ask<void>(`${one(hosts, cluster)}/${encodeURIComponent(server)}`, { method: 'DELETE', query: { port, fingerprint } });
