import type { Clock } from '#controller/engine/ports.ts';
import type { Store } from '#migrations/store.ts';
import type { KeyProvider } from '../../kube/encryption.ts';
import type { Log } from '../../log.ts';
import type { Recorder, Screen, StartRecording } from '../ports.ts';
import type { TerminalEnd } from '../protocol.ts';
import type { CastHeader } from './cast.ts';
import { type Chain, createChain, type Draft } from './chain.ts';
import { createEvents, piecesOf } from './events.ts';
import { newRecordingKey } from './keys.ts';
import { Index } from './manifest.ts';
import { createScreen } from './screen.ts';

export interface RecorderDeps {
  readonly store: Store;
  readonly keys: KeyProvider;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
}

/** What is shown is stored after that time, or sooner when there is much of it: so much a kill of the process costs. */
const flushMs = 2000;
const flushBytes = 256 * 1024;
/** A moment is shown by a keyframe and what follows it: no more than this. */
const keyframeBytes = 1024 * 1024;
const keyframeMs = 30_000;
const keyframeScrollback = 100;
const drainedBytes = 512 * 1024;
/** Whoever does not wait when `backlog` is large gets no recording rather than a process without memory. */
const mostBacklogBytes = 64 * 1024 * 1024;

export function createRecorders(deps: RecorderDeps): StartRecording {
  return async ({ id, cols, rows, title, screen }) => {
    const header = { cols, rows, title, startedAt: deps.clock.now() };
    const { key, sealed } = await newRecordingKey(deps.keys, id);
    const chain = createChain(deps.store, id, key);
    const text = JSON.stringify(header);
    await chain.store({ kind: 'h', fromMs: 0, untilMs: 0, bytes: 0, text }, { recording: 'running', recordingKey: sealed });
    return startRecorder(deps, { id, header, chain, screen: screen ?? createScreen({ cols, rows, clock: deps.clock }), isDrawn: !!screen });
  };
}

interface Begun {
  readonly id: string;
  readonly header: CastHeader;
  readonly chain: Chain;
  readonly screen: Screen;
  /** By somebody else. */
  readonly isDrawn: boolean;
}

function startRecorder({ clock, log }: RecorderDeps, { id, header, chain, screen, isDrawn }: Begun): Recorder {
  const index = new Index(header);
  const events = createEvents();
  let size = { cols: header.cols, rows: header.rows };
  let keyframe = { bytes: 0, atMs: 0 };
  let failure: Error | undefined;
  let onFailure: ((error: Error) => void) | undefined;
  let ending: Promise<void> | undefined;
  let cancelFlush: (() => void) | undefined;
  let storing = Promise.resolve();
  let storingBytes = 0;
  const drains: (() => void)[] = [];

  // Whoever draws it themselves looks after its backlog.
  const backlog = () => events.bytes + storingBytes + (isDrawn ? 0 : screen.backlog);
  const now = () => Math.max(events.lastMs, Math.floor(clock.now() - header.startedAt));
  const isOver = () => failure !== undefined || ending !== undefined;

  function armFlush(): void {
    cancelFlush ??= clock.after(flushMs, () => flush());
  }
  /** Gives what there is to be stored. */
  function cut(): void {
    cancelFlush?.();
    cancelFlush = undefined;
    if (events.isEmpty || failure) return;
    const taken = events.take();
    keyframe.bytes += taken.bytes;
    store({ kind: 'o', ...taken });
  }
  /** The same, and the screen behind it where one is due. MUST be called when all that was drawn is in `events`: never amid a call. */
  function flush(): void {
    cut();
    const atMs = events.lastMs;
    if (failure || (keyframe.bytes < keyframeBytes && atMs - keyframe.atMs < keyframeMs)) return;
    keyframe = { bytes: 0, atMs };
    const { cols, rows } = size;
    const text = screen.snapshot({ scrollback: keyframeScrollback }).then((drawn) => JSON.stringify({ cols, rows, screen: drawn }));
    store({ kind: 'k', fromMs: atMs, untilMs: atMs, bytes: 0, text });
  }

  function store(draft: Draft): void {
    storingBytes += draft.bytes;
    const isThere = Promise.resolve(draft.text).then(
      () => true,
      // A screen that was closed has no picture; the recording goes on without.
      () => false,
    );
    storing = behind(storing, async () => {
      try {
        if ((await isThere) && !failure) index.add(await chain.store(draft));
      } catch (error) {
        fail(error as Error);
      }
      storingBytes -= draft.bytes;
      tellDrained();
    });
  }
  function tellDrained(): void {
    if (backlog() < drainedBytes || failure) for (const call of drains) call();
  }
  function fail(error: Error): void {
    if (failure) return;
    failure = error;
    cancelFlush?.();
    events.take();
    log('error', 'a recording could not be stored', { terminal: id, error: error.message });
    onFailure?.(error);
    tellDrained();
  }

  function output(text: string): void {
    for (const piece of piecesOf(text)) {
      events.output(piece, now());
      if (events.bytes >= flushBytes) cut();
    }
    if (backlog() > mostBacklogBytes) fail(new Error('what is shown comes faster than it can be stored'));
    else if (keyframe.bytes >= keyframeBytes) flush();
    else armFlush();
  }
  function mark(label: string): void {
    const atMs = now();
    if (isOver() || label === '' || !index.mark(atMs, label)) return;
    events.add('m', label, atMs);
    armFlush();
  }
  screen.onCommand(mark);

  async function finish({ exitCode }: TerminalEnd): Promise<void> {
    const durationMs = now();
    if (exitCode !== undefined && !failure) events.add('x', String(exitCode), durationMs);
    cut();
    await storing;
    try {
      if (!failure) await chain.seal(index.manifest({ head: chain.head, durationMs, interrupted: false }));
    } catch (error) {
      fail(error as Error);
    }
    if (failure) await chain.fail().catch(() => undefined);
    chain.close();
    if (!isDrawn) screen.close();
  }

  return {
    output(text) {
      if (isOver()) return;
      if (!isDrawn) screen.write(text);
      output(text);
    },
    resize(cols, rows) {
      if (isOver() || (cols === size.cols && rows === size.rows)) return;
      if (!isDrawn) screen.resize(cols, rows);
      size = { cols, rows };
      events.add('r', `${cols}x${rows}`, now());
      index.resize(events.lastMs, cols, rows);
      armFlush();
    },
    mark,
    typed: (input) => screen.typed(input),
    get backlog() {
      return backlog();
    },
    onDrain(call) {
      drains.push(call);
    },
    onFailure(call) {
      onFailure = call;
      if (failure) call(failure);
    },
    end: (end) => (ending ??= finish(end)),
  };
}

async function behind(before: Promise<void>, run: () => Promise<void>): Promise<void> {
  await before;
  await run();
}
