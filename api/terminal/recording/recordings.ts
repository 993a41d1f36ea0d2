import type { Clock } from '#controller/engine/ports.ts';
import type { Store } from '#migrations/store.ts';
import type { KeyProvider } from '../../kube/encryption.ts';
import type { Log } from '../../log.ts';
import type { StartRecording } from '../ports.ts';
import { headerLine } from './cast.ts';
import type { Manifest } from './manifest.ts';
import { type Keyframe, type Opened, type OutputChunk, openRecording, readHeader, readKeyframe, readOutput } from './reader.ts';
import { createRecorders } from './recorder.ts';
import { recoverRecording } from './recover.ts';
import { findTerminal, type TerminalRow } from './rows.ts';
import { type Found, searchRecording } from './search.ts';
import { surveyRecording, type Verification, verifyRecording } from './survey.ts';

/** Recordings of terminals: made, read, checked. What reads throws BrokenRecording where a recording is not as it was stored. */
export interface Recordings {
  readonly start: StartRecording;
  /** Ends a recording whose process is gone. */
  readonly recover: (id: string) => Promise<void>;
  terminal(id: string): Promise<TerminalRow | undefined>;
  /** Undefined when there is none. */
  open(id: string): Promise<Opened | undefined>;
  describe(opened: Opened): Promise<Manifest>;
  output(opened: Opened, range?: { readonly from?: number; readonly limit?: number }): AsyncGenerator<OutputChunk>;
  keyframe(opened: Opened, seq: number): Promise<Keyframe | undefined>;
  /** An asciicast v3, piece by piece. */
  cast(opened: Opened): AsyncGenerator<string>;
  search(opened: Opened, wanted: Parameters<typeof searchRecording>[2]): Promise<Found>;
  verify(id: string): Promise<Verification | undefined>;
}

export interface RecordingsDeps {
  readonly store: Store;
  readonly keys: KeyProvider;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
}

export function createRecordings(deps: RecordingsDeps): Recordings {
  const { store } = deps;
  return {
    start: createRecorders(deps),
    recover: (id) => recoverRecording(deps, id),
    terminal: (id) => findTerminal(store, id),
    open: (id) => openRecording(deps, id),
    describe: async (opened) => opened.manifest ?? (await surveyRecording(store, opened)).manifest,
    output: (opened, range) => readOutput(store, opened, range),
    keyframe: (opened, seq) => readKeyframe(store, opened, seq),
    async *cast(opened) {
      yield headerLine(await readHeader(store, opened));
      for await (const { lines } of readOutput(store, opened)) yield lines;
    },
    search: (opened, wanted) => searchRecording(store, opened, wanted),
    verify: (id) => verifyRecording(deps, id),
  };
}
