import type { FastifyRequest } from 'fastify';
import type { Accounts } from './accounts.ts';
import type { Identity } from './identity.ts';
import type { Tokens } from './tokens.ts';

/**
 * Who sends a request: by its token, or without one by the session of its cookie. A wrong token is nobody, whatever the cookie says.
 * `isUnattended`: it is asked again by us, while a stream lasts, and keeps no session from falling idle.
 */
export function callerOf(
  tokens: Tokens,
  accounts: Accounts | undefined,
  options: { readonly isUnattended?: boolean } = {},
): (request: Pick<FastifyRequest, 'headers'>) => Promise<Identity | undefined> {
  return async ({ headers }) => {
    const identity = await tokens.authenticate(headers.authorization);
    if (identity || headers.authorization !== undefined) return identity;
    return accounts?.ofCookie(headers, options);
  };
}
