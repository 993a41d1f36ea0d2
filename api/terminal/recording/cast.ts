/** Lines of an asciicast v3 (docs.asciinema.org/manual/asciicast/v3): `[interval, code, data]`, intervals in seconds since the line before. */
export type CastCode = 'o' | 'r' | 'm' | 'x';

export interface CastEvent {
  readonly intervalMs: number;
  readonly code: CastCode;
  readonly data: string;
}

/** What a recording is of; its first chunk. */
export interface CastHeader {
  readonly cols: number;
  readonly rows: number;
  readonly title: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

export function castLine({ intervalMs, code, data }: CastEvent): string {
  return `[${intervalMs / 1000},"${code}",${JSON.stringify(data)}]\n`;
}

export function headerLine({ cols, rows, title, startedAt }: CastHeader): string {
  const header = { version: 3, term: { cols, rows, type: 'xterm-256color' }, timestamp: Math.floor(startedAt / 1000), title };
  return `${JSON.stringify(header)}\n`;
}

/** The events of lines, one by one. */
export function* castEvents(lines: string): Generator<CastEvent> {
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\n', at);
    const line = lines.slice(at, end < 0 ? lines.length : end);
    at = end < 0 ? lines.length : end + 1;
    const [interval, code, data] = JSON.parse(line) as [number, CastCode, string];
    yield { intervalMs: Math.round(interval * 1000), code, data };
  }
}
