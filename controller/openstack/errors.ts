import type { ServiceName } from './cloud.ts';

/** What went wrong on the way: `http` is an answer outside 2xx, the others never gave one that could be used. */
export type FailureKind =
  | 'http'
  | 'auth'
  | 'catalog'
  | 'dns'
  | 'tls'
  | 'connection'
  | 'timeout'
  | 'circuit-open'
  | 'invalid-response'
  | 'aborted';

export interface Failure {
  readonly cloud: string;
  readonly service: ServiceName;
  readonly method: string;
  /** Below the endpoint, without the query. */
  readonly path: string;
  readonly kind: FailureKind;
  /** What happened, in the cloud's words where it has some; free of secrets. */
  readonly detail: string;
  readonly status?: number;
  /** NeutronError.type, the top-level key of Nova and Cinder (`conflictingRequest`), or a code of the network (`ECONNREFUSED`). */
  readonly type?: string;
  readonly requestId?: string;
  /** As the cloud said it, 0 included: bound it before waiting. */
  readonly retryAfterMs?: number;
  /** The request may have been carried out although it failed: its answer was lost, or the service failed half way. */
  readonly mayHaveActed: boolean;
  readonly cause?: unknown;
}

/** Every failure of a call to OpenStack. */
export class OpenStackError extends Error implements Failure {
  override readonly name = 'OpenStackError';
  readonly cloud: string;
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  readonly kind: FailureKind;
  readonly detail: string;
  readonly mayHaveActed: boolean;
  readonly status?: number;
  readonly type?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;

  constructor(failure: Failure) {
    super(describe(failure), failure.cause === undefined ? undefined : { cause: failure.cause });
    this.cloud = failure.cloud;
    this.service = failure.service;
    this.method = failure.method;
    this.path = failure.path;
    this.kind = failure.kind;
    this.detail = failure.detail;
    this.mayHaveActed = failure.mayHaveActed;
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.type !== undefined) this.type = failure.type;
    if (failure.requestId !== undefined) this.requestId = failure.requestId;
    if (failure.retryAfterMs !== undefined) this.retryAfterMs = failure.retryAfterMs;
  }
}

function describe({ cloud, service, method, path, kind, status, type, detail, requestId }: Failure): string {
  const call = method ? ` ${method} ${path}` : '';
  const what = status === undefined ? kind : `${status}`;
  const suffix = requestId ? ` (${requestId})` : '';
  return `${cloud} ${service}${call}: ${what}${type ? ` ${type}` : ''}: ${detail}${suffix}`;
}

export function isOpenStackError(error: unknown): error is OpenStackError {
  return error instanceof OpenStackError;
}

const hasStatus = (error: unknown, ...statuses: number[]): error is OpenStackError =>
  isOpenStackError(error) && error.kind === 'http' && error.status !== undefined && statuses.includes(error.status);

export function isNotFound(error: unknown): boolean {
  return hasStatus(error, 404);
}

/** Any 409 at all, quota and duplicates included. */
export function isConflict(error: unknown): boolean {
  return hasStatus(error, 409);
}

/**
 * A quota is used up: Neutron says 409 OverQuota, Nova 403 or 413, Cinder and Glance 413 (Cinder with `Retry-After: 0`).
 */
export function isQuota(error: unknown): boolean {
  if (!hasStatus(error, 403, 409, 413)) return false;
  if (error.type === 'OverQuota' || error.type === 'overLimit') return true;
  if (error.status === 413 && (error.service === 'block-storage' || error.service === 'image') && !error.retryAfterMs) return true;
  return /\bquotas?\b/i.test(error.detail);
}

/** Something still uses it: look again once that is gone. */
export function isInUse(error: unknown): boolean {
  if (hasStatus(error, 409)) return /InUse(By\w+)?$|^PortBound/.test(error.type ?? '') || /\b(still )?in[ -]use\b/i.test(error.detail);
  return (
    hasStatus(error, 400) && error.service === 'block-storage' && /attached|dependent (snapshots|volumes)|has snapshots/i.test(error.detail)
  );
}

/** The very same thing is already there. */
export function isDuplicate(error: unknown): boolean {
  if (!hasStatus(error, 409)) return false;
  return /Exists$|^Duplicate/.test(error.type ?? '') || /already exists|duplicate/i.test(error.detail);
}

/** The state it is in does not allow this now: Nova's conflictingRequest, Cinder's 400 "status must be". */
export function isWrongState(error: unknown): boolean {
  if (hasStatus(error, 409)) return error.type === 'conflictingRequest' && !isLocked(error) && !isDuplicate(error) && !isQuota(error);
  return hasStatus(error, 400) && /status must be|must be in (the )?\S+ (state|status)|Invalid volume: .*status/i.test(error.detail);
}

/** An administrator or owner locked the server. */
export function isLocked(error: unknown): boolean {
  return hasStatus(error, 409) && error.service === 'compute' && /is locked/i.test(error.detail);
}

/** The row changed since we read it (`If-Match` of Neutron). */
export function isRevisionMismatch(error: unknown): boolean {
  return hasStatus(error, 412);
}

/** What an error means for the next step; the control loop's own shape, declared here because this room imports nothing of ours. */
export type OpenStackVerdict =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'transient'; readonly reason: string; readonly message: string; readonly retryAfterMs?: number }
  | { readonly kind: 'stalled'; readonly reason: string; readonly message: string };

/** A Retry-After of 0 would make a hot loop, one of a day would look like a hang. */
const RETRY_AFTER_MS = { min: 1_000, max: 300_000 };

/** Sorts an error by service, status, type and text, never by status alone; what is none of OpenStack's counts as passing. */
export function classifyOpenStackError(error: unknown): OpenStackVerdict {
  if (!(error instanceof OpenStackError)) {
    return { kind: 'transient', reason: 'UnexpectedError', message: error instanceof Error ? error.message : String(error) };
  }
  return classify(error);
}

function classify(error: OpenStackError): OpenStackVerdict {
  switch (error.kind) {
    case 'auth':
      return stalled(error, 'AuthenticationFailed', "put working credentials into the cluster's secret");
    case 'catalog':
      return stalled(error, 'ServiceMissing', "correct the cluster's region or interface, or register the service in Keystone");
    case 'tls':
      return stalled(error, 'CertificateNotTrusted', "set the cluster's caBundle, or renew the cloud's certificate");
    case 'dns':
    case 'connection':
    case 'circuit-open':
      return transient(error, 'CloudUnreachable');
    case 'timeout':
      return transient(error, 'CloudTimeout');
    case 'invalid-response':
      return transient(error, 'InvalidResponse');
    case 'aborted':
      return transient(error, 'Aborted');
    case 'http':
      break;
  }
  return ofAnswer(error);
}

function ofAnswer(error: OpenStackError): OpenStackVerdict {
  if (isQuota(error)) return stalled(error, 'QuotaExceeded', 'raise the quota of the project or delete something');
  if (isLocked(error)) return stalled(error, 'Locked', 'unlock the server');
  if (isRevisionMismatch(error)) return transient(error, 'ChangedMeanwhile');
  if (isWrongState(error)) return waiting(error, 'WrongState');
  if (isInUse(error)) return waiting(error, 'InUse');
  const status = error.status ?? 0;
  if (status === 409) return ofConflict(error);
  if (status === 400) return stalled(error, 'InvalidRequest', 'correct the spec');
  if (status === 401) return stalled(error, 'AuthenticationFailed', "put working credentials into the cluster's secret");
  if (status === 403) return stalled(error, 'Forbidden', "give the cluster's user a role that may do this");
  // A floating IP can lead to a port only by way of a router with a gateway, and that may be still to come.
  if (error.type === 'ExternalGatewayForFloatingIPNotFound') return waiting(error, 'NotReachable');
  if (status === 404) return transient(error, 'NotFound');
  if (status === 405 || status === 410 || status === 501)
    return stalled(error, 'Unsupported', 'this cloud does not offer the call; take the field out');
  if (status === 413 && !error.retryAfterMs) return stalled(error, 'TooLarge', 'make the request smaller');
  if (status === 413 || status === 429) return transient(error, 'RateLimited');
  if (status === 408 || status === 406 || status >= 500) return transient(error, status === 406 ? 'MicroversionRefused' : 'CloudFailed');
  if (status >= 400) return stalled(error, 'InvalidRequest', 'correct the spec');
  return transient(error, 'InvalidResponse');
}

function ofConflict(error: OpenStackError): OpenStackVerdict {
  // A rule or a key pair that is already there is found by the next look.
  if (error.type === 'SecurityGroupRuleExists') return transient(error, 'AlreadyExists');
  if (isDuplicate(error)) return stalled(error, 'AlreadyExists', 'choose another name, or delete the one that is there');
  if (error.type === 'IpAddressGenerationFailure' || /No more IP addresses/i.test(error.detail)) {
    return stalled(error, 'NoFreeAddress', "widen the subnet's allocation pools or delete unused ports");
  }
  // Neutron's words for two fields of a port that exclude each other.
  if (error.type === 'PortSecurityPortHasSecurityGroup' || error.type === 'AddressPairAndPortSecurityRequired') {
    return stalled(error, 'InvalidRequest', 'correct the spec');
  }
  return waiting(error, 'Conflict');
}

function sentence(error: OpenStackError, next?: string): string {
  const detail = error.detail.replace(/\.$/, '');
  const said =
    error.kind === 'http'
      ? `${error.cloud}: ${error.service} refused ${error.method} ${error.path} (${error.status}): ${detail}`
      : error.message;
  return next ? `${said}; ${next}` : said;
}

function waiting(error: OpenStackError, reason: string): OpenStackVerdict {
  return { kind: 'waiting', reason, message: sentence(error) };
}

function stalled(error: OpenStackError, reason: string, next: string): OpenStackVerdict {
  return { kind: 'stalled', reason, message: sentence(error, next) };
}

function transient(error: OpenStackError, reason: string): OpenStackVerdict {
  const verdict = { kind: 'transient' as const, reason, message: sentence(error, 'trying again') };
  if (error.retryAfterMs === undefined) return verdict;
  return { ...verdict, retryAfterMs: Math.min(RETRY_AFTER_MS.max, Math.max(RETRY_AFTER_MS.min, error.retryAfterMs)) };
}
