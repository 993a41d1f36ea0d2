import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { base, define, SwElement } from '../../elements/element.ts';
import { wizardTexts as t } from '../../texts/wizard.ts';
import { declareLook } from './look.ts';

export interface ChoiceColumn {
  readonly text: string;
  readonly isNumber?: true;
}

export interface Choice {
  readonly key: string;
  readonly cells: readonly string[];
  /** Why it cannot be chosen. */
  readonly why?: string | undefined;
}

const filteredFrom = 9;

/** A table to choose one row from, or several. Sends `sw-pick` {keys}. */
export class SwChoiceTable extends SwElement {
  static override properties = {
    label: { type: String },
    columns: { attribute: false },
    choices: { attribute: false },
    chosen: { attribute: false },
    multiple: { type: Boolean },
    noFilter: { type: Boolean },
    fault: { type: String },
    filter: { state: true },
  };
  static override styles = [
    base,
    declareLook,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-2xs);
        max-width: 62rem;
      }
      td:first-child {
        width: 1.6rem;
      }
      tr.chosen {
        background: var(--wa-color-brand-fill-quiet);
      }
      tbody tr:not(.closed) {
        cursor: pointer;
      }
      tbody tr:hover:not(.chosen) {
        background: var(--wa-color-neutral-fill-quiet);
      }
      tbody tr:last-child td {
        border: 0;
      }
      input {
        accent-color: var(--wa-color-brand-fill-loud);
        margin: 0;
      }
      .closed td {
        color: var(--wa-color-text-quiet);
      }
      wa-input {
        max-width: 22rem;
      }
    `,
  ];

  declare label: string;
  declare columns: readonly ChoiceColumn[];
  declare choices: readonly Choice[];
  declare chosen: readonly string[];
  declare multiple: boolean;
  /** What is shown is filtered elsewhere. */
  declare noFilter: boolean;
  declare fault: string | undefined;
  declare filter: string;

  constructor() {
    super();
    this.label = '';
    this.columns = [];
    this.choices = [];
    this.chosen = [];
    this.multiple = false;
    this.noFilter = false;
    this.filter = '';
  }

  override render() {
    const words = this.filter.toLowerCase();
    const shown = this.choices.filter(
      ({ key, cells }) => words === '' || this.chosen.includes(key) || cells.some((cell) => cell.toLowerCase().includes(words)),
    );
    return html`<fieldset role=${this.multiple ? 'group' : 'radiogroup'}>
      <legend class="unseen">${this.label}</legend>
      ${this.fault ? html`<p class="error" role="alert">! ${this.fault}</p>` : nothing}
      ${
        this.noFilter || this.choices.length < filteredFrom
          ? nothing
          : html`<wa-input size="s" type="search" label=${t.filter} .value=${this.filter} @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)}></wa-input>`
      }
      <div class="scroll" tabindex="0" role="region" aria-label=${this.label}>
        <table>
          <thead><tr><th></th>${this.columns.map((one) => html`<th scope="col" class=${one.isNumber ? 'number' : ''}>${one.text}</th>`)}</tr></thead>
          <tbody>${repeat(
            shown,
            ({ key }) => key,
            (one) => this.#row(one),
          )}</tbody>
        </table>
        ${shown.length === 0 ? html`<p class="quiet">${this.choices.length === 0 ? t.nothingThere : t.nothingFits}</p>` : nothing}
      </div>
    </fieldset>`;
  }

  #row({ key, cells, why }: Choice): TemplateResult {
    const isChosen = this.chosen.includes(key);
    const [name = '', ...rest] = cells;
    const id = `c-${this.choices.findIndex((one) => one.key === key)}`;
    return html`<tr class=${[isChosen ? 'chosen' : '', why === undefined ? '' : 'closed'].join(' ')} @click=${() => why === undefined && this.#pick(key)}>
      <td>
        <input
          id=${id}
          type=${this.multiple ? 'checkbox' : 'radio'}
          name="choice"
          .checked=${isChosen}
          ?disabled=${why !== undefined && !isChosen}
          @click=${(event: Event) => event.stopPropagation()}
          @change=${() => this.#pick(key)}
        />
      </td>
      <td><label for=${id}>${name}</label>${why === undefined ? nothing : html` <span class="quiet">· ${why}</span>`}</td>
      ${rest.map((cell, index) => html`<td class=${this.columns[index + 1]?.isNumber ? 'number' : ''}>${cell}</td>`)}
    </tr>`;
  }

  #pick(key: string): void {
    const keys = !this.multiple ? [key] : this.chosen.includes(key) ? this.chosen.filter((one) => one !== key) : [...this.chosen, key];
    this.send('sw-pick', { keys });
  }
}

define('sw-choice-table', SwChoiceTable);
