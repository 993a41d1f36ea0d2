import type { FastifyInstance, FastifyRequest } from 'fastify';
import { forgeryIn } from '../auth/csrf.ts';
import { answerForgery } from '../auth/gate.ts';
import type { Identity } from '../auth/identity.ts';
import { Refusal } from '../auth/refusal.ts';
import { clearCookie, cookieIn, setCookie } from '../auth/session-cookie.ts';
import type { Session } from '../auth/sessions.ts';
import { type Begun, SignInFailed } from '../auth/sign-in.ts';
import { shownSession } from './people-answers.ts';
import type { PeopleParts } from './people-parts.ts';
import { codeBody, nothing, signInBody } from './people-schema.ts';

/** `POST`, `GET` and `DELETE /api/v1/session`, and `POST /api/v1/session/second-factor`. */
export function sessionRoutes(app: FastifyInstance, { accounts, record }: PeopleParts): void {
  const { signIn, sessions } = accounts;

  /** Has a failure recorded under the name of whom it was about, if that is somebody. */
  const recorded = async (request: FastifyRequest, begin: () => Promise<Begun>): Promise<Begun> => {
    try {
      return await begin();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const actor = (error instanceof SignInFailed && error.username) || 'unknown';
      await record(request, { type: 'SignInFailed', actor, result: 'denied', message: `A sign-in failed: ${error.title}.` });
      throw error;
    }
  };
  const signedIn = (request: FastifyRequest, { username, session }: Begun) =>
    record(request, { type: 'SignedIn', actor: username, message: `${username} signed in.`, session: session.id });

  app.post<{ Body: { username: string; password: string } }>(
    '/api/v1/session',
    { schema: { body: signInBody }, config: { access: 'open' } },
    async (request, reply) => {
      // Else another site could sign somebody in as its own user, and watch what they do.
      const forgery = forgeryIn(request, undefined);
      if (forgery) return answerForgery(request, reply, forgery);
      const { ip: address, headers } = request;
      const begun = await recorded(request, () => signIn.first({ ...request.body, address, userAgent: headers['user-agent'] ?? '' }));
      await forget(request.headers);
      setCookie(reply, begun.cookie);
      if (begun.session.stage === 'password') return { stage: 'second-factor' };
      await signedIn(request, begun);
      return { stage: 'signed-in', csrf: begun.session.csrf };
    },
  );

  app.post<{ Body: { code: string } }>(
    '/api/v1/session/second-factor',
    { schema: { body: codeBody }, config: { access: 'open' } },
    async (request, reply) => {
      const forgery = forgeryIn(request, undefined);
      if (forgery) return answerForgery(request, reply, forgery);
      const half = await sessions.find(cookieIn(request.headers));
      if (half?.stage !== 'password') throw new Refusal(401, 'SignInFirst', 'Give username and password first: POST /api/v1/session.');
      const begun = await recorded(request, () => signIn.second(half, request.body.code));
      setCookie(reply, begun.cookie);
      await signedIn(request, begun);
      return { stage: 'signed-in', csrf: begun.session.csrf };
    },
  );

  app.get('/api/v1/session', { config: { access: 'signed-in' } }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const session = request.identity.how === 'cookie' ? await sessions.find(cookieIn(request.headers)) : undefined;
    const { userId } = request.identity;
    const person = userId === undefined ? undefined : await accounts.people.get(userId);
    return {
      username: request.identity.user,
      ...(person && { id: person.id, displayName: person.displayName, email: person.email, hasSecondFactor: person.hasSecondFactor }),
      how: request.identity.how,
      roles: request.identity.grants.map(({ role, cluster, namespace }) => ({ role, cluster, namespace })),
      permissions: placesOf(request.identity),
      ...(session && { csrf: session.csrf, session: shownSession(session) }),
    };
  });

  app.delete('/api/v1/session', { schema: { body: nothing }, config: { access: 'open' } }, async (request, reply) => {
    const session = await forget(request.headers);
    clearCookie(reply);
    if (session?.stage === 'whole' && request.identity)
      await record(request, { type: 'SignedOut', message: `${request.identity.user} signed out.` });
    return reply.code(204).send();
  });

  /** Ends the session of the cookie. */
  async function forget(headers: FastifyRequest['headers']): Promise<Session | undefined> {
    const session = await sessions.find(cookieIn(headers));
    if (session) await sessions.end(session.userId, session.id);
    return session;
  }
}

/** Each permission with the places it reaches. */
function placesOf({ grants }: Identity) {
  const places = new Map<string, { cluster: string; namespace: string }[]>();
  for (const { permissions, cluster, namespace } of grants)
    for (const permission of permissions) {
      const known = places.get(permission) ?? [];
      if (!known.some((place) => place.cluster === cluster && place.namespace === namespace)) known.push({ cluster, namespace });
      places.set(permission, known);
    }
  return [...places].map(([permission, reached]) => ({ permission, places: reached }));
}
