import type { Page } from 'playwright-core';

/** A made-up recording as the API tells it: one line a piece says which second it is, padded to the size wanted. */
export interface MadeUp {
  readonly seconds: number;
  /** Shown each second. */
  readonly bytesPerSecond: number;
  readonly marks?: readonly { readonly atMs: number; readonly label: string }[];
  readonly interrupted?: boolean;
  readonly problem?: { readonly seq: number; readonly what: string };
  /** Fields of the terminal that are otherwise. */
  readonly terminal?: Readonly<Record<string, unknown>>;
}

export const terminalId = '0b5a7c1e-52f6-4b8e-9a53-1f2d3c4b5a69';

const secondsPerKeyframe = 5;
const lineOf = (second: number, bytes: number) =>
  `${`\u001b[32msecond ${second}\u001b[0m `.padEnd(Math.max(24, bytes % 100), '.')}\r\n${`${'x'.repeat(98)}\r\n`.repeat(Math.floor(bytes / 100))}`;

/** Has the browser answer for the recording; returns what was asked of its pieces. */
export async function serveRecording(page: Page, made: MadeUp): Promise<{ readonly asked: string[] }> {
  const { seconds, bytesPerSecond, marks = [] } = made;
  const asked: string[] = [];
  const durationMs = seconds * 1000;
  const chunks = Array.from({ length: seconds }, (_, second) => ({
    seq: second * 2 + 1,
    fromMs: second * 1000,
    untilMs: second * 1000 + 500,
    bytes: bytesPerSecond,
  }));
  const keyframes = Array.from({ length: Math.floor(seconds / secondsPerKeyframe) }, (_, n) => ({
    seq: n * secondsPerKeyframe * 2,
    atMs: n * secondsPerKeyframe * 1000,
  }));
  const terminal = {
    id: terminalId,
    purpose: 'ssh',
    user: 'the-operator',
    cluster: 'main',
    namespace: 'default',
    serverId: 'f2c0d7a4-8d0a-4f0e-9d51-7a4f5c3b2a10',
    serverName: 'hello',
    remote: 'debian@10.0.0.5:22',
    state: 'ended',
    createdAt: '2026-11-29T09:00:00.000Z',
    openedAt: '2026-11-29T09:00:01.000Z',
    endedAt: '2026-11-29T10:00:00.000Z',
    endReason: 'closed',
    endDetail: 'The shell ended.',
    recording: made.interrupted ? 'interrupted' : 'sealed',
    durationMs,
    bytes: seconds * bytesPerSecond,
    isMine: false,
    people: [],
    mayAttach: false,
    mayWatch: false,
    mayEnd: false,
    mayReplay: true,
    ...made.terminal,
  };
  const index = {
    durationMs,
    bytes: seconds * bytesPerSecond,
    cols: 100,
    rows: 30,
    startedAt: terminal.openedAt,
    isSealed: true,
    interrupted: made.interrupted ?? false,
    chunks,
    keyframes,
    marks,
    resizes: [],
  };
  const answers: Readonly<Record<string, (url: URL, rest: string) => string>> = {
    '': () => JSON.stringify(terminal),
    '/recording': () => JSON.stringify(index),
    '/recording/chunks': (url) => {
      const [from, limit] = [Number(url.searchParams.get('from')), Number(url.searchParams.get('limit'))];
      asked.push(`chunks ${from} ${limit}`);
      const wanted = chunks.filter(({ seq }) => seq >= from).slice(0, limit);
      const lines: unknown[] = [{ atMs: wanted[0]?.fromMs ?? 0 }];
      for (const [n, { fromMs }] of wanted.entries()) {
        const output = lineOf(fromMs / 1000, bytesPerSecond);
        lines.push([n === 0 ? 0 : 1, 'o', output]);
      }
      return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    },
    '/recording/search': (url) => {
      const text = url.searchParams.get('text') ?? '';
      const hits = chunks
        .map(({ fromMs }) => ({ atMs: fromMs, line: `second ${fromMs / 1000}` }))
        .filter(({ line }) => line.includes(text));
      return JSON.stringify({ items: hits.slice(0, 200), isCut: hits.length > 200 });
    },
    '/recording/verification': () =>
      JSON.stringify({ ok: made.problem === undefined, chunks: chunks.length, ...(made.problem && { problem: made.problem }) }),
  };
  await page.route('**/api/v1/terminal-retention', (route) => route.fulfill({ json: { days: 90 } }));
  await page.route('**/api/v1/terminals?*', (route) => route.fulfill({ json: { items: [terminal] } }));
  await page.route(`**/api/v1/terminals/${terminalId}**`, async (route) => {
    const url = new URL(route.request().url());
    const rest = url.pathname.slice(`/api/v1/terminals/${terminalId}`.length);
    const keyframe = /^\/recording\/keyframes\/(\d+)$/.exec(rest)?.[1];
    if (keyframe !== undefined) {
      const atMs = (Number(keyframe) / 2) * 1000;
      asked.push(`keyframe ${keyframe}`);
      return route.fulfill({ json: { atMs, cols: 100, rows: 30, screen: `as it was at ${atMs / 1000}\r\n` } });
    }
    const answer = answers[rest];
    if (!answer) return route.fulfill({ status: 404, json: { title: 'NotFound', detail: rest } });
    const isLines = rest === '/recording/chunks';
    return route.fulfill({ body: answer(url, rest), contentType: isLines ? 'application/x-ndjson' : 'application/json' });
  });
  return { asked };
}
