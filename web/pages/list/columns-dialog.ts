import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { type Density, leastWidth, type TableColumn, type Widths, widthOf } from '../../elements/table-columns.ts';
import { listTexts } from '../../texts/list.ts';

const t = listTexts.columnsDialog;
const densities: readonly Density[] = ['dense', 'normal', 'roomy'];

/** What `sw-columns` tells. */
export interface ColumnsChange {
  readonly columns?: readonly string[] | undefined;
  readonly widths?: Widths;
  readonly density?: Density;
}

/** Which columns a list shows, in which order, how wide, and how high its rows are. Sends `sw-columns` ColumnsChange, `sw-close`. */
export class SwListColumns extends SwElement {
  static override properties = {
    all: { attribute: false },
    shown: { attribute: false },
    widths: { attribute: false },
    density: { type: String },
  };
  static override styles = [
    base,
    css`
      wa-dialog {
        --width: min(48rem, 96vw);
      }
      .none {
        width: 1.6rem;
      }
      .parts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr));
        gap: var(--wa-space-l);
      }
      ul {
        list-style: none;
        margin: var(--wa-space-xs) 0 0;
        padding: 0;
        max-height: 50vh;
        overflow: auto;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        padding: 0.1rem 0.25rem;
        border-radius: var(--wa-border-radius-s);
      }
      li:hover {
        background: var(--wa-color-surface-lowered);
      }
      .label {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      input {
        width: 4.5rem;
        padding: 0.1rem 0.3rem;
        font: inherit;
        color: inherit;
        background: var(--wa-form-control-background-color);
        border: 1px solid var(--wa-form-control-border-color);
        border-radius: var(--wa-border-radius-s);
        text-align: end;
      }
      button {
        display: grid;
        place-items: center;
        width: 1.6rem;
        height: 1.6rem;
        border: 0;
        border-radius: var(--wa-border-radius-s);
        background: none;
        color: inherit;
        cursor: pointer;
      }
      button:hover:not(:disabled) {
        background: var(--wa-color-neutral-fill-quiet);
      }
      button:disabled {
        opacity: 0.35;
        cursor: default;
      }
      wa-radio-group {
        margin-block-start: var(--wa-space-m);
      }
    `,
  ];

  /** Every column there is. */
  declare all: readonly TableColumn<never>[];
  /** Names, in their order. */
  declare shown: readonly string[];
  declare widths: Widths;
  declare density: Density;

  constructor() {
    super();
    this.all = [];
    this.shown = [];
    this.widths = {};
    this.density = 'normal';
  }

  override render(): TemplateResult {
    const byName = new Map(this.all.map((column) => [column.name, column]));
    const shown = this.shown.flatMap((name) => byName.get(name) ?? []);
    const others = this.all.filter(({ name }) => !this.shown.includes(name));
    return html`<wa-dialog open label=${t.title} light-dismiss class="dialog" @wa-after-hide=${(event: Event) => this.#hidden(event)}>
      <div class="parts">
        <section>
          <h3>${t.shown}</h3>
          <ul>
            ${shown.map((column, index) => this.#shownColumn(column, index, shown.length))}
          </ul>
        </section>
        <section>
          <h3>${t.others}</h3>
          <ul>
            ${others.map((column) => html`<li><span class="label" title=${column.hint ?? column.label}>${column.label}</span>${this.#button('plus', t.show(column.label), () => this.#tell([...this.shown, column.name]))}</li>`)}
          </ul>
        </section>
      </div>
      <wa-radio-group
        label=${t.density}
        size="s"
        orientation="horizontal"
        .value=${this.density}
        @change=${(event: Event) => this.send('sw-columns', { density: (event.target as unknown as { value: Density }).value } satisfies ColumnsChange)}
      >
        ${densities.map((density) => html`<wa-radio appearance="button" value=${density}>${t[density]}</wa-radio>`)}
      </wa-radio-group>
      <p class="quiet">${t.kept}</p>
      <wa-button slot="footer" appearance="plain" @click=${() => this.send('sw-columns', { columns: undefined, widths: {}, density: 'normal' } satisfies ColumnsChange)}>${t.reset}</wa-button>
      <wa-button slot="footer" variant="brand" data-dialog="close">${t.done}</wa-button>
    </wa-dialog>`;
  }

  #shownColumn(column: TableColumn<never>, index: number, count: number): TemplateResult {
    const { name, label, isPinned } = column;
    // What is pinned stays first, and is what the others belong to.
    return html`<li>
      <span class="label" title=${column.hint ?? label}>${label}</span>
      <input
        type="number"
        min=${leastWidth}
        max="1000"
        step="10"
        aria-label=${t.width(label)}
        .value=${String(widthOf(column, this.widths))}
        @change=${(event: Event) => this.#widen(name, Number((event.target as HTMLInputElement).value))}
      />
      ${this.#button('chevron-up', t.up(label), isPinned || index <= 1 ? undefined : () => this.#move(index, -1))}
      ${this.#button('chevron-down', t.down(label), isPinned || index === count - 1 ? undefined : () => this.#move(index, 1))}
      ${isPinned ? html`<span class="none"></span>` : this.#button('x', t.hide(label), () => this.#tell(this.shown.filter((one) => one !== name)))}
    </li>`;
  }

  #button(icon: 'plus' | 'x' | 'chevron-up' | 'chevron-down', label: string, run: (() => void) | undefined): TemplateResult {
    return html`<button aria-label=${label} title=${label} ?disabled=${run === undefined} @click=${run ?? nothing}><sw-icon name=${icon}></sw-icon></button>`;
  }

  #move(index: number, by: number): void {
    const moved = [...this.shown];
    const [name] = moved.splice(index, 1);
    if (name !== undefined) moved.splice(index + by, 0, name);
    this.#tell(moved);
  }

  #widen(name: string, width: number): void {
    if (width >= leastWidth)
      this.send('sw-columns', { widths: { ...this.widths, [name]: Math.min(1000, Math.round(width)) } } satisfies ColumnsChange);
  }

  #tell(columns: readonly string[]): void {
    this.send('sw-columns', { columns } satisfies ColumnsChange);
  }

  #hidden(event: Event): void {
    if (event.target === event.currentTarget) this.send('sw-close');
  }
}

define('sw-list-columns', SwListColumns);
