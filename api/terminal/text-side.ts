import type { Clock } from '#controller/engine/ports.ts';
import { BACKLOG, createFlow, type Flow, HIGH_BYTES, LOW_BYTES } from './flow.ts';
import { createOutput, type Piece } from './output.ts';
import {
  OpenFailed,
  type OpenRemote,
  type Recorder,
  type Remote,
  type Screen,
  type StartRecording,
  type Target,
  type Wanted,
} from './ports.ts';
import type { ClientFrame, TerminalEnd } from './protocol.ts';
import type { AttachFrame, Side, SideHost } from './side.ts';
import { createTalk, NobodyAnswers } from './talk.ts';
import type { Viewer } from './viewer.ts';

export interface TextSideOptions {
  readonly id: string;
  readonly target: Target;
  readonly wanted: Wanted;
  readonly actor: string;
  readonly open: OpenRemote;
  readonly createScreen: (size: { readonly cols: number; readonly rows: number }) => Screen;
  /** Undefined where nothing is to be recorded. */
  readonly startRecording: StartRecording | undefined;
  readonly clock: Clock;
  /** Something went wrong that nobody foresaw; MUST be told no secret. */
  readonly onError: (error: unknown) => void;
}

/** What is written and not taken by the far side; above it the page has to wait. */
const UNSENT_BYTES = 256 * 1024;
const lookAgainMs = 20;

type Size = Parameters<TextSideOptions['createScreen']>[0];

/**
 * A shell or a serial console. All output goes one way: decoded, counted, recorded, drawn on a screen that nobody looks at, and to each page,
 * the same bytes everywhere. The page that works makes the far side wait when it is slow; one that watches misses a part and is drawn anew.
 */
export class TextSide implements Side {
  readonly #host: SideHost;
  readonly #options: TextSideOptions;
  readonly #output = createOutput();
  readonly #talk;
  readonly #abort = new AbortController();
  #size: Size = { cols: 80, rows: 24 };
  #isStarted = false;
  #remote: Remote | undefined;
  #flow: Flow | undefined;
  #recorder: Recorder | undefined;
  #screen: Screen | undefined;
  #drawing = 0;
  #cancelLook: () => void = () => undefined;
  #isOver = false;

  constructor(host: SideHost, options: TextSideOptions) {
    this.#host = host;
    this.#options = options;
    this.#talk = createTalk({ clock: options.clock, tell: (frame) => host.worker()?.tell(frame), mayAccept: () => host.mayAccept() });
  }

  get label(): string {
    return this.#remote?.label ?? '';
  }

  get address(): string | undefined {
    return this.#remote?.address;
  }

  files() {
    return this.#remote?.files?.();
  }

  attach(viewer: Viewer, frame: AttachFrame): void {
    if (viewer.role === 'works') this.#resize(frame.cols, frame.rows);
    if (this.#flow) return this.#goOn(viewer, frame.since);
    this.#begin(viewer, 0);
    if (viewer.role === 'watches') return viewer.tell({ type: 'state', state: 'connecting' });
    this.#talk.repeat();
    if (!this.#isStarted) void this.#open(frame.credentials ?? {});
    this.#isStarted = true;
    return undefined;
  }

  leave(viewer: Viewer): void {
    // Nobody sees what is missing: it goes on, and who comes back is drawn anew.
    if (viewer.role === 'works' && !this.#host.worker()) this.#flow?.release('page');
  }

  input(bytes: Buffer): void {
    const remote = this.#remote;
    if (!remote || !this.#flow) return;
    this.#recorder?.typed(bytes.toString('utf8'));
    remote.write(bytes);
    const socket = this.#host.worker()?.socket;
    if (!socket || (remote.unsent ?? 0) <= UNSENT_BYTES) return;
    socket.pause();
    const look = () => {
      if (!this.#isOver && (remote.unsent ?? 0) > UNSENT_BYTES) return void this.#options.clock.after(lookAgainMs, look);
      socket.resume();
    };
    this.#options.clock.after(lookAgainMs, look);
  }

  hear(viewer: Viewer, frame: ClientFrame): void {
    if (frame.type === 'ack') return this.#acknowledge(viewer, frame.at);
    if (frame.type === 'resize') return this.#resize(frame.cols, frame.rows);
    if (frame.type === 'answer' || frame.type === 'accept-host-key') this.#talk.hear(frame);
    return undefined;
  }

  async end(end: TerminalEnd): Promise<void> {
    this.#talk.end();
    this.#abort.abort();
    this.#remote?.end();
    this.#emit(this.#output.finish());
    this.#isOver = true;
    this.#cancelLook();
    await this.#recorder?.end(end);
    this.#screen?.close();
  }

  async #open(credentials: NonNullable<AttachFrame['credentials']>): Promise<void> {
    const { target, wanted, actor, open, createScreen, onError } = this.#options;
    const size = this.#size;
    try {
      const remote = await open({ target, wanted, credentials, size, talk: this.#talk, actor, signal: this.#abort.signal });
      this.#remote = remote;
      if (this.#isOver) return remote.end();
      const screen = createScreen(size);
      this.#screen = screen;
      this.#recorder = await this.#record(remote.label, size, screen);
      // It may have ended while the recording began.
      if (this.#isOver) return await this.#recorder?.end({ reason: 'closed', detail: 'It ended while it was opened.' });
      this.#connect(remote, this.#recorder);
      if (this.#size !== size) this.#spread();
    } catch (error) {
      this.#remote?.end();
      if (!(error instanceof OpenFailed) && !(error instanceof NobodyAnswers)) onError(error);
      this.#host.ended(endOf(error));
    }
    return undefined;
  }

  async #record(title: string, { cols, rows }: Size, screen: Screen): Promise<Recorder | undefined> {
    const { startRecording, id, onError } = this.#options;
    try {
      return await startRecording?.({ id, cols, rows, title, screen });
    } catch (error) {
      onError(error);
      const detail = 'The recording could not be begun, and what is not recorded is not opened.';
      throw new OpenFailed({ reason: 'not-recorded', detail });
    }
  }

  #connect(remote: Remote, recorder: Recorder | undefined): void {
    const flow = createFlow(remote);
    this.#flow = flow;
    recorder?.onDrain(() => flow.release('recorder'));
    recorder?.onFailure((error) => {
      this.#options.onError(error);
      const detail = 'What is shown could not be stored any more, and what is not recorded has to end.';
      this.#host.ended({ reason: 'not-recorded', detail });
    });
    this.#host.opened();
    this.#host.tell({ type: 'state', state: 'open' });
    remote.onEnd((end) => this.#host.ended(end));
    remote.onData((bytes) => this.#emit(this.#output.take(bytes)));
  }

  #emit(piece: Piece | undefined): void {
    if (!piece || this.#isOver) return;
    const { text, bytes } = piece;
    // In this order: the recording looks at the screen.
    this.#screen?.write(text);
    this.#recorder?.output(text);
    for (const viewer of this.#host.viewers()) if (viewer.state === 'live') this.#show(viewer, bytes);
    if ((this.#recorder?.backlog ?? 0) > BACKLOG) this.#flow?.hold('recorder');
    this.#watchScreen();
  }

  /** It says how much it has to draw, and not when that is done. */
  #watchScreen(): void {
    const isFull = !this.#isOver && (this.#screen?.backlog ?? 0) > BACKLOG;
    if (!isFull) return this.#flow?.release('screen');
    this.#flow?.hold('screen');
    this.#cancelLook();
    this.#cancelLook = this.#options.clock.after(lookAgainMs, () => this.#watchScreen());
    return undefined;
  }

  #show(viewer: Viewer, bytes: Buffer): void {
    const isFull = () => viewer.sent - viewer.acked > HIGH_BYTES;
    // One that watches is not waited for.
    if (viewer.role === 'watches' && isFull()) viewer.state = 'behind';
    else viewer.show(bytes);
    if (viewer.role === 'works' && isFull()) this.#flow?.hold('page');
  }

  #acknowledge(viewer: Viewer, at: number): void {
    // While it is drawn anew, what it saw before counts no more.
    if (viewer.state === 'drawing') return undefined;
    if (at > viewer.sent) return viewer.close(4010, 'an acknowledgement of what was not sent');
    viewer.acked = Math.max(viewer.acked, at);
    if (viewer.sent - viewer.acked >= LOW_BYTES) return undefined;
    if (viewer.state === 'behind') void this.#draw(viewer);
    else if (viewer === this.#host.worker()) this.#flow?.release('page');
    return undefined;
  }

  /** From where the page was, when that is still kept; else from a picture of the screen. */
  #goOn(viewer: Viewer, since: number | undefined): void {
    viewer.tell({ type: 'state', state: 'open' });
    const missed = since === undefined ? undefined : this.#output.since(since);
    if (since === undefined || !missed) return void this.#draw(viewer);
    if (viewer.role === 'works') this.#flow?.release('page');
    this.#begin(viewer, since);
    if (missed.length > 0) this.#show(viewer, missed);
    return undefined;
  }

  #begin(viewer: Viewer, at: number, snapshot: Buffer = Buffer.alloc(0)): void {
    viewer.tell({ type: 'attached', at, snapshot: snapshot.length, ...this.#size });
    viewer.send(snapshot);
    viewer.sent = at;
    viewer.acked = at;
    viewer.state = 'live';
  }

  /** The far side waits meanwhile, so that what comes behind the picture is still kept. */
  async #draw(viewer: Viewer): Promise<void> {
    const screen = this.#screen;
    if (!screen) return;
    viewer.state = 'drawing';
    this.#flow?.hold('snapshot');
    this.#drawing += 1;
    try {
      const { at } = this.#output;
      const snapshot = Buffer.from(await screen.snapshot(), 'utf8');
      if (this.#isOver || viewer.socket.readyState !== viewer.socket.OPEN) return;
      if (viewer === this.#host.worker()) this.#flow?.release('page');
      this.#begin(viewer, at, snapshot);
      const missed = this.#output.since(at);
      if (!missed) return void this.#draw(viewer);
      if (missed.length > 0) this.#show(viewer, missed);
    } catch (error) {
      // A screen that was closed meanwhile has no picture.
      if (this.#isOver) return;
      this.#options.onError(error);
      viewer.socket.terminate();
    } finally {
      this.#drawing -= 1;
      if (this.#drawing === 0) this.#flow?.release('snapshot');
    }
  }

  #resize(cols: number, rows: number): void {
    if (this.#isOver || (this.#size.cols === cols && this.#size.rows === rows)) return;
    this.#size = { cols, rows };
    if (this.#flow) this.#spread();
  }

  #spread(): void {
    const { cols, rows } = this.#size;
    this.#remote?.resize(cols, rows);
    this.#screen?.resize(cols, rows);
    this.#recorder?.resize(cols, rows);
    for (const viewer of this.#host.viewers()) if (viewer.role === 'watches') viewer.tell({ type: 'resized', cols, rows });
  }
}

function endOf(error: unknown): TerminalEnd {
  if (error instanceof OpenFailed) return error.end;
  if (error instanceof NobodyAnswers) return { reason: 'sign-in-failed', detail: error.message };
  return { reason: 'unreachable', detail: 'Something went wrong in this server while the terminal was opened; its log has the details.' };
}
