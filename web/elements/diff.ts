import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import { preference, preferences, setPreference } from '../data/preferences.ts';
import { follow } from '../data/stored.ts';
import { diffTexts as t } from '../texts/diff.ts';
import { diffStyles } from './diff.styles.ts';
import { type DiffRow, type Hunk, hunksOf, rowsOf, sumOf } from './diff-rows.ts';
import {
  crumbs,
  type FieldChange,
  fieldRow,
  fieldsHead,
  narrowField,
  splitHead,
  splitRow,
  unifiedHead,
  unifiedRows,
} from './diff-templates.ts';
import { linesOf } from './diff-text.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

export type { FieldChange } from './diff-templates.ts';
export type DiffMode = 'split' | 'unified';

/**
 * What differs between two documents (`before`, `after`: values or texts), or field by field (`changes`). Side by side or unified, as the person
 * chose; below 40rem always unified. `plain`: without the bar to choose by.
 */
export class SwDiff extends SwElement {
  static override properties: PropertyDeclarations = {
    before: { attribute: false },
    after: { attribute: false },
    changes: { attribute: false },
    labels: { attribute: false },
    mode: { type: String },
    plain: { type: Boolean },
    isWhole: { state: true },
    isNarrow: { state: true },
    opened: { state: true },
  };
  static override styles = [base, diffStyles];

  /** Any value; the type only makes room beside the DOM's methods of these names, which are not used here. */
  declare before: never;
  declare after: never;
  declare changes: readonly FieldChange[] | undefined;
  /** What the two sides are called; before and after, unless given. */
  declare labels: { readonly before: string; readonly after: string } | undefined;
  /** What the person chose, unless given. */
  declare mode: DiffMode | undefined;
  declare plain: boolean;
  declare isWhole: boolean;
  declare isNarrow: boolean;
  /** Hidden stretches that were opened, by their place. */
  declare opened: ReadonlySet<number>;
  #rows: readonly DiffRow[] = [];
  readonly #size = new ResizeObserver(([entry]) => (this.isNarrow = (entry?.contentRect.width ?? 1000) < 560));

  constructor() {
    super();
    this.plain = false;
    this.isWhole = false;
    this.isNarrow = false;
    this.opened = new Set();
    follow(this, preferences);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('before') && !changed.has('after')) return;
    this.opened = new Set();
    this.#rows = rowsOf(linesOf(this.before), linesOf(this.after));
  }

  override render(): TemplateResult {
    if (this.changes) return this.changes.length === 0 ? html`<p class="quiet">${t.none}</p>` : this.#fields(this.changes);
    const { added, removed } = sumOf(this.#rows);
    if (added + removed === 0 && !this.isWhole) return html`<p class="quiet">${t.none}</p>`;
    const hunks: readonly Hunk[] = this.isWhole ? [{ isHidden: false, rows: this.#rows }] : hunksOf(this.#rows);
    const isSplit = this.#isSplit();
    return html`
      ${this.plain ? nothing : this.#bar(added, removed)}
      <div class="frame">
        <table class="code">
          <caption class="unseen">${t.comparison(this.#label('before'), this.#label('after'))}</caption>
          ${isSplit ? splitHead(this.#label('before'), this.#label('after')) : unifiedHead(this.#label('before'), this.#label('after'))}
          <tbody>
            ${hunks.map((hunk, index) =>
              hunk.isHidden && !this.opened.has(index)
                ? this.#hidden(hunk, index, isSplit)
                : hunk.rows.map((row) => (isSplit ? splitRow(row) : unifiedRows(row))),
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #label(side: 'before' | 'after'): string {
    return this.labels?.[side] ?? t[side];
  }

  #isSplit(): boolean {
    return !this.isNarrow && (this.mode ?? preference<DiffMode>('diff.mode') ?? 'split') === 'split';
  }

  #bar(added: number, removed: number): TemplateResult {
    const choose = (mode: DiffMode) => {
      this.mode = undefined;
      void setPreference('diff.mode', mode).catch(() => undefined);
    };
    const isSplit = this.#isSplit();
    return html`<div class="bar">
      <span class="sum quiet mono">+${added} −${removed}</span>
      <wa-checkbox size="s" .checked=${this.isWhole} @change=${(event: Event) => (this.isWhole = (event.target as HTMLInputElement).checked)}
        >${t.all}</wa-checkbox
      >
      ${
        this.isNarrow
          ? nothing
          : html`<span class="row" role="group" aria-label=${t.mode}>
              <wa-button size="s" appearance=${isSplit ? 'filled' : 'plain'} aria-pressed=${isSplit} @click=${() => choose('split')}>${t.split}</wa-button>
              <wa-button size="s" appearance=${isSplit ? 'plain' : 'filled'} aria-pressed=${!isSplit} @click=${() => choose('unified')}
                >${t.unified}</wa-button
              >
            </span>`
      }
    </div>`;
  }

  #hidden({ rows, ...hunk }: Hunk, index: number, isSplit: boolean): TemplateResult {
    const trail = 'trail' in hunk ? hunk.trail : [];
    return html`<tr class="hidden">
      <td colspan=${isSplit ? 6 : 4}>
        <button @click=${() => (this.opened = new Set([...this.opened, index]))} aria-expanded="false">
          <sw-icon name="ellipsis"></sw-icon><span>${t.hidden(rows.length)}</span>
          ${trail.length > 0 ? html`<span>${crumbs(trail)}</span>` : nothing}
        </button>
      </td>
    </tr>`;
  }

  /** Field by field: the path, what was and what is in one row; where that is narrow, the path above them. */
  #fields(changes: readonly FieldChange[]): TemplateResult {
    const isSplit = this.#isSplit();
    const [before, after] = [this.#label('before'), this.#label('after')];
    return html`<div class="frame">
      <table class="changes">
        <caption class="unseen">${t.comparison(before, after)}</caption>
        ${isSplit ? fieldsHead(before, after) : unifiedHead(before, after, 0)}
        ${changes.map((change) => html`<tbody class="code">${isSplit ? fieldRow(change) : narrowField(change)}</tbody>`)}
      </table>
    </div>`;
  }
}

define('sw-diff', SwDiff);
