import type { FastifyRequest } from 'fastify';
import type { Accounts } from './accounts.ts';
import type { Caller } from './gate.ts';
import type { Tokens } from './tokens.ts';

/** Who sends a request: by its token, or without one by the session of its cookie. A wrong token is nobody, whatever the cookie says. */
export function callerOf(tokens: Tokens, accounts: Accounts | undefined): (request: FastifyRequest) => Promise<Caller | undefined> {
  return async ({ headers }) => {
    if (headers.authorization !== undefined) {
      const identity = await tokens.authenticate(headers.authorization);
      return identity && { identity };
    }
    const found = await accounts?.ofCookie(headers);
    return found && { identity: found.identity, csrf: found.session.csrf };
  };
}
