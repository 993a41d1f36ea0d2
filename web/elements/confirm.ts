import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { peopleTexts } from '../texts/people.ts';
import { base, define, SwElement } from './element.ts';
import { problemText } from './state.ts';

/** Something to think about before it is done. */
export interface Question {
  readonly heading: string;
  readonly text: string;
  /** What else goes along. */
  readonly more?: TemplateResult;
  /** On the button. */
  readonly confirm: string;
  readonly isDangerous?: boolean;
  /** Has to be typed first: for what cannot be brought back. */
  readonly typed?: { readonly name: string; readonly label: string };
  /** Why it cannot be done at all. */
  readonly obstacle?: string | undefined;
  /** The dialog stays open, and tells the problem, when it throws. */
  run(): Promise<void>;
}

/** Asks a question as long as there is one. Sends `closed`, also once it was done. */
export class SwAdminConfirm extends SwElement {
  static override properties = {
    question: { attribute: false },
    typed: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    base,
    css`
      wa-dialog::part(body) {
        display: grid;
        gap: var(--wa-space-m);
      }
      .buttons {
        display: flex;
        justify-content: flex-end;
        gap: var(--wa-space-xs);
      }
      form {
        display: grid;
        gap: var(--wa-space-m);
      }
    `,
  ];

  declare question: Question | undefined;
  declare typed: string;
  declare problem: unknown;
  declare isBusy: boolean;

  constructor() {
    super();
    this.typed = '';
    this.isBusy = false;
  }

  override render() {
    const { question } = this;
    if (!question) return nothing;
    const isReady = question.typed === undefined || this.typed === question.typed.name;
    return html`<wa-dialog open label=${question.heading} @wa-after-hide=${(event: Event) => this.#hidden(event)}>
      <form @submit=${(event: SubmitEvent) => this.#run(event, question)}>
        <p>${question.text}</p>
        ${question.more ?? nothing}
        ${question.obstacle === undefined ? nothing : html`<wa-callout variant="warning">${question.obstacle}</wa-callout>`}
        ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`}
        ${
          question.typed && question.obstacle === undefined
            ? html`<wa-input
                label=${question.typed.label}
                autocomplete="off"
                spellcheck="false"
                autofocus
                .value=${this.typed}
                @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}
              ></wa-input>`
            : nothing
        }
        <div class="buttons">
          <wa-button appearance="outlined" @click=${() => this.#close()}>${peopleTexts.person.cancel}</wa-button>
          <wa-button
            type="submit"
            variant=${question.isDangerous ? 'danger' : 'brand'}
            ?disabled=${!isReady || question.obstacle !== undefined}
            ?loading=${this.isBusy}
            >${question.confirm}</wa-button
          >
        </div>
      </form>
    </wa-dialog>`;
  }

  async #run(event: SubmitEvent, question: Question): Promise<void> {
    event.preventDefault();
    if (this.isBusy || (question.typed && this.typed !== question.typed.name)) return;
    this.isBusy = true;
    this.problem = undefined;
    try {
      await question.run();
      this.#close();
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  #hidden(event: Event): void {
    // Tooltips and selects inside send the same event.
    if (event.target === event.currentTarget) this.#close();
  }

  #close(): void {
    this.question = undefined;
    this.typed = '';
    this.problem = undefined;
    this.send('closed');
  }
}

define('sw-admin-confirm', SwAdminConfirm);
