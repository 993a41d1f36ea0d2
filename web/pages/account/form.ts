import { html, nothing, type ReactiveControllerHost } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { Problem } from '../../data/http.ts';
import { problemText } from '../../elements/state.ts';
import { signInProblem } from '../../texts/sign-in.ts';
import { signInWords } from '../sign-in/refused.ts';

/** What a form that is sent goes through: busy, and what was wrong. */
export class Sending {
  readonly #host: ReactiveControllerHost;
  isBusy = false;
  problem: unknown;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** One at a time. False when it was refused, or another is under way. */
  async send(deed: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.problem = undefined;
    this.#host.requestUpdate();
    try {
      await deed();
    } catch (error) {
      this.problem = error;
    }
    this.isBusy = false;
    this.#host.requestUpdate();
    return this.problem === undefined;
  }

  /** What was wrong, in the language of the page where it is known there. */
  shown() {
    const { problem } = this;
    if (problem === undefined) return nothing;
    const known = problem instanceof Problem && signInProblem(problem.title) !== undefined;
    return html`<wa-callout variant="danger" size="s"><span role="alert">${known ? signInWords(problem) : problemText(problem)}</span></wa-callout>`;
  }
}
