import { filterTexts as t } from '../texts/filter.ts';
import { formatNumber } from '../texts/format.ts';
import { columnsLike, type FilterColumn, type Fragment, facetFilter, fragmentOf, quoted } from './filter-tokens.ts';

export type FacetValue = string | number | boolean | null;

export interface FacetValues {
  readonly values: readonly { readonly value: FacetValue; readonly count: number }[];
  /** How many more values there are. */
  readonly others: number;
}

/** Asks for the values of a column under a filter, with how often each occurs. */
export type AskValues = (column: string, filter: string, signal: AbortSignal) => Promise<FacetValues>;

/** Something that may take the place of what is typed. */
export interface Suggestion {
  readonly text: string;
  /** What it means, or how often it occurs. */
  readonly says: string;
  /** The token is not finished by it. */
  readonly goesOn: boolean;
}

export interface Suggestions {
  readonly items: readonly Suggestion[];
  /** A line under them. */
  readonly note?: string;
}

const mostColumns = 12;

/** What can be said before the server is asked: names of columns, ages, yes and no. */
export function suggestionsAtOnce(text: string, columns: readonly FilterColumn[]): Suggestions {
  const fragment = fragmentOf(text, columns);
  if (fragment.isAge) return { items: ages(fragment) };
  const { column, before, typed } = fragment;
  if (column?.kind === 'flag') {
    const items = [flag(before, 'yes', t.yes), flag(before, 'no', t.no)];
    return { items: items.filter((one) => one.text.slice(before.length).startsWith(typed)) };
  }
  if (column) return { items: [] };
  const named = columnsLike(typed, columns).slice(0, mostColumns);
  const items = named.map(({ name, label }): Suggestion => ({ text: `${before}${name}:`, says: label, goesOn: true }));
  const age: Suggestion[] = typed !== '' && 'age'.startsWith(typed) ? [{ text: `${before}age>`, says: t.age, goesOn: true }] : [];
  const search: Suggestion[] = typed === '' || /[:<>=]/.test(typed) ? [] : [{ text, says: t.search(typed), goesOn: false }];
  return { items: [...search, ...age, ...items] };
}

const flag = (before: string, text: string, says: string): Suggestion => ({ text: `${before}${text}`, says, goesOn: false });

function ages({ before, typed }: Fragment): Suggestion[] {
  const says = before.includes('<') ? t.youngerThan : t.olderThan;
  return ['1h', '1d', '7d', '30d', '52w']
    .filter((span) => span.startsWith(typed))
    .map((span) => ({ text: before + span, says: says(span), goesOn: false }));
}

/** The column whose values are to be asked for; undefined when there is nothing to ask. */
export function askedColumn(text: string, columns: readonly FilterColumn[]): FilterColumn | undefined {
  const { column } = fragmentOf(text, columns);
  return column && column.kind !== 'flag' && column.kind !== 'time' ? column : undefined;
}

/** Values of a column with how often they occur among what the other tokens leave. Throws Problem. */
export async function valuesFor(
  text: string,
  columns: readonly FilterColumn[],
  { others, ask, signal }: { readonly others: readonly string[]; readonly ask: AskValues; readonly signal: AbortSignal },
): Promise<Suggestions> {
  const { column, before, typed } = fragmentOf(text, columns);
  if (!column) return { items: [] };
  const found = await ask(column.name, facetFilter(others, column, typed), signal);
  const wanted = typed.toLowerCase();
  const items = found.values
    .filter(({ value }) =>
      String(value ?? '')
        .toLowerCase()
        .includes(wanted),
    )
    .map(({ value, count }): Suggestion => {
      const text = before + quoted(value === null ? null : String(value));
      const number = t.rows(formatNumber(count));
      return { text, says: value === null || value === '' ? `${t.none} · ${number}` : number, goesOn: false };
    });
  return { items, ...(found.others > 0 && { note: t.moreValues(found.others) }) };
}
