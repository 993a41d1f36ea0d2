import { requestNothing, requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { pages } from '../pages.ts';

/** 2.2 adds the type, 2.10 other users' key pairs, 2.35 paging; since 2.92 Nova generates no keys. */
const MICROVERSION = '2.92';
/** The last one in which Nova makes the keys itself. */
const GENERATING_MICROVERSION = '2.91';

/** A key pair; belongs to a user, and its name is its id. */
export interface KeyPair {
  name: string;
  public_key: string;
  fingerprint: string;
  type?: 'ssh' | 'x509';
  /** Only from `get`, as are the next two. */
  user_id?: string;
  id?: number;
  created_at?: string;
}

/** Key pairs of the user we are. */
export async function* list(client: ServiceClient, query: { user_id?: string; limit?: number } = {}): AsyncGenerator<KeyPair[]> {
  const options = { path: '/os-keypairs', query: { limit: 1000, ...query }, key: 'keypairs', microversion: MICROVERSION };
  const marker = (row: { keypair: KeyPair }) => row.keypair.name;
  for await (const page of pages<{ keypair: KeyPair }>(client, { ...options, marker })) yield page.map((row) => row.keypair);
}

export function get(client: ServiceClient, name: string): Promise<KeyPair> {
  return requestOne<KeyPair>(client, { method: 'GET', path: path(name), microversion: MICROVERSION }, 'keypair');
}

/** Imports a public key; a name that exists is refused (409). */
export function create(client: ServiceClient, keypair: { name: string; public_key: string; type?: 'ssh' | 'x509' }): Promise<KeyPair> {
  const options = { method: 'POST' as const, path: '/os-keypairs', body: { keypair }, microversion: MICROVERSION };
  return requestOne<KeyPair>(client, options, 'keypair');
}

/**
 * Has Nova make the keys (RSA). The private key is in this answer and nowhere else, ever again. Up to 2.91 a name holds letters, digits,
 * spaces, `-` and `_` only.
 */
export function generate(client: ServiceClient, name: string): Promise<KeyPair & { private_key: string }> {
  const body = { keypair: { name, type: 'ssh' } };
  const options = { method: 'POST' as const, path: '/os-keypairs', body, microversion: GENERATING_MICROVERSION };
  return requestOne<KeyPair & { private_key: string }>(client, options, 'keypair');
}

export function remove(client: ServiceClient, name: string): Promise<void> {
  return requestNothing(client, { method: 'DELETE', path: path(name), microversion: MICROVERSION });
}

const path = (name: string) => `/os-keypairs/${encodeURIComponent(name)}`;
