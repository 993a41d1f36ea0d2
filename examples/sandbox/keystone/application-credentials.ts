import { type Answer, type Call, isRecord } from '../call.ts';
import type { ApplicationCredential, Token } from '../store.ts';
import type { World } from '../world.ts';
import { failure, forbidden, listOf, roleId } from './answers.ts';

export function answerApplicationCredentials(call: Call, caller: Token, userId: string, id: string | undefined): Answer {
  const { store, random } = call.world;
  if (caller.userId !== userId) throw forbidden(`identity:${call.method === 'POST' ? 'create' : 'list'}_application_credential`);
  const own = [...store.applicationCredentials.values()].filter((item) => item.userId === userId);
  const found = id === undefined ? undefined : own.find((item) => item.id === id);
  if (id !== undefined && !found) throw failure(404, 'Not Found', `Could not find Application Credential: ${id}.`);
  if (call.method === 'GET') {
    if (found) return { status: 200, body: { application_credential: credentialDocument(call.world, found) } };
    return {
      status: 200,
      body: listOf(
        call,
        'application_credentials',
        own.map((item) => credentialDocument(call.world, item)),
      ),
    };
  }
  if (call.method === 'DELETE' && found) {
    store.applicationCredentials.delete(found.id);
    // Keystone revokes the tokens of a deleted credential.
    for (const token of store.tokens.values())
      if (token.methods.includes('application_credential') && token.userId === userId) store.tokens.delete(token.id);
    return { status: 204 };
  }
  const wanted = isRecord(call.body) && isRecord(call.body.application_credential) ? call.body.application_credential : {};
  const name = String(wanted.name);
  if (own.some((item) => item.name === name))
    throw failure(
      409,
      'Conflict',
      `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${name}.`,
    );
  const made: ApplicationCredential = {
    id: random.hex(32),
    name,
    description: typeof wanted.description === 'string' ? wanted.description : null,
    secret: typeof wanted.secret === 'string' ? wanted.secret : random.hex(64),
    userId,
    projectId: caller.projectId ?? '',
    roles: caller.roles,
    expiresAt: typeof wanted.expires_at === 'string' ? wanted.expires_at : null,
    unrestricted: typeof wanted.unrestricted === 'boolean' ? wanted.unrestricted : null,
  };
  store.applicationCredentials.set(made.id, made);
  return { status: 201, body: { application_credential: { ...credentialDocument(call.world, made), secret: made.secret } } };
}

function credentialDocument(world: World, item: ApplicationCredential): object {
  return {
    id: item.id,
    name: item.name,
    description: item.description,
    user_id: item.userId,
    project_id: item.projectId,
    system: null,
    expires_at: item.expiresAt,
    unrestricted: item.unrestricted,
    roles: item.roles.map((name) => ({ id: roleId(name), name, domain_id: null, description: null, options: { immutable: true } })),
    links: { self: `${world.origin}/identity/v3/users/${item.userId}/application_credentials/${item.id}` },
  };
}
