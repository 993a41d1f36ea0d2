import type { World } from '../actions/world.ts';
import { OpenFailed, type OpenOptions, type Recorder, type Remote, type Screen, type Screenful, type StartRecording } from './ports.ts';
import type { TerminalEnd } from './protocol.ts';

/** A far side that says what it is told to, keeps what was typed, and waits when it is made to. */
export class FakeRemote implements Remote {
  readonly label: string;
  readonly address: string;
  readonly typed: Buffer[] = [];
  readonly sizes: string[] = [];
  unsent = 0;
  isPaused = false;
  isEnded = false;
  /** All it was told to say, and what of that went out. */
  readonly said: Buffer[] = [];
  #waiting: Buffer[] = [];
  #call: ((bytes: Uint8Array) => void) | undefined;
  #over: ((end: TerminalEnd) => void) | undefined;

  constructor(address = '10.0.0.5') {
    this.address = address;
    this.label = `debian@${address}:22`;
  }

  get saidBytes(): Buffer {
    return Buffer.concat(this.said);
  }

  get waitingBytes(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  say(text: string | Buffer): void {
    const bytes = Buffer.from(text);
    this.said.push(bytes);
    this.#waiting.push(bytes);
    this.#flow();
  }

  hangUp(end: TerminalEnd): void {
    this.isEnded = true;
    this.#over?.(end);
  }

  onData(call: (bytes: Uint8Array) => void): void {
    this.#call = call;
    this.#flow();
  }
  onEnd(call: (end: TerminalEnd) => void): void {
    this.#over = call;
  }
  write(bytes: Uint8Array): void {
    this.typed.push(Buffer.from(bytes));
  }
  resize(cols: number, rows: number): void {
    this.sizes.push(`${cols}x${rows}`);
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
    this.#flow();
  }
  end(): void {
    this.hangUp({ reason: 'closed', detail: '' });
  }

  #flow(): void {
    while (this.#call && !this.isPaused && this.#waiting.length > 0) {
      const bytes = this.#waiting.shift();
      if (bytes) this.#call(bytes);
    }
  }
}

/** A screen whose picture is all that was ever written; how much of that fits on it is no matter here. */
export class FakeScreen implements Screen {
  #text = '';
  backlog = 0;
  write(text: string): void {
    this.#text += text;
  }
  resize(): void {}
  async snapshot(): Promise<string> {
    const text = this.#text;
    await new Promise((done) => setImmediate(done));
    return text;
  }
  async currentLine(): Promise<string> {
    return this.#text.split('\n').at(-1) ?? '';
  }
  typed(): void {}
  onCommand(): void {}
  close(): void {}
}

/** Takes down what it is given, and can fail. */
export class FakeRecorder implements Recorder {
  text = '';
  readonly sizes: string[] = [];
  ended: TerminalEnd | undefined;
  backlog = 0;
  #drained: () => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  output(text: string): void {
    this.text += text;
  }
  resize(cols: number, rows: number): void {
    this.sizes.push(`${cols}x${rows}`);
  }
  mark(): void {}
  typed(): void {}
  onDrain(call: () => void): void {
    this.#drained = call;
  }
  onFailure(call: (error: Error) => void): void {
    this.#failed = call;
  }
  async end(end: TerminalEnd): Promise<void> {
    this.ended = end;
  }
  drain(): void {
    this.backlog = 0;
    this.#drained();
  }
  fail(): void {
    this.#failed(new Error('The disk is full.'));
  }
}

/** Opens fakes, in the way a test says. */
export interface FakeFar {
  readonly remotes: FakeRemote[];
  readonly recorders: FakeRecorder[];
  readonly screens: FakeScreen[];
  readonly opened: OpenOptions[];
  /** What opening does first; a test sets it. */
  before: (options: OpenOptions) => Promise<void>;
  readonly open: (options: OpenOptions) => Promise<Remote>;
  readonly startRecording: StartRecording;
  readonly createScreen: () => Screen;
}

export function createFakeFar(): FakeFar {
  const far: FakeFar = {
    remotes: [],
    recorders: [],
    screens: [],
    opened: [],
    before: async () => undefined,
    async open(options) {
      far.opened.push(options);
      await far.before(options);
      const remote = new FakeRemote();
      far.remotes.push(remote);
      return remote;
    },
    async startRecording() {
      const recorder = new FakeRecorder();
      far.recorders.push(recorder);
      return recorder;
    },
    createScreen() {
      const screen = new FakeScreen();
      far.screens.push(screen);
      return screen;
    },
  };
  return far;
}

export function failing(end: TerminalEnd): () => Promise<never> {
  return async () => {
    throw new OpenFailed(end);
  };
}

/** Bytes both ways, as a screen has them. */
export class FakeScreenful implements Screenful {
  readonly label = 'vnc of web-1';
  readonly typed: Buffer[] = [];
  isPaused = false;
  isEnded = false;
  #call: (bytes: Uint8Array) => void = () => undefined;
  onData(call: (bytes: Uint8Array) => void): void {
    this.#call = call;
    call(Buffer.from('RFB 003.008\n'));
  }
  onEnd(): void {}
  say(bytes: Uint8Array): void {
    this.#call(bytes);
  }
  write(bytes: Uint8Array): void {
    this.typed.push(Buffer.from(bytes));
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  end(): void {
    this.isEnded = true;
  }
}

export interface FakeServer {
  name: string;
  namespace?: string;
  addresses: string[];
}

/** What a cloud holds, as terminals ask for it; tests change `servers`. */
export function createFakeWorld(servers: Map<string, FakeServer>): World {
  const bodyOf = (id: string) => {
    const found = servers.get(id);
    return (
      found && {
        id,
        name: found.name,
        addresses: { front: found.addresses.map((addr) => ({ addr, version: 4, 'OS-EXT-IPS:type': 'fixed' })) },
      }
    );
  };
  const look = (cluster: string) =>
    cluster === 'main'
      ? { client: {}, inventory: { get: (type: string, id: string) => (type === 'server' ? bodyOf(id) : undefined) } }
      : { reason: 'ClusterNotReady', message: `Cluster ${cluster} is not connected yet.` };
  const inCluster = () => (_: string, id: string) => {
    const namespace = servers.get(id)?.namespace;
    return namespace === undefined ? undefined : { kind: 'Instance', metadata: { name: 'web', namespace }, spec: {} };
  };
  return { clouds: { look }, objects: { inCluster, list: () => [], get: () => undefined } } as unknown as World;
}
