/** A number of rows with one thing to say about them. */
export interface Finding {
  readonly table: string;
  readonly reason: string;
  readonly count: number;
  /** The first twenty; none where it is about the table as a whole. */
  readonly ids: readonly number[];
}

export interface TableReport {
  /** Rows in the old table. */
  readonly found: number;
  readonly taken: number;
  /** Taken by an import before this one. */
  readonly before: number;
  /** People who were here already: nothing was changed about them. */
  readonly joined: number;
  readonly leftOut: number;
}

/** What an import did, or a dry run would do; JSON-safe, without secrets. */
export interface ImportReport {
  readonly source: string;
  readonly isDryRun: boolean;
  readonly people: TableReport;
  readonly clusters: TableReport;
  readonly log: TableReport;
  /** What could not be taken, and why. */
  readonly leftOut: readonly Finding[];
  /** What was taken otherwise than it was there, and how. */
  readonly differences: readonly Finding[];
}

export type Tally = { -readonly [Field in keyof TableReport]: TableReport[Field] };

export interface Book {
  tally(): Tally;
  leaveOut(table: string, id: number | undefined, reason: string, count?: number): void;
  differs(table: string, id: number, reason: string): void;
  readonly leftOut: readonly Finding[];
  readonly differences: readonly Finding[];
}

const idsKept = 20;
/** Reasons that quote what is in the rows could be as many as rows. */
const reasonsKept = 500;

export function createBook(): Book {
  const leftOut = new Map<string, Finding>();
  const differences = new Map<string, Finding>();
  return {
    tally: () => ({ found: 0, taken: 0, before: 0, joined: 0, leftOut: 0 }),
    leaveOut: (table, id, reason, count = 1) => note(leftOut, table, id, reason, count),
    differs: (table, id, reason) => note(differences, table, id, reason, 1),
    get leftOut() {
      return [...leftOut.values()];
    },
    get differences() {
      return [...differences.values()];
    },
  };
}

function note(findings: Map<string, Finding>, table: string, id: number | undefined, reason: string, count: number): void {
  const isFull = findings.size >= reasonsKept && !findings.has(`${table} ${reason}`);
  const said = isFull ? 'There are more reasons than are listed.' : reason;
  const key = `${table} ${said}`;
  const before = findings.get(key) ?? { table, reason: said, count: 0, ids: [] };
  const ids = id === undefined || before.ids.length >= idsKept ? before.ids : [...before.ids, id];
  findings.set(key, { ...before, count: before.count + count, ids });
}

/** The report as people read it. */
export function reportText({ source, isDryRun, people, clusters, log, leftOut, differences }: ImportReport): string {
  const tables = [
    ['people', people],
    ['clusters', clusters],
    ['log', log],
  ] as const;
  return [
    isDryRun ? `Dry run: of ${source} this would be imported; nothing was written.` : `Imported from ${source}:`,
    ...tables.map(([name, table]) => `  ${name.padEnd(9)} ${tableText(table)}`),
    ...section('Not taken:', leftOut),
    ...section('Taken, but not as it was:', differences),
    '',
  ].join('\n');
}

function tableText({ found, taken, before, joined, leftOut }: TableReport): string {
  const parts = [`${found} found`, `${taken} taken`];
  if (before > 0) parts.push(`${before} taken before`);
  if (joined > 0) parts.push(`${joined} here already`);
  if (leftOut > 0) parts.push(`${leftOut} not taken`);
  return parts.join(', ');
}

function section(head: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.map(({ table, reason, count, ids }) => {
    const more = count > ids.length ? ', ...' : '';
    const which = ids.length === 0 ? '' : ` (id ${ids.join(', ')}${more})`;
    return `  ${table}: ${count > 1 ? `${count} times: ` : ''}${reason}${which}`;
  });
  return ['', head, ...lines];
}
