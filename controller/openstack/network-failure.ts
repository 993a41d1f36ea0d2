import type { FailureKind } from './errors.ts';
import { FORBIDDEN_CODE } from './forbidden-address.ts';

/** A failure below HTTP, sorted; `detail` names the host and stays the same from one attempt to the next. */
export interface NetworkFailure {
  readonly kind: Extract<FailureKind, 'dns' | 'tls' | 'connection' | 'timeout' | 'invalid-response' | 'aborted'>;
  readonly type: string;
  readonly detail: string;
  /** The request cannot have reached the service. */
  readonly isUnsent: boolean;
}

const TLS_CODES: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not trusted here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an authority that is not trusted here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  CERT_SIGNATURE_FAILURE: 'its certificate is signed by an authority that is not trusted here',
  EPROTO: 'it does not speak TLS on this port',
};
const REFUSED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN']);

/** Sorts what undici or a socket threw while talking to `host`. */
export function sortNetworkFailure(error: unknown, host: string): NetworkFailure {
  const { code, name, message } = rootOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') {
    const why = code === 'EAI_AGAIN' ? 'the name server does not answer' : 'no such name';
    return { kind: 'dns', type: code, detail: `host ${hostname(host)} cannot be resolved (${why})`, isUnsent: true };
  }
  if (code === FORBIDDEN_CODE) {
    const detail = `host ${hostname(host)} is a link-local address or a metadata service, which is never connected to`;
    return { kind: 'invalid-response', type: code, detail, isUnsent: true };
  }
  const untrusted = TLS_CODES[code] ?? (/^(ERR_SSL|ERR_TLS|CERT_)/.test(code) ? 'the TLS handshake failed' : undefined);
  if (untrusted) return { kind: 'tls', type: code, detail: `${host} cannot be trusted: ${untrusted}`, isUnsent: true };
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return { kind: 'timeout', type: code, detail: `${host} does not accept connections (time-out)`, isUnsent: code !== 'ETIMEDOUT' };
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || name === 'TimeoutError') {
    return { kind: 'timeout', type: code || name, detail: `${host} took the request and did not answer in time`, isUnsent: false };
  }
  if (REFUSED.has(code)) return { kind: 'connection', type: code, detail: `${host} refuses connections`, isUnsent: true };
  if (code.startsWith('HPE_') || code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return {
      kind: 'invalid-response',
      type: code,
      detail: `${host} answered something that is not HTTP, or too much of it`,
      isUnsent: false,
    };
  }
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return { kind: 'connection', type: code, detail: 'this connection was closed by us', isUnsent: false };
  }
  if (name === 'AbortError' || code === 'UND_ERR_ABORTED')
    return { kind: 'aborted', type: code || name, detail: 'cancelled by us', isUnsent: false };
  return { kind: 'connection', type: code || name, detail: `${host} broke the connection (${message})`, isUnsent: false };
}

/** Several addresses of a host fail as one AggregateError; undici wraps some errors once more. */
function rootOf(error: unknown): { code: string; name: string; message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', name: 'Error', message: String(error) };
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined && error.cause !== undefined) return rootOf(error.cause);
  return { code: typeof code === 'string' ? code : '', name: error.name, message: error.message };
}

function hostname(host: string): string {
  return host.replace(/:\d+$/, '');
}
