import type { Clock } from './clock.ts';
import type { TokenInfo } from './cloud.ts';
import { OpenStackError } from './errors.ts';

export interface Token {
  /** Secret. */
  readonly id: string;
  readonly info: TokenInfo;
  /** Epoch ms by our clock, as is the next. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** The one token of a credential. */
export interface TokenSource {
  /** A token with life in it; `login` is called at most once at a time, however many ask. */
  current(login: () => Promise<Token>): Promise<Token>;
  /** A service refused this token: it is not given out again. */
  discard(id: string): void;
}

/** Token sources by credential, so that connections which share a credential share its token. */
export type TokenCache = Map<string, TokenSource>;

/** Refused credentials are not sent again for so long: clouds lock users out for guessing. */
const REFUSED_FOR_MS = 30_000;
/** A token nearer to its end than this may expire under way. */
const DYING_MS = 30_000;

export function createTokenSource(clock: Clock): TokenSource {
  let token: Token | undefined;
  let renewal: Promise<Token> | undefined;
  let refused: { until: number; error: unknown } | undefined;

  function renew(login: () => Promise<Token>): Promise<Token> {
    renewal ??= login()
      .then(
        (fresh) => {
          token = fresh;
          refused = undefined;
          return fresh;
        },
        (error: unknown) => {
          if (error instanceof OpenStackError && error.kind === 'auth') refused = { until: clock.now() + REFUSED_FOR_MS, error };
          throw error;
        },
      )
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  }

  return {
    async current(login) {
      const now = clock.now();
      const held = token;
      if (held && held.expiresAt - now > (held.expiresAt - held.issuedAt) * 0.25) return held;
      const isUsable = held !== undefined && held.expiresAt - now > DYING_MS;
      if (refused && now < refused.until) {
        if (isUsable) return held;
        throw refused.error;
      }
      // The old one still works while Keystone is away.
      return isUsable ? renew(login).catch(() => held) : renew(login);
    },
    discard(id) {
      if (token?.id === id) token = undefined;
    },
  };
}
