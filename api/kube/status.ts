/** One thing wrong with one field. */
export interface Cause {
  /** Kubernetes' cause type: `FieldValueRequired`. */
  readonly reason: string;
  readonly message: string;
  /** `spec.ports[0].port`. */
  readonly field: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly { reason: string; message?: string; field?: string }[];
  readonly retryAfterSeconds?: number;
}

/** What a refused or failed request is answered with: `meta/v1 Status`. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The Status object sent over the wire. */
  body(): object {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? { reason: this.reason } : {}),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** A group and a plural (`widgets`) or a kind, as messages name them. */
export interface Qualified {
  readonly group: string;
  readonly resource: string;
}

/** `widgets.demo.stackwarden.io`, or `secrets` for the core group. */
export function qualified(of: Qualified): string {
  return of.group ? `${of.resource}.${of.group}` : of.resource;
}

function details(of: Qualified, name: string): StatusDetails {
  return { ...(name ? { name } : {}), ...(of.group ? { group: of.group } : {}), kind: of.resource };
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function forbidden(of: Qualified, name: string, why: string, causes?: StatusDetails['causes']): StatusError {
  const message = `${qualified(of)} "${name}" is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, { ...details(of, name), ...(causes ? { causes } : {}) });
}

export function notFound(of: Qualified, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(of)} "${name}" not found`, details(of, name));
}

/** The path names nothing this server has. */
export function noSuchPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): StatusError {
  return new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function notAcceptable(): StatusError {
  const message = 'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf';
  return new StatusError(406, 'NotAcceptable', message);
}

export function alreadyExists(of: Qualified, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${qualified(of)} "${name}" already exists`, details(of, name));
}

export function conflict(of: Qualified, name: string, why: string): StatusError {
  return new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(of)} "${name}": ${why}`, details(of, name));
}

/** Somebody else wrote between this client's read and its write. */
export function modified(of: Qualified, name: string): StatusError {
  return conflict(of, name, 'the object has been modified; please apply your changes to the latest version and try again');
}

/** The version asked for is no longer kept: the client must list again. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

export function tooLarge(limitBytes: number): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
}

export function unsupportedMediaType(accepted: readonly string[], more = ''): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}${more}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}

/** `of.resource` is the kind here, as Kubernetes words it: `Widget.demo.stackwarden.io "a" is invalid: ...`. */
export function invalid(of: Qualified, name: string, causes: readonly Cause[]): StatusError {
  const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new StatusError(422, 'Invalid', `${qualified(of)} "${name}" is invalid: ${list}`, { ...details(of, name), causes });
}

/** A bad value of a request option: `DeleteOptions.meta.k8s.io "" is invalid: ...`. */
export function invalidOptions(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions' | 'ListOptions',
  cause: Cause,
): StatusError {
  return invalid({ group: 'meta.k8s.io', resource: kind }, '', [cause]);
}

export function internal(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ reason: '', message }] });
}

/** The client has seen a version this server has not. */
export function versionTooLarge(asked: number, current: number): StatusError {
  return new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
