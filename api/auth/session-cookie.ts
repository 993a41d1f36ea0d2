import type { FastifyReply, FastifyRequest } from 'fastify';
import { absoluteMs } from './sessions.ts';

/** `__Host-`: browsers take it over TLS only, for this host only, and no other host can set it. */
const name = '__Host-stackwarden';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** What a request brings in its session cookie. One that stands twice was planted, and is none. */
export function cookieIn(headers: FastifyRequest['headers']): string | undefined {
  return cookieNamed(name, headers);
}

export function cookieNamed(name: string, { cookie }: FastifyRequest['headers']): string | undefined {
  const found = (cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return found.length === 1 ? found[0] : undefined;
}

export function setCookie(reply: FastifyReply, cookie: string): void {
  void reply.header('set-cookie', `${name}=${cookie}; ${attributes}; Max-Age=${absoluteMs / 1000}`).header('cache-control', 'no-store');
}

export function clearCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', `${name}=; ${attributes}; Max-Age=0`);
}
