import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { Problem } from '../../data/http.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { problemText } from '../../elements/state.ts';
import { formatDuration } from '../../texts/format.ts';
import { signInProblem, signInTexts as t } from '../../texts/sign-in.ts';

/** Why signing in was refused, and for how long, counted down. Sends `sw-over` when another try makes sense. */
export class SwSignInRefused extends SwElement {
  static override properties = { problem: { attribute: false }, left: { state: true } };
  static override styles = [
    base,
    css`
      wa-callout {
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare problem: unknown;
  /** Seconds still to wait. */
  declare left: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.left = 0;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('problem')) return;
    clearInterval(this.#timer);
    this.left = waitOf(this.problem);
    if (this.left > 0) this.#timer = setInterval(() => this.#tick(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    if (this.problem === undefined) return nothing;
    return html`<wa-callout variant="danger" size="s"><span role="alert">${this.#words()}</span></wa-callout>`;
  }

  #words(): string {
    const { problem } = this;
    if (waitOf(problem) > 0) return this.left > 0 ? t.tooMany(formatDuration(this.left)) : t.tooManyOver;
    return signInWords(problem);
  }

  #tick(): void {
    this.left -= 1;
    if (this.left > 0) return;
    clearInterval(this.#timer);
    this.send('sw-over');
  }
}

/** Seconds that a problem asks to wait; 0 for none. */
export function waitOf(problem: unknown): number {
  return problem instanceof Problem && problem.status === 429 ? (problem.retryAfter ?? 60) : 0;
}

/** A refusal in the language of the page. */
export function signInWords(problem: unknown): string {
  const known = problem instanceof Problem ? signInProblem(problem.title) : undefined;
  return known ?? problemText(problem);
}

define('sw-sign-in-refused', SwSignInRefused);
