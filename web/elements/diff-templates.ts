import { html, nothing, type TemplateResult } from 'lit';
import { diffTexts as t } from '../texts/diff.ts';
import { compareWords, type DiffRow, type Part, rowsOf, type Side, textOf } from './diff-rows.ts';
import { inline, linesOf, pathParts } from './diff-text.ts';

/** One field that differs; null is absent. */
export interface FieldChange {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

export function fieldRow(change: FieldChange) {
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

export function narrowField(change: FieldChange): TemplateResult {
  return html`<tr>
      <td class="path" colspan="2">${pathOf(change)}</td>
    </tr>
    ${fieldRows(change).map(narrowRows)}`;
}

function pathOf(change: FieldChange): TemplateResult {
  return html`${kindOf(change)} ${crumbs(change.path === '' ? [t.whole] : pathParts(change.path))}`;
}

export function fieldsHead(before: string, after: string): TemplateResult {
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

export function crumbs(parts: readonly string[]): TemplateResult {
  return html`<span class="mono">${parts.map((part) => html`<span class="crumb">${part}</span>`)}</span>`;
}

export function splitHead(before: string, after: string): TemplateResult {
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

/** `numbers`: columns of line numbers before the sign. */
export function unifiedHead(before: string, after: string, numbers = 2): TemplateResult {
  return html`<colgroup>
      ${Array.from({ length: numbers }, () => html`<col class="number" />`)}<col class="sign" /><col />
    </colgroup>
    <thead>
      <tr>
        <th colspan=${numbers + 2} scope="col">
          ${before === '' ? nothing : html`<span aria-hidden="true">−</span> ${before}`} ${after === '' ? nothing : html`<span aria-hidden="true">+</span> ${after}`}
        </th>
      </tr>
    </thead>`;
}

/** One below the other, without numbers. */
function narrowRows({ kind, before, after }: DiffRow) {
  if (kind === 'same') return html`<tr>${lastCells(after, '', '', '')}</tr>`;
  return html`${before ? html`<tr>${lastCells(before, 'went', '−', '')}</tr>` : nothing}${after ? html`<tr>${lastCells(after, 'came', '+', '')}</tr>` : nothing}`;
}

export function splitRow({ kind, before, after }: DiffRow): TemplateResult {
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

export function unifiedRows(row: DiffRow): TemplateResult {
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
