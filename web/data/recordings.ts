import { answerTo, ask, Problem, urlOf } from './http.ts';
import { linesOf } from './lines.ts';
import { fetchTerminals } from './terminals.ts';

export interface TerminalFilter {
  readonly state: 'live' | 'ended' | 'all';
  readonly user?: string;
  readonly cluster?: string;
  readonly server?: string;
  readonly purpose?: string;
  readonly recording?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly until?: string;
  readonly q?: string;
}

/** Of what one piece of a recording is stored in: which time it covers, and how much it shows. */
export interface Chunk {
  readonly seq: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly bytes: number;
}

/** What a recording holds; its pieces are asked for as they are needed. */
export interface RecordingIndex {
  readonly durationMs: number;
  readonly bytes: number;
  readonly cols: number;
  readonly rows: number;
  readonly startedAt: string;
  readonly isSealed: boolean;
  readonly interrupted: boolean;
  readonly chunks: readonly Chunk[];
  readonly keyframes: readonly { readonly seq: number; readonly atMs: number }[];
  readonly marks: readonly Mark[];
  readonly resizes: readonly { readonly atMs: number; readonly cols: number; readonly rows: number }[];
}

export interface Mark {
  readonly atMs: number;
  readonly label: string;
}

/** What draws the screen as it was at a moment. */
export interface Keyframe {
  readonly atMs: number;
  readonly cols: number;
  readonly rows: number;
  readonly screen: string;
}

/** One event of asciicast v3, with the time since the recording began: output, resize, mark, exit. */
export interface CastEvent {
  readonly atMs: number;
  readonly code: 'o' | 'r' | 'm' | 'x';
  readonly data: string;
}

export interface Hit {
  readonly atMs: number;
  readonly line: string;
}

/** Whether every piece is there, whole and in its place. */
export interface RecordingVerification {
  readonly ok: boolean;
  readonly chunks: number;
  readonly problem?: { readonly seq: number; readonly what: string };
}

const all = '/api/v1/terminals';
const of = (id: string, more = '') => `${all}/${encodeURIComponent(id)}${more}`;
const recording = (id: string, more = '') => of(id, `/recording${more}`);
const signalled = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

/** Newest first. Throws Problem, as all of these do. */
export const listTerminals = (filter: TerminalFilter, cursor: string | undefined, signal?: AbortSignal) =>
  fetchTerminals({ ...filter, limit: 100, cursor }, signal);

export const getRecording = (id: string, signal?: AbortSignal) => ask<RecordingIndex>(recording(id), signalled(signal));

export const getKeyframe = (id: string, seq: number, signal?: AbortSignal) =>
  ask<Keyframe>(recording(id, `/keyframes/${seq}`), signalled(signal));

export const verifyRecording = (id: string, signal?: AbortSignal) =>
  ask<RecordingVerification>(recording(id, '/verification'), { timeoutMs: 10 * 60_000, ...signalled(signal) });

export const searchRecording = (id: string, text: string, signal?: AbortSignal) =>
  ask<{ readonly items: readonly Hit[]; readonly isCut: boolean }>(recording(id, '/search'), {
    query: { text, limit: 200 },
    timeoutMs: 120_000,
    ...signalled(signal),
  });

export const removeRecording = (id: string) => ask<void>(recording(id), { method: 'DELETE' });

/** Where the browser fetches the whole recording as an asciicast file. */
export const castUrl = (id: string): string => recording(id, '/cast');

export interface RecordingRetention {
  readonly days: number;
  readonly setBy?: string;
  readonly setAt?: string;
}

export const recordingRetention = (signal?: AbortSignal) => ask<RecordingRetention>('/api/v1/terminal-retention', signalled(signal));

export const setRecordingRetention = (days: number) =>
  ask<RecordingRetention>('/api/v1/terminal-retention', { method: 'PUT', body: { days } });

/** The events of some pieces one after the other, as they come. */
export async function* chunkEvents(id: string, from: number, limit: number, signal: AbortSignal): AsyncGenerator<CastEvent> {
  const reply = await answerTo(urlOf(recording(id, '/chunks'), { from, limit }), {
    headers: { accept: 'application/x-ndjson' },
    signal,
    timeoutMs: 120_000,
  });
  if (!reply.body) return;
  yield* eventsIn(linesOf(reply.body));
}

/** What a line is other than an event: a time everything behind it counts from, or what broke off. */
interface Note {
  readonly atMs?: number;
  readonly problem?: { readonly seq: number; readonly what: string };
}

/** Lines as the server writes them: asciicast events with the seconds since the one before, and notes. */
export async function* eventsIn(lines: AsyncIterable<string>): AsyncGenerator<CastEvent> {
  let at = 0;
  for await (const line of lines) {
    const value = JSON.parse(line) as Note | readonly [seconds: number, code: CastEvent['code'], data: string];
    if (value instanceof Array) {
      at += value[0] * 1000;
      yield { atMs: Math.round(at), code: value[1], data: value[2] };
    } else if ('problem' in value) {
      const { seq, what } = value.problem ?? { seq: 0, what: '' };
      throw new Problem(409, { title: 'RecordingBroken', detail: `Chunk ${seq} of the recording: ${what}.` });
    } else at = (value as Note).atMs ?? at;
  }
}
