import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/skeleton/skeleton.js';
import { Problem } from '../data/http.ts';
import { frameTexts } from '../texts/frame.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import type { IconName } from './icons.ts';

const middle = css`
  :host {
    display: grid;
    justify-items: center;
    gap: var(--wa-space-s);
    padding: var(--wa-space-2xl) var(--wa-space-m);
    text-align: center;
  }
  sw-icon {
    width: 2.5rem;
    height: 2.5rem;
    color: var(--wa-color-text-quiet);
  }
  p {
    max-width: 46rem;
    overflow-wrap: anywhere;
  }
`;

/** Why something could not be shown: no rights, no answer, a failure; with the next step. Sends `retry`. */
export class SwProblem extends SwElement {
  static override properties = { problem: { attribute: false } };
  static override styles = [base, middle];

  declare problem: unknown;

  override render() {
    const { problem } = this;
    const isForbidden = problem instanceof Problem && problem.status === 403;
    return html`
      <sw-icon name=${isForbidden ? 'lock' : 'circle-alert'}></sw-icon>
      <h2>${isForbidden ? frameTexts.forbidden.title : frameTexts.failed.title}</h2>
      <p role="alert">${problemText(problem)}</p>
      ${problem instanceof Problem && problem.requestId ? html`<p class="quiet mono">${frameTexts.failed.requestId(problem.requestId)}</p>` : nothing}
      ${isForbidden ? nothing : html`<wa-button size="s" @click=${() => this.send('retry')}>${frameTexts.retry}</wa-button>`}
    `;
  }
}

/** What went wrong, in words for the person in front of it. */
export function problemText(problem: unknown): string {
  if (!(problem instanceof Problem)) return problem instanceof Error ? problem.message : String(problem);
  if (problem.title === 'TimedOut') return frameTexts.failed.timedOut;
  if (problem.status === 0) return frameTexts.failed.unreachable;
  if (problem.status === 403 && problem.permission !== undefined)
    return `${frameTexts.forbidden.text} ${frameTexts.forbidden.needs(problem.permission)}`;
  return problem.message;
}

/** Nothing is there: why, and in the slot what to do next. */
export class SwEmpty extends SwElement {
  static override properties = { icon: { type: String }, heading: { type: String }, text: { type: String } };
  static override styles = [base, middle];

  declare icon: IconName | undefined;
  declare heading: string;
  declare text: string | undefined;

  override render() {
    return html`
      <sw-icon name=${this.icon ?? 'info'}></sw-icon>
      <h2>${this.heading}</h2>
      ${this.text ? html`<p class="quiet">${this.text}</p>` : nothing}
      <slot></slot>
    `;
  }
}

/** Something is on its way; as many lines as it will be high. */
export class SwLoading extends SwElement {
  static override properties = { lines: { type: Number } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
        padding: var(--wa-space-m) 0;
      }
    `,
  ];

  declare lines: number;

  constructor() {
    super();
    this.lines = 4;
  }

  override render() {
    return html`<span class="unseen" role="status">${frameTexts.loading}</span>${Array.from({ length: this.lines }, () => html`<wa-skeleton effect="pulse"></wa-skeleton>`)}`;
  }
}

define('sw-problem', SwProblem);
define('sw-empty', SwEmpty);
define('sw-loading', SwLoading);
