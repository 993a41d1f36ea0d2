/** Thrown where a request is refused far from its reply; the server answers it as RFC 9457. `message` is shown to the caller. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly statusCode: number;
  /** One of the table in problems.ts. */
  readonly title: string;
  /** More fields of the answer. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(statusCode: number, title: string, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.statusCode = statusCode;
    this.title = title;
    this.more = more;
  }
}
