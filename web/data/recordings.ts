import type { EndReason, Present, TerminalPurpose, TerminalState } from '#api/terminal/protocol.ts';
import { answerTo, ask, urlOf } from './http.ts';
import { linesOf } from './lines.ts';

/** What became of the recording of a terminal; `none`: it is not recorded. */
export const recordingStates = ['none', 'running', 'sealed', 'interrupted', 'failed', 'removed'] as const;
export type RecordingState = (typeof recordingStates)[number];

/** A terminal, live or ended, with what the person may do with it. */
export interface TerminalRow {
  readonly id: string;
  readonly purpose: TerminalPurpose;
  readonly user: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly serverId: string;
  readonly serverName: string;
  /** `debian@10.0.0.5:22`; '' until it is known. */
  readonly remote: string;
  readonly state: TerminalState;
  readonly createdAt: string;
  readonly openedAt: string | null;
  readonly endedAt: string | null;
  readonly endReason: EndReason | null;
  readonly endDetail: string | null;
  readonly recording: RecordingState;
  readonly durationMs: number;
  readonly bytes: number;
  readonly isMine: boolean;
  /** Of a live one. */
  readonly people?: readonly Present[];
  readonly mayWatch: boolean;
  readonly mayEnd: boolean;
  readonly mayReplay: boolean;
}

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

export interface TerminalPage {
  readonly items: readonly TerminalRow[];
  readonly next?: string;
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
export const listTerminals = (
  filter: TerminalFilter,
  { cursor, limit = 100, signal }: { cursor?: string; limit?: number; signal?: AbortSignal } = {},
) => ask<TerminalPage>(all, { query: { ...filter, limit, cursor }, ...signalled(signal) });

export const getTerminal = (id: string, signal?: AbortSignal) => ask<TerminalRow>(of(id), signalled(signal));

/** Ends a live terminal of somebody; the reason is told to whoever works in it, and stands in the audit log. */
export const endTerminal = (id: string, reason: string) => ask<void>(of(id), { method: 'DELETE', query: { reason } });

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

/** Lines as the server writes them: a time everything behind it counts from, then asciicast events with the seconds since the one before. */
export async function* eventsIn(lines: AsyncIterable<string>): AsyncGenerator<CastEvent> {
  let at = 0;
  for await (const line of lines) {
    const value = JSON.parse(line) as { readonly atMs: number } | readonly [number, CastEvent['code'], string];
    if (!Array.isArray(value)) {
      at = (value as { readonly atMs: number }).atMs;
      continue;
    }
    const [seconds, code, data] = value as readonly [number, CastEvent['code'], string];
    at += seconds * 1000;
    yield { atMs: Math.round(at), code, data };
  }
}
