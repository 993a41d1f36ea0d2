import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callbackPath, type Provider, ticketMs } from '../auth/oidc.ts';
import { Refusal } from '../auth/refusal.ts';
import { cookieNamed, setCookie } from '../auth/session-cookie.ts';
import type { PeopleParts } from './people-parts.ts';
import { providerQuery } from './people-schema.ts';

const ticketCookie = '__Host-stackwarden-provider';
/** Lax: the provider's answer comes from another site, and has to find it. */
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** `GET /api/v1/session/ways`, and the way over an identity provider: there, and back again. */
export function providerRoutes(app: FastifyInstance, { accounts, record }: PeopleParts): void {
  const { provider, sessions } = accounts;

  app.get('/api/v1/session/ways', { config: { access: 'open' } }, async () => ({
    password: true,
    registration: accounts.selfRegistration,
    provider: provider ? { issuer: provider.issuer, url: '/api/v1/session/provider' } : null,
  }));

  app.get<{ Querystring: { to: string } }>(
    '/api/v1/session/provider',
    { schema: { querystring: providerQuery }, config: { access: 'open' } },
    async (request, reply) => {
      const { to } = request.query;
      const begun = await orPage(request, reply, to, () => configured(provider).begin(to));
      if (!begun) return reply;
      const cookie = `${ticketCookie}=${begun.ticket}; ${attributes}; Max-Age=${ticketMs / 1000}`;
      return reply.header('set-cookie', cookie).header('cache-control', 'no-store').redirect(begun.url, 302);
    },
  );

  app.get(callbackPath, { config: { access: 'open' } }, async (request, reply) => {
    const to = (await provider?.pageOf(cookieNamed(ticketCookie, request.headers))) ?? '/';
    const begun = await orPage(request, reply, to, () => begin(request));
    if (!begun) return reply;
    const { session, cookie, username } = begun;
    setCookie(reply, cookie);
    await record(request, {
      type: 'SignedIn',
      actor: username,
      message: `${username} signed in at ${provider?.issuer}.`,
      session: session.id,
    });
    return sendOn(reply, to);
  });

  async function begin(request: FastifyRequest) {
    try {
      const query = request.url.split('?')[1] ?? '';
      const person = await configured(provider).finish(query, cookieNamed(ticketCookie, request.headers));
      const { id: userId, username } = await accounts.people.provided(person);
      const userAgent = request.headers['user-agent'] ?? '';
      return { username, ...(await sessions.start({ userId, stage: 'whole', how: 'oidc', address: request.ip, userAgent })) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await record(request, { type: 'SignInFailed', actor: 'unknown', result: 'denied', message: `A sign-in failed: ${error.title}.` });
      throw error;
    }
  }
}

/** Undefined when it was refused and a browser, which is at no page of ours, was sent to the one that signs people in. */
async function orPage<T>(request: FastifyRequest, reply: FastifyReply, to: string, begin: () => Promise<T>): Promise<T | undefined> {
  try {
    return await begin();
  } catch (error) {
    const isBrowser = request.headers.accept?.includes('text/html');
    if (!(error instanceof Refusal) || !isBrowser) throw error;
    if (error.status === 403) await request.server.denied(request, { reason: error.message });
    await sendOn(reply.code(error.status), `/sign-in?${new URLSearchParams({ problem: error.title, back: to }).toString()}`);
    return undefined;
  }
}

/** Goes on at a page of ours. A redirect would still count as the other site's, and the new cookie would not go with it. */
function sendOn(reply: FastifyReply, to: string): FastifyReply {
  const url = to.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>Stackwarden</title><a href="${url}">Go on</a>`;
  return reply.header('referrer-policy', 'no-referrer').type('text/html; charset=utf-8').send(page);
}

function configured(provider: Provider | undefined): Provider {
  if (provider) return provider;
  throw new Refusal(404, 'NoProvider', 'There is no identity provider to sign in at. POST /api/v1/session takes a password.');
}
