/** Why something about people is not done: answered as a problem (RFC 9457) with this status and title. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  /** CamelCase and stable. */
  readonly title: string;
  readonly field: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  /** `message` is for people, says the next step, and MUST hold no secret. */
  constructor(status: number, title: string, message: string, more: { field?: string; retryAfter?: number } = {}) {
    super(message);
    this.status = status;
    this.title = title;
    this.field = more.field;
    this.retryAfter = more.retryAfter;
  }
}

/** Somebody else wrote between the read that `If-Match` names and this write. */
export function outdated(what: string, version: number): Refusal {
  return new Refusal(
    412,
    'PreconditionFailed',
    `${what} was changed meanwhile: it is at version ${version}. Read it again and repeat the change.`,
  );
}
