/** A column as filters ask for it. */
export interface FilterColumn {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'time' | 'flag' | 'list' | 'addresses';
  /** In the language of the page. */
  readonly label: string;
  readonly operators: readonly string[];
  /** Other names by which the server knows it: `tag` for `tags`. */
  readonly also: readonly string[];
}

/** What is wrong with a token; `about` is what the message speaks of. */
export interface TokenProblem {
  readonly reason: 'quote' | 'column' | 'value' | 'operator' | 'number' | 'time' | 'age' | 'flag';
  readonly about: string;
}

export interface Test {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
}

/** The parts of a filter; a quotation mark that is missing takes in the rest. */
export function splitFilter(filter: string): string[] {
  return [...filter.matchAll(/(?:"[^"]*"?|[^\s"])+/g)].map(([text]) => text);
}

/** `status:ERROR` taken apart; undefined for text to look for. */
export function testIn(token: string): Test | undefined {
  const [, key, operator, value] = /^-?([A-Za-z]+)(>=|<=|[:><=])(.*)$/s.exec(token) ?? [];
  return key === undefined || operator === undefined || value === undefined ? undefined : { key, operator, value };
}

export function columnOf(key: string, columns: readonly FilterColumn[]): FilterColumn | undefined {
  return columns.find(({ name, also }) => name === key || also.includes(key));
}

/** What the server would refuse in a token, known before it is asked. The server has the last word. */
export function problemOf(token: string, columns: readonly FilterColumn[]): TokenProblem | undefined {
  if ((token.match(/"/g) ?? []).length % 2 === 1) return { reason: 'quote', about: token };
  const test = testIn(token);
  if (!test) return undefined;
  const { key, operator, value } = test;
  const column = columnOf(key, columns);
  if (key !== 'age' && !column) return isAddress(token) ? undefined : { reason: 'column', about: key };
  if (value === '') return { reason: 'value', about: key };
  if (key === 'age')
    return /^\d{1,6}[smhdw]$/.test(value) && operator !== ':' && operator !== '=' ? undefined : { reason: 'age', about: value };
  return valueProblem(column as FilterColumn, operator, value);
}

/** `fa:16:3e:` begins a MAC and `fe80::1` is an address; neither asks for a column. */
function isAddress(token: string): boolean {
  return /^-?(?:[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,}(?:%\w+)?|[0-9a-f]{2}:[0-9a-f]{2})$/i.test(token);
}

function valueProblem({ name, kind }: FilterColumn, operator: string, value: string): TokenProblem | undefined {
  const isCompared = operator !== ':' && operator !== '=';
  if (isCompared && kind !== 'number' && kind !== 'time') return { reason: 'operator', about: name };
  if (kind === 'flag') return /^(?:yes|true|no|false)$/i.test(value) ? undefined : { reason: 'flag', about: name };
  if (kind === 'number' && value !== '""') {
    const isNumbers = value.split(',').every((one) => /^-?\d{1,15}(?:\.\d{1,6})?$/.test(one));
    return isNumbers ? undefined : { reason: 'number', about: value };
  }
  if (kind === 'time' && isCompared) {
    const isTime =
      /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/i.test(value) && !Number.isNaN(Date.parse(value));
    return isTime ? undefined : { reason: 'time', about: value };
  }
  return undefined;
}

/** A value as a filter takes it: between quotation marks where it needs them; `""` for none. */
export function quoted(value: string | null): string {
  if (value === null || value === '') return '""';
  return /[\s,"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
}

/** What is typed, seen from its end: what it asks completions for. */
export interface Fragment {
  /** Undefined while a name of a column or a text is typed. */
  readonly column: FilterColumn | undefined;
  readonly isAge: boolean;
  /** All that stays when a completion takes the place of `typed`. */
  readonly before: string;
  readonly typed: string;
}

export function fragmentOf(text: string, columns: readonly FilterColumn[]): Fragment {
  const test = testIn(text);
  const column = test && columnOf(test.key, columns);
  const isAge = test?.key === 'age';
  if (test && (column || isAge)) {
    // Alternatives are completed one by one; a comma between quotation marks is part of a value.
    const typed = /(?:"[^"]*"?|[^,"])*$/.exec(test.value)?.[0] ?? '';
    return { column, isAge, before: text.slice(0, text.length - typed.length), typed: typed.replaceAll('"', '') };
  }
  const before = text.startsWith('-') ? '-' : '';
  return { column: undefined, isAge: false, before, typed: text.slice(before.length) };
}

/** Columns whose name or label a person may mean: those that begin so before those that hold it. */
export function columnsLike(typed: string, columns: readonly FilterColumn[]): FilterColumn[] {
  const wanted = typed.toLowerCase();
  const rank = ({ name, label, also }: FilterColumn) => {
    const names = [name, label, ...also].map((one) => one.toLowerCase());
    if (names.some((one) => one.startsWith(wanted))) return 0;
    return names.some((one) => one.includes(wanted)) ? 1 : 2;
  };
  return columns.filter((column) => rank(column) < 2).toSorted((a, b) => rank(a) - rank(b));
}

/** The filter under which values of a column are counted: the other tokens, and what is typed of the value. */
export function facetFilter(others: readonly string[], { name, kind }: FilterColumn, typed: string): string {
  const isSearchable = kind === 'text' || kind === 'list' || kind === 'addresses';
  const own = typed !== '' && isSearchable ? [`${name}:${quoted(`*${typed.replaceAll(/[*?]/g, '')}*`)}`] : [];
  return [...others, ...own].join(' ');
}
