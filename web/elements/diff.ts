import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import { preference, preferences, setPreference } from '../data/preferences.ts';
import { follow } from '../data/stored.ts';
import { diffTexts as t } from '../texts/diff.ts';
import { diffStyles } from './diff.styles.ts';
import { compareWords, type DiffRow, type Hunk, hunksOf, type Part, rowsOf, type Side, sumOf, textOf } from './diff-rows.ts';
import { inline, linesOf, pathParts } from './diff-text.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

/** One field that differs; null is absent. */
export interface FieldChange {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

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
        ${isSplit ? fieldsHead(before, after) : unifiedHead(before, after)}
        ${changes.map((change) => html`<tbody class="code">${isSplit ? fieldRow(change) : narrowField(change)}</tbody>`)}
      </table>
    </div>`;
  }
}

function fieldRow(change: FieldChange) {
  const rows = fieldRows(change);
  return rows.map(
    (row, index) => html`<tr>
      ${index === 0 ? html`<td class="path" rowspan=${rows.length}>${pathOf(change)}</td>` : nothing}${signed(row, 'before')}${signed(row, 'after')}
    </tr>`,
  );
}

function signed({ kind, before, after }: DiffRow, side: 'before' | 'after'): TemplateResult {
  const [own, tone, sign] = side === 'before' ? [before, 'went', '−'] : [after, 'came', '+'];
  if (kind === 'same') return lastCells(own, '', '');
  return own
    ? lastCells(own, tone, sign)
    : html`<td class="sign none second"></td><td class="text none"><span class="absent">${t.absent}</span></td>`;
}

function narrowField(change: FieldChange): TemplateResult {
  return html`<tr>
      <td class="path" colspan="4">${pathOf(change)}</td>
    </tr>
    ${fieldRows(change).map(unifiedRows)}`;
}

function pathOf(change: FieldChange): TemplateResult {
  return html`${kindOf(change)} ${crumbs(change.path === '' ? [t.whole] : pathParts(change.path))}`;
}

function fieldsHead(before: string, after: string): TemplateResult {
  return html`<colgroup>
      <col class="field" /><col class="sign" /><col /><col class="sign" /><col />
    </colgroup>
    <thead>
      <tr>
        <th scope="col">${t.field}</th>
        <th colspan="2" scope="col">${before}</th>
        <th colspan="2" scope="col">${after}</th>
      </tr>
    </thead>`;
}

function kindOf({ from, to }: FieldChange): TemplateResult {
  const isAbsent = (value: unknown) => value === null || value === undefined;
  const [sign, says] = isAbsent(from) ? ['+', t.added] : isAbsent(to) ? ['−', t.removed] : ['~', t.changed];
  return html`<span class="kind" aria-hidden="true">${sign}</span><span class="unseen">${says}</span>`;
}

/** Short values in one row; long ones line by line. */
function fieldRows({ from, to }: FieldChange): DiffRow[] {
  const isShort = (value: unknown) => typeof value !== 'object' || value === null || inline(value).length < 60;
  if (!isShort(from) || !isShort(to) || `${String(from)}${String(to)}`.includes('\n')) return rowsOf(linesOf(from), linesOf(to));
  const [was, is] = [inline(from), inline(to)];
  const words = compareWords(was, is);
  const isAbsent = (value: unknown) => value === null || value === undefined;
  const side = (parts: readonly Part[]): Side => ({ number: 0, parts });
  if (isAbsent(from)) return [{ kind: 'added', after: side([{ text: is, isMarked: false }]) }];
  if (isAbsent(to)) return [{ kind: 'removed', before: side([{ text: was, isMarked: false }]) }];
  return [{ kind: 'changed', before: side(words.before), after: side(words.after) }];
}

function crumbs(parts: readonly string[]): TemplateResult {
  return html`<span class="mono">${parts.map((part) => html`<span class="crumb">${part}</span>`)}</span>`;
}

function splitHead(before: string, after: string): TemplateResult {
  return html`<colgroup>
      <col class="number" /><col class="sign" /><col /><col class="number" /><col class="sign" /><col />
    </colgroup>
    <thead>
      <tr>
        <th colspan="3" scope="col">${before}</th>
        <th colspan="3" scope="col">${after}</th>
      </tr>
    </thead>`;
}

function unifiedHead(before: string, after: string): TemplateResult {
  return html`<colgroup>
      <col class="number" /><col class="number" /><col class="sign" /><col />
    </colgroup>
    <thead>
      <tr>
        <th colspan="4" scope="col"><span aria-hidden="true">−</span> ${before} <span aria-hidden="true">+</span> ${after}</th>
      </tr>
    </thead>`;
}

function splitRow({ kind, before, after }: DiffRow): TemplateResult {
  const went = kind === 'same' ? '' : before ? 'went' : 'none';
  const came = kind === 'same' ? '' : after ? 'came' : 'none';
  return html`<tr>
    ${cells(before, went, went === 'went' ? '−' : '')}${cells(after, came, came === 'came' ? '+' : '', 'second')}
  </tr>`;
}

function cells(side: Side | undefined, tone: string, sign: string, place = ''): TemplateResult {
  return html`<td class="number ${tone} ${place}">${numberOf(side)}</td>
    ${lastCells(side, tone, sign, '')}`;
}

function lastCells(side: Side | undefined, tone: string, sign: string, place = 'second'): TemplateResult {
  return html`<td class="sign ${tone} ${place}" aria-hidden="true">${sign}</td>
    <td class="text ${tone}">${sign === '' ? nothing : html`<span class="unseen">${sign === '+' ? t.added : t.removed} </span>`}${partsOf(side)}</td>`;
}

function unifiedRows(row: DiffRow): TemplateResult {
  const { kind, before, after } = row;
  if (kind === 'same') return line({ before, after, tone: '', sign: '', shown: after });
  return html`${before ? line({ before, tone: 'went', sign: '−', shown: before }) : nothing}${after ? line({ after, tone: 'came', sign: '+', shown: after }) : nothing}`;
}

interface Line {
  readonly before?: Side | undefined;
  readonly after?: Side | undefined;
  readonly shown: Side | undefined;
  readonly tone: string;
  readonly sign: string;
}

function line({ before, after, shown, tone, sign }: Line): TemplateResult {
  return html`<tr>
    <td class="number ${tone}">${numberOf(before)}</td>
    <td class="number ${tone}">${numberOf(after)}</td>
    ${lastCells(shown, tone, sign, '')}
  </tr>`;
}

function numberOf(side: Side | undefined): string {
  return side && side.number > 0 ? String(side.number) : '';
}

function partsOf(side: Side | undefined) {
  if (!side) return nothing;
  if (textOf(side) === '') return html`<span class="absent">${side.number > 0 ? '' : '""'}</span>`;
  return side.parts.map(({ text, isMarked }) => (isMarked ? html`<mark>${text}</mark>` : text));
}

define('sw-diff', SwDiff);
