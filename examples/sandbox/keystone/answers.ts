import { type Call, Refusal, tokenOf } from '../call.ts';
import type { Token } from '../store.ts';
import type { World } from '../world.ts';

export function failure(status: number, title: string, message: string, extra: Record<string, unknown> = {}): Refusal {
  return new Refusal({ status, body: { error: { code: status, ...extra, message, title } } });
}

export function unauthenticated(
  world: World,
  message = 'The request you have made requires authentication.',
  extra: Record<string, unknown> = {},
): Refusal {
  return new Refusal({
    status: 401,
    headers: { 'www-authenticate': `Keystone uri="${world.origin}/identity/v3"` },
    body: { error: { code: 401, ...extra, message, title: 'Unauthorized' } },
  });
}

export function forbidden(action: string): Refusal {
  return failure(403, 'Forbidden', `You are not authorized to perform the requested action: ${action}.`);
}

export function listOf(call: Call, name: string, rows: readonly object[]): object {
  return { [name]: rows, links: { next: null, self: `${call.world.origin}/identity${call.path}`, previous: null } };
}

export function authenticated(call: Call): Token {
  const scoped = tokenOf(call);
  if (scoped) return scoped;
  const id = call.headers['x-auth-token'];
  const token = typeof id === 'string' ? call.world.store.tokens.get(id) : undefined;
  if (!token || token.expiresAt <= call.world.clock.now()) throw unauthenticated(call.world);
  return token;
}

export function roleId(name: string): string {
  return Buffer.from(name.padEnd(16, '.')).toString('hex').slice(0, 32);
}
