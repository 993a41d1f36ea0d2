import { css, html, nothing, type PropertyValues } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import { type GivenCredentials, type TestStep, testConnection } from '../../../data/connections.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { problemText } from '../../../elements/state.ts';
import { addCloudTexts as t } from '../../../texts/add-cloud.ts';
import { formatNumber } from '../../../texts/format.ts';
import { actButton } from '../parts.ts';
import { adminStyles } from '../styles.ts';

/** What to try: a Cluster there is, or credentials before one is made of them. */
export type Subject = { readonly cluster: string } | { readonly credentials: GivenCredentials; readonly spec?: object };

const icons = { passed: 'circle-check', warning: 'triangle-alert', failed: 'circle-x' } as const;
const tones = { passed: 'good', warning: 'warning', failed: 'bad' } as const;

/** Tries a connection, and shows each step as it ends, with its time and the next thing to do. Sends `tested` with `{ isWell }`. */
export class SwConnectionTest extends SwElement {
  static override properties = {
    subject: { attribute: false },
    heading: { type: String },
    obstacle: { type: String },
    steps: { state: true },
    problem: { state: true },
    isRunning: { state: true },
  };
  static override styles = [
    base,
    adminStyles,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
      }
      li {
        display: grid;
        grid-template-columns: 9.5rem minmax(0, 1fr) auto;
        gap: var(--wa-space-3xs) var(--wa-space-s);
        align-items: start;
        padding: var(--wa-space-2xs) 0;
        border-block-end: 1px solid var(--wa-color-surface-border);
      }
      li > p {
        grid-column: 2 / -1;
      }
      .message {
        overflow-wrap: anywhere;
      }
      .result {
        font-weight: 600;
        border: 0;
      }
      @media (max-width: 560px) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .message,
        li > p {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  declare subject: Subject | undefined;
  declare heading: string | undefined;
  declare obstacle: string | undefined;
  declare steps: readonly TestStep[];
  declare problem: unknown;
  declare isRunning: boolean;
  #running: AbortController | undefined;

  constructor() {
    super();
    this.steps = [];
    this.isRunning = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#running?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('subject') || JSON.stringify(changed.get('subject')) === JSON.stringify(this.subject)) return;
    // What was found is not of this any more.
    this.#running?.abort();
    this.steps = [];
    this.problem = undefined;
    this.isRunning = false;
  }

  override render() {
    const { isRunning, steps, subject } = this;
    const again = steps.length > 0 ? t.testAgain : t.test;
    const button = isRunning
      ? actButton({ id: 'stop', text: t.stop, icon: 'square', run: () => this.#stop() })
      : actButton({ id: 'test', text: again, icon: 'plug', obstacle: this.obstacle, run: () => void this.#start() });
    return html`
      <div class="head">
        <h3>${this.heading ?? nothing}</h3>
        ${subject || this.obstacle !== undefined ? button : nothing}
      </div>
      ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`}
      ${
        steps.length > 0 || isRunning
          ? html`<ol aria-live="polite" aria-busy=${isRunning}>
              ${steps.map(stepLine)} ${isRunning ? html`<li><span class="state"><wa-spinner></wa-spinner>${t.testing}</span></li>` : nothing}
            </ol>`
          : nothing
      }
    `;
  }

  #stop(): void {
    this.#running?.abort();
    this.isRunning = false;
  }

  async #start(): Promise<void> {
    if (!this.subject) return;
    const running = new AbortController();
    this.#running = running;
    this.steps = [];
    this.problem = undefined;
    this.isRunning = true;
    try {
      for await (const step of testConnection(this.subject, running.signal)) {
        if (running.signal.aborted) return;
        this.steps = [...this.steps, step];
      }
      this.send('tested', { isWell: this.steps.at(-1)?.step === 'Done' && this.steps.at(-1)?.state === 'passed' });
    } catch (error) {
      if (running.signal.aborted) return;
      this.problem = error;
      this.send('tested', { isWell: false });
    } finally {
      if (this.#running === running) this.isRunning = false;
    }
  }
}

function stepLine({ step, state, message, latencyMs, service }: TestStep) {
  if (step === 'Done')
    return html`<li class="result">
      <span class="state ${tones[state]}"><sw-icon name=${icons[state]}></sw-icon>${t.steps.Done}</span>
      <span>${state === 'passed' ? t.worked : t.failed}</span><span class="number quiet">${milliseconds(latencyMs)}</span>
    </li>`;
  const services: Readonly<Record<string, string>> = t.services;
  const name = service === undefined ? t.steps[step] : (services[service] ?? service);
  return html`<li>
    <span class="state ${tones[state]}"><sw-icon name=${icons[state]} label=${t.states[state]}></sw-icon>${name}</span>
    <span class="message">${message}</span>
    <span class="number quiet">${latencyMs > 0 ? milliseconds(latencyMs) : nothing}</span>
    ${state === 'passed' ? nothing : html`<p class="quiet">${t.advice[step]}</p>`}
  </li>`;
}

const milliseconds = (ms: number) => t.ms(formatNumber(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)));

define('sw-connection-test', SwConnectionTest);
