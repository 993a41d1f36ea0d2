import * as client from 'openid-client';
import { type KeyProvider, newDataKey, open, type Sealed } from '../kube/encryption.ts';
import type { RoleAt } from './grants.ts';
import type { OidcSettings } from './oidc-settings.ts';
import { Refusal } from './refusal.ts';

/** Sign-in at an identity provider: authorization code with PKCE, state and nonce. */
export interface Provider {
  readonly issuer: string;
  /**
   * Where to send the browser, and what it has to bring back: sealed, so that every process can take it and no browser can make it. `to` is
   * the page here that the person wanted.
   */
  begin(to: string): Promise<{ readonly url: string; readonly ticket: string }>;
  /** The page that a ticket was made for; undefined for what is none. */
  pageOf(ticket: string | undefined): Promise<string | undefined>;
  /** Who came back, by the provider's word. `query` is that of the callback. Throws a Refusal. */
  finish(query: string, ticket: string | undefined): Promise<ProvidedPerson>;
}

export interface ProvidedPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly username: string;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly roles: readonly RoleAt[];
}

export const callbackPath = '/api/v1/session/provider/callback';
export const ticketMs = 10 * 60_000;
const context = 'sign-in at a provider';

interface Ticket {
  readonly to: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly at: number;
}

export function createProvider(settings: OidcSettings, { keys, now }: { keys: KeyProvider; now: () => number }): Provider {
  const { issuer, clientId, clientSecret, publicUrl } = settings;
  const redirectUri = publicUrl + callbackPath;
  let found: Promise<client.Configuration> | undefined;

  /** Asked when it is needed, and again after a failure: a provider that is down must not keep this server from starting. */
  async function discovered(): Promise<client.Configuration> {
    const isPlain = issuer.startsWith('http:');
    const insecure = isPlain ? { execute: [client.allowInsecureRequests] } : {};
    found ??= client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(clientSecret), { timeout: 10, ...insecure });
    try {
      return await found;
    } catch {
      found = undefined;
      throw new Refusal(502, 'ProviderUnreachable', 'The identity provider does not answer. Try again, or sign in with a password.');
    }
  }

  async function readTicket(ticket: string | undefined): Promise<Ticket> {
    const over = new Refusal(400, 'SignInOver', 'This sign-in was not begun here, or too long ago. Begin again.');
    try {
      const sealed = JSON.parse(Buffer.from(ticket ?? '', 'base64url').toString()) as Sealed;
      const read = JSON.parse(await open(keys, sealed, context)) as Ticket;
      if (read.at + ticketMs > now()) return read;
    } catch {
      throw over;
    }
    throw over;
  }

  return {
    issuer,
    async begin(to) {
      const config = await discovered();
      const ticket: Ticket = {
        to,
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        at: now(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state: ticket.state,
        nonce: ticket.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(ticket.verifier),
        code_challenge_method: 'S256',
      });
      const sealed = (await newDataKey(keys)).seal(JSON.stringify(ticket), context);
      return { url: url.href, ticket: Buffer.from(JSON.stringify(sealed)).toString('base64url') };
    },
    async pageOf(ticket) {
      return readTicket(ticket).then(
        ({ to }) => to,
        () => undefined,
      );
    },
    async finish(query, ticket) {
      const { state, nonce, verifier } = await readTicket(ticket);
      const config = await discovered();
      const claims = await claimsOf(config, new URL(`${redirectUri}?${query}`), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const groups = claims[settings.groupsClaim];
      const isMember = (group: string) => Array.isArray(groups) && groups.includes(group);
      const email = textOf(claims.email);
      return {
        issuer,
        subject: claims.sub,
        username: textOf(claims.preferred_username) ?? email ?? claims.sub,
        email: email !== undefined && email.length <= 254 ? email : null,
        displayName: textOf(claims.name)?.slice(0, 200) ?? null,
        roles: settings.roles.filter(({ group }) => isMember(group)).map(({ group: _group, ...role }) => role),
      };
    },
  };
}

type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

/** What the provider says of a person, in the ID token and, where it has one, at its userinfo endpoint. */
async function claimsOf(config: client.Configuration, callback: URL, checks: client.AuthorizationCodeGrantChecks): Promise<Claims> {
  try {
    const tokens = await client.authorizationCodeGrant(config, callback, checks);
    const claims = tokens.claims();
    if (!claims) throw new Error('there is no ID token');
    const hasMore = config.serverMetadata().userinfo_endpoint !== undefined;
    const more = hasMore ? await client.fetchUserInfo(config, tokens.access_token, claims.sub) : {};
    return { ...more, ...claims };
  } catch {
    // What went wrong may quote codes and tokens.
    throw new Refusal(401, 'SignInFailed', 'The identity provider did not vouch for you. Begin again.');
  }
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}
