import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import { actionTexts as t } from '../texts/actions.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

type Entries = Readonly<Record<string, string>>;

/** Keys and their values, to be changed, added and taken away; sends `sw-change` with all there are. */
export class SwEntriesField extends SwElement {
  static override properties = { value: { attribute: false }, label: { type: String }, hint: { type: String }, rows: { state: true } };
  static override styles = [
    base,
    css`
      fieldset {
        display: grid;
        gap: var(--wa-space-2xs);
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        font-size: var(--wa-font-size-s);
        padding: 0 0 var(--wa-space-2xs);
      }
      .entry {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
        gap: var(--wa-space-2xs);
      }
      wa-button {
        justify-self: start;
      }
    `,
  ];

  declare value: Entries | undefined;
  declare label: string;
  declare hint: string | undefined;
  declare rows: readonly (readonly [string, string])[];

  constructor() {
    super();
    this.rows = [];
  }

  override willUpdate(changed: Map<string, unknown>): void {
    // Only what comes from outside: a row without a key yet is in no value.
    if (changed.has('value') && JSON.stringify(this.value ?? {}) !== JSON.stringify(entriesOf(this.rows))) {
      this.rows = Object.entries(this.value ?? {});
    }
  }

  override render() {
    return html`<fieldset>
      <legend>${this.label}</legend>
      ${this.rows.map(
        ([key, value], index) =>
          html`<div class="entry">
            <wa-input aria-label=${t.form.key} placeholder=${t.form.key} size="s" .value=${key} @input=${this.#changed(index, 0)}></wa-input>
            <wa-input
              aria-label=${`${t.form.value} ${key}`}
              placeholder=${t.form.value}
              size="s"
              .value=${value}
              @input=${this.#changed(index, 1)}
            ></wa-input>
            <wa-button size="s" appearance="plain" @click=${() => this.#set(this.rows.toSpliced(index, 1))}>
              <sw-icon name="trash" label=${t.form.remove(key)}></sw-icon>
            </wa-button>
          </div>`,
      )}
      <wa-button size="s" appearance="outlined" @click=${() => this.#set([...this.rows, ['', '']])}>
        <sw-icon slot="start" name="plus"></sw-icon>${t.form.add}
      </wa-button>
      ${this.hint ? html`<p class="quiet">${this.hint}</p>` : nothing}
    </fieldset>`;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('wa-input, wa-button')?.focus();
  }

  #changed(index: number, part: 0 | 1) {
    return (event: Event) => {
      const text = (event.target as WaInput).value ?? '';
      const [key, value] = this.rows[index] ?? ['', ''];
      this.#set(this.rows.with(index, part === 0 ? [text, value] : [key, text]));
    };
  }

  #set(rows: readonly (readonly [string, string])[]): void {
    this.rows = rows;
    this.send('sw-change', entriesOf(rows));
  }
}

function entriesOf(rows: readonly (readonly [string, string])[]): Entries {
  return Object.fromEntries(rows.filter(([key]) => key !== ''));
}

define('sw-entries-field', SwEntriesField);
