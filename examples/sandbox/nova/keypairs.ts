import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Answer, ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import { cutPage, nextQuery } from '../pages.ts';
import { exceedsQuota } from '../quotas.ts';
import type { RouteTable } from '../routes.ts';
import type { Schema } from '../schema.ts';
import type { KeyPair } from '../store.ts';
import { toMicroseconds } from '../world.ts';

/** Key pairs belong to a user, not to a project; a reader may make his own. */
export const keypairRoutes: RouteTable = {
  'GET /os-keypairs': listKeypairs,
  'POST /os-keypairs': createKeypair,
  'GET /os-keypairs/:name': showKeypair,
  'DELETE /os-keypairs/:name': deleteKeypair,
};

function ownKeypairs(call: ScopedCall): KeyPair[] {
  return [...call.store.keypairs.values()]
    .filter(({ userId }) => userId === call.token.userId)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function findKeypair(call: ScopedCall): KeyPair {
  const name = call.params.name ?? '';
  return call.store.keypairs.get(`${call.token.userId}/${name}`) ?? refuse(404, `Keypair ${name} not found for user ${call.token.userId}`);
}

function listKeypairs(call: ScopedCall): Answer {
  const { query } = call;
  const limit = call.minor < 35 || query.get('limit') === null ? undefined : Number(query.get('limit'));
  const page = cutPage(ownKeypairs(call), { limit, marker: query.get('marker'), max: 1000, idOf: ({ name }) => name });
  if (!page) refuse(400, `marker [${query.get('marker')}] not found`);
  const body: Record<string, unknown> = { keypairs: page.rows.map((row) => ({ keypair: brief(call, row) })) };
  if (page.nextMarker)
    body.keypairs_links = [{ rel: 'next', href: `${call.world.origin}/compute${call.path}?${nextQuery(query, page.nextMarker)}` }];
  return { status: 200, body };
}

function schema(minor: number): Schema {
  const properties: Record<string, Schema> = {
    name: { type: 'string', minLength: 1, maxLength: 255 },
    public_key: { type: 'string' },
    ...(minor >= 2 ? { type: { type: 'string', enum: ['ssh', 'x509'] } } : {}),
    ...(minor >= 10 ? { user_id: { type: 'string' } } : {}),
  };
  const required = minor >= 92 ? ['name', 'public_key'] : ['name'];
  return { required: ['keypair'], properties: { keypair: { type: 'object', required, others: false, properties } } };
}

const allowedCharacters = '@._- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function createKeypair(call: ScopedCall): Answer {
  const given = checkedBody(call.body, schema(call.minor)).keypair as { name: string; public_key?: string; type?: string };
  const characters = call.minor >= 92 ? allowedCharacters : allowedCharacters.replace(/[@.]/g, '');
  if (given.name.split('').some((character) => !characters.includes(character)))
    refuse(400, `An invalid 'name' value was provided. The name must be: Only expected characters: [${allowedCharacters}]`);
  const made = given.public_key === undefined ? generatedKey() : undefined;
  const publicKey = made?.publicKey ?? given.public_key ?? '';
  const fingerprint = fingerprintOf(publicKey);
  const { world, token } = call;
  if (exceedsQuota(world, token.projectId, 'compute', 'key_pairs', { used: ownKeypairs(call).length, more: 1 }))
    refuse(403, 'Quota exceeded, too many key pairs.');
  const key = `${token.userId}/${given.name}`;
  if (world.store.keypairs.has(key)) refuse(409, `Key pair '${given.name}' already exists.`);
  const row: KeyPair = {
    number: world.store.keypairs.size + 1,
    name: given.name,
    userId: token.userId,
    publicKey,
    fingerprint,
    type: given.type ?? 'ssh',
    createdAt: world.clock.now(),
  };
  world.store.keypairs.set(key, row);
  return {
    status: call.minor >= 2 ? 201 : 200,
    body: { keypair: { ...brief(call, row), user_id: row.userId, ...(made && { private_key: made.privateKey }) } },
  };
}

/** RSA, as Nova makes it up to 2.91: the private key in PEM, the public one for OpenSSH. */
function generatedKey(): { publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { e = '', n = '' } = publicKey.export({ format: 'jwk' });
  // A leading zero keeps the modulus positive.
  const parts = [Buffer.from('ssh-rsa'), Buffer.from(e, 'base64url'), Buffer.concat([Buffer.alloc(1), Buffer.from(n, 'base64url')])];
  const blob = Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
  return {
    publicKey: `ssh-rsa ${blob.toString('base64')} Generated-by-Nova`,
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  };
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}

/** MD5 of the key's bytes, in pairs of hex digits; refuses what is no key. */
function fingerprintOf(publicKey: string): string {
  const [type = '', encoded = ''] = publicKey.trim().split(/\s+/);
  const bytes = Buffer.from(encoded, 'base64');
  const named = bytes.length > 4 ? bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString() : '';
  if (named !== type || type === '') refuse(400, 'Keypair data is invalid: failed to generate fingerprint');
  return (createHash('md5').update(bytes).digest('hex').match(/../g) ?? []).join(':');
}

function brief(call: ScopedCall, row: KeyPair): object {
  return { name: row.name, public_key: row.publicKey, fingerprint: row.fingerprint, ...(call.minor >= 2 ? { type: row.type } : {}) };
}

function showKeypair(call: ScopedCall): Answer {
  const row = findKeypair(call);
  const rest = {
    user_id: row.userId,
    created_at: toMicroseconds(row.createdAt),
    deleted: false,
    deleted_at: null,
    id: row.number,
    updated_at: null,
  };
  return { status: 200, body: { keypair: { ...brief(call, row), ...rest } } };
}

function deleteKeypair(call: ScopedCall): Answer {
  const row = findKeypair(call);
  call.world.store.keypairs.delete(`${row.userId}/${row.name}`);
  return { status: call.minor >= 2 ? 204 : 202 };
}
