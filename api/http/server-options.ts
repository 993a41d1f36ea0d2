import type { IncomingMessage } from 'node:http';
import type { FastifyServerOptions } from 'fastify';
import type { Log } from '../log.ts';
import { isStream } from '../terminal/stream-path.ts';
import type { OwnCertificate, TlsFiles } from '../tls.ts';
import { answerError, answerMalformed } from './errors.ts';
import { addSecurityHeaders } from './headers.ts';
import { requestIdOf } from './request-id.ts';

/** What fastify is made with. */
export interface ServerOptions {
  readonly log: Log;
  readonly tls?: Pick<TlsFiles, 'cert' | 'key'> | OwnCertificate;
  /** Addresses or networks whose `X-Forwarded-*` are believed; nobody's by default. */
  readonly trustProxy?: readonly string[];
}

/** Bounds for all that a client can make large or slow. A watch or stream lasts longer: the time is for sending the request. */
const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 20_000,
  requireHostHeader: true,
  insecureHTTPParser: false,
  shouldUpgradeCallback: ({ url, headers }: IncomingMessage) => isStream(url, headers),
} as const;

/** For each part of a start. Fastify's own ten seconds end the process where a machine is busy or a database slow. */
const startMs = 300_000;

export function serverOptions({ log, tls, trustProxy }: ServerOptions): FastifyServerOptions {
  const sni = tls && 'SNICallback' in tls ? { SNICallback: tls.SNICallback } : {};
  const ofServer = tls ? { https: { cert: tls.cert, key: tls.key, ...sni, minVersion: 'TLSv1.2', ...limits } } : { http: limits };
  return {
    ...ofServer,
    logger: false,
    pluginTimeout: startMs,
    genReqId: requestIdOf,
    requestIdHeader: false,
    bodyLimit: 3 * 1024 * 1024,
    requestTimeout: 60_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    clientErrorHandler: (error, socket) => answerMalformed(log, error, socket),
    // Ahead of all hooks.
    frameworkErrors: (error, request, reply) => {
      addSecurityHeaders(request, reply);
      void answerError(log, error, request, reply);
      log('info', 'request refused', { status: reply.statusCode, method: request.method, requestId: request.id, address: request.ip });
    },
    ...(trustProxy && trustProxy.length > 0 && { trustProxy: [...trustProxy] }),
  };
}
