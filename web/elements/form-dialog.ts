import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { peopleTexts } from '../texts/people.ts';
import { base, define, SwElement } from './element.ts';
import { problemText } from './state.ts';

/**
 * A form in a dialog; what it asks for stands in its slot. Sends `submitted` when the button is pressed, and `closed`; whoever opened it keeps
 * `isBusy` and `problem`, and takes it away when all is done.
 */
export class SwFormDialog extends SwElement {
  static override properties = {
    heading: { type: String },
    submit: { type: String },
    isBusy: { type: Boolean },
    isWide: { type: Boolean },
    isIncomplete: { type: Boolean },
    problem: { attribute: false },
  };
  static override styles = [
    base,
    css`
      form {
        display: grid;
        gap: var(--wa-space-m);
      }
      .wide {
        --width: min(46rem, calc(100vw - 2rem));
      }
      .buttons {
        display: flex;
        justify-content: flex-end;
        gap: var(--wa-space-xs);
      }
    `,
  ];

  declare heading: string;
  declare submit: string;
  declare isBusy: boolean;
  declare isWide: boolean;
  declare isIncomplete: boolean;
  declare problem: unknown;

  override render(): TemplateResult {
    return html`<wa-dialog
      open
      class=${this.isWide ? 'wide' : ''}
      label=${this.heading}
      @wa-after-hide=${(event: Event) => (event.target === event.currentTarget ? this.send('closed') : undefined)}
    >
      <form @submit=${(event: SubmitEvent) => this.#submit(event)} @keydown=${(event: KeyboardEvent) => this.#entered(event)}>
        <slot></slot>
        ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`}
        <div class="buttons">
          <wa-button appearance="outlined" @click=${() => this.send('closed')}>${peopleTexts.person.cancel}</wa-button>
          <wa-button type="submit" variant="brand" ?loading=${this.isBusy} ?disabled=${this.isIncomplete}>${this.submit}</wa-button>
        </div>
      </form>
    </wa-dialog>`;
  }

  /** Fields of the slot belong to no form of this shadow root: Enter in one of them is passed on here. */
  #entered(event: KeyboardEvent): void {
    const field = event.composedPath()[0];
    if (event.key !== 'Enter' || !(field instanceof HTMLInputElement) || field.role === 'combobox' || field.type === 'checkbox') return;
    event.preventDefault();
    this.#go();
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    this.#go();
  }

  #go(): void {
    if (!this.isBusy && !this.isIncomplete) this.send('submitted');
  }
}

define('sw-form-dialog', SwFormDialog);
