import type { Place } from '../auth/decide.ts';
import type { HostKeyFound, Prompt, TerminalEnd, TerminalPurpose } from './protocol.ts';

/** The instance a terminal is to, as the inventory has it. */
export interface Target {
  readonly cluster: string;
  readonly serverId: string;
  readonly name: string;
  /** Where rights are looked up. */
  readonly place: Place;
  /** Its own addresses, fixed and floating. */
  readonly addresses: readonly TargetAddress[];
}

export interface TargetAddress {
  readonly address: string;
  readonly kind: 'fixed' | 'floating';
  readonly network: string;
}

/** What was asked for when a terminal was made; what is undefined is for the profile or the default to say. */
export interface Wanted {
  readonly purpose: TerminalPurpose;
  readonly profile?: string;
  readonly user?: string;
  readonly address?: string;
  readonly port?: number;
}

/** What somebody at the page can be asked for while a terminal opens. Rejects when nobody answers in time or the page is gone. */
export interface Talk {
  /** A step of opening, for people. */
  say(detail: string): void;
  /** One answer for each prompt; undefined when the person cancels. */
  ask(question: {
    readonly title: string;
    readonly instructions: string;
    readonly prompts: readonly Prompt[];
  }): Promise<readonly string[] | undefined>;
  /** Whether somebody who may accepts the key of a host that is not known. */
  acceptHostKey(found: HostKeyFound): Promise<boolean>;
}

export interface OpenOptions {
  readonly target: Target;
  readonly wanted: Wanted;
  /** Given for this one use; forget them once opened. */
  readonly credentials: { readonly password?: string; readonly privateKey?: string; readonly passphrase?: string };
  readonly size: { readonly cols: number; readonly rows: number };
  readonly talk: Talk;
  /** Who opens it, for host keys and the audit. */
  readonly actor: string;
  readonly signal: AbortSignal;
}

/** Opens the far side of a terminal. Throws OpenFailed. */
export type OpenRemote = (options: OpenOptions) => Promise<Remote>;

/** The far side would not be opened; says why, in words for people. */
export class OpenFailed extends Error {
  override name = 'OpenFailed';
  readonly end: TerminalEnd;
  constructor(end: TerminalEnd) {
    super(end.detail);
    this.end = end;
  }
}

/** The far side of a terminal: a shell by SSH, or a serial console. */
export interface Remote {
  /** Where it is, for the list and the audit: `debian@10.0.0.5:22`. */
  readonly label: string;
  /** The target's address it is connected to; absent where Nova stands in between. The terminal ends when it is the target's no more. */
  readonly address?: string;
  /** Bytes that were written and not taken by the far side yet; above a bound nothing more is read from the page. Absent: not known. */
  readonly unsent?: number;
  /** Output as it comes; one listener. Nothing comes before it is set. */
  onData(call: (bytes: Uint8Array) => void): void;
  /** Once, also after `end()`. */
  onEnd(call: (end: TerminalEnd) => void): void;
  write(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** No data comes until `resume`, and the far side is made to wait. */
  pause(): void;
  resume(): void;
  end(): void;
  /** Its files; only SSH has them. */
  readonly files?: () => Promise<Files>;
}

/** Files of the far side, over SFTP. Paths are absolute there; `~` alone is home. Errors are FileRefused. */
export interface Files {
  list(path: string): Promise<{ readonly path: string; readonly entries: readonly FileEntry[]; readonly isCut: boolean }>;
  stat(path: string): Promise<FileEntry>;
  /** Bytes from `start` up to and without `end`. */
  read(path: string, range: { readonly start: number; readonly end?: number }): Promise<NodeJS.ReadableStream>;
  /** Writes a piece at `start` and resolves to the size of the file then. `start` 0 empties a file that is there. */
  write(path: string, start: number, piece: NodeJS.ReadableStream): Promise<number>;
  makeDirectory(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly sizeBytes: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
  /** As chmod writes it: 644. */
  readonly mode: string;
}

/** Pictures of a console: bytes in both directions, which nobody reads here. */
export interface Screenful {
  readonly label: string;
  onData(call: (bytes: Uint8Array) => void): void;
  onEnd(call: (end: TerminalEnd) => void): void;
  write(bytes: Uint8Array): void;
  pause(): void;
  resume(): void;
  end(): void;
}

/** Opens the screen of an instance. Throws OpenFailed. */
export type OpenScreen = (options: Pick<OpenOptions, 'target' | 'talk' | 'signal'>) => Promise<Screenful>;

/** What is known of a host's key, and what to do about one that was found. */
export interface HostKeys {
  /** `key`: the public key as it came over the wire. Learns it from the cloud's console log where it is not known yet. */
  check(target: Target, port: number, key: Buffer, actor: string): Promise<HostKeyVerdict>;
  /** Pins what somebody who may accepted. */
  accept(target: Target, port: number, key: Buffer, actor: string): Promise<void>;
}

export type HostKeyVerdict =
  | { readonly verdict: 'known' }
  | { readonly verdict: 'unknown'; readonly found: HostKeyFound }
  | { readonly verdict: 'changed'; readonly found: HostKeyFound; readonly pinned: readonly HostKeyFound[]; readonly wasRebuilt: boolean };

/** Takes down what a terminal shows. What is given is valid UTF-8, cut between characters. */
export interface Recorder {
  output(text: string): void;
  resize(cols: number, rows: number): void;
  /** A moment somebody may want to find again, such as a command. */
  mark(label: string): void;
  /** Told of what is typed, before it goes to the far side. Nothing is kept of it: only when Enter was pressed, for marks of commands. */
  typed(input: string): void;
  /** Bytes that are not stored yet: above a bound the terminal waits. */
  readonly backlog: number;
  /** Called whenever something was stored and `backlog` is small. */
  onDrain(call: () => void): void;
  /** Called once, when something could not be stored; the terminal then ends where recording is required. */
  onFailure(call: (error: Error) => void): void;
  /** Stores what is left and seals the recording. */
  end(end: TerminalEnd): Promise<void>;
}

/** Begins the recording of a terminal that has a row. Throws when it cannot be recorded. */
export type StartRecording = (terminal: {
  readonly id: string;
  readonly cols: number;
  readonly rows: number;
  readonly title: string;
  /** The terminal's own, where it has one: everything MUST be written to it before it is given to the recorder. Else the recorder has one itself. */
  readonly screen?: Screen;
}) => Promise<Recorder>;

/** A terminal nobody looks at: what its output comes to. One for each live terminal; bounded memory. */
export interface Screen {
  write(text: string): void;
  resize(cols: number, rows: number): void;
  /**
   * What draws the screen, the end of its scrollback, cursor and modes on a fresh terminal of the same size; after all that was written. Rejects
   * when it is closed.
   */
  snapshot(options?: { /** Lines of it; all there are. */ readonly scrollback?: number }): Promise<string>;
  /** The line the cursor is in, without what was drawn before `write` of a prompt can be told apart; best effort. */
  currentLine(): Promise<string>;
  /** Characters that are not drawn yet: above a bound whoever writes waits. */
  readonly backlog: number;
  /** As of Recorder. */
  typed(input: string): void;
  /** Commands, as the screen or the shell shows them; best effort. */
  onCommand(call: (command: string) => void): void;
  close(): void;
}

/** What the policy of the installation and the cluster say. `all`: also screens, so that VNC is refused, which cannot be recorded. */
export type RecordingPolicy = 'all' | 'text' | 'off';
