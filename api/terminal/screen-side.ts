import { createFlow, type Flow, HIGH_BYTES, LOW_BYTES } from './flow.ts';
import { OpenFailed, type OpenScreen, type Screenful, type Target } from './ports.ts';
import type { TerminalEnd } from './protocol.ts';
import type { Side, SideHost } from './side.ts';
import type { Viewer } from './viewer.ts';

export interface ScreenSideOptions {
  readonly target: Target;
  readonly open: OpenScreen;
  /** Something went wrong that nobody foresaw; MUST be told no secret. */
  readonly onError: (error: unknown) => void;
}

/** Message types of RFB (RFC 6143, 7.5) by which somebody does something; a page asks for pictures all the time by itself. */
const deeds = new Set([4, 5, 6]);

/**
 * The screen of an instance, for one page: its protocol has a beginning, so a page that comes back is connected anew, and nobody can watch.
 * Bytes pass as they are; one direction waits for the other by what their sockets hold.
 */
export class ScreenSide implements Side {
  readonly #host: SideHost;
  readonly #options: ScreenSideOptions;
  #abort = new AbortController();
  #far: Screenful | undefined;
  #isOver = false;
  label = '';
  readonly address = undefined;

  constructor(host: SideHost, options: ScreenSideOptions) {
    this.#host = host;
    this.#options = options;
  }

  files(): undefined {
    return undefined;
  }

  attach(viewer: Viewer): void {
    this.#hangUp();
    viewer.state = 'live';
    void this.#open(viewer, this.#abort.signal);
  }

  leave(viewer: Viewer): void {
    if (viewer.role === 'works' && !this.#host.worker()) this.#hangUp();
  }

  input(bytes: Buffer): void {
    if (deeds.has(bytes[0] ?? 0)) this.#host.touch();
    this.#far?.write(bytes);
  }

  hear(): void {}

  async end(): Promise<void> {
    this.#isOver = true;
    this.#hangUp();
  }

  #hangUp(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    const far = this.#far;
    this.#far = undefined;
    far?.end();
  }

  async #open(viewer: Viewer, signal: AbortSignal): Promise<void> {
    const { open, target, onError } = this.#options;
    try {
      // A page of a screen reads no text, so nothing is said, and nobody can be asked.
      const talk = { say: () => undefined, ask: async () => undefined, acceptHostKey: async () => false };
      const far = await open({ target, talk, signal });
      if (signal.aborted || this.#isOver) return far.end();
      this.#far = far;
      this.label = far.label;
      this.#host.opened();
      far.onEnd((end) => {
        if (this.#far === far) this.#host.ended(end);
      });
      const flow = createFlow(far);
      far.onData((bytes) => relay(flow, viewer, bytes));
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof OpenFailed)) onError(error);
      this.#host.ended(endOf(error));
    }
    return undefined;
  }
}

function relay(flow: Flow, { socket }: Viewer, bytes: Uint8Array): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.send(bytes, { binary: true }, () => {
    if (socket.bufferedAmount < LOW_BYTES) flow.release('page');
  });
  if (socket.bufferedAmount > HIGH_BYTES) flow.hold('page');
}

function endOf(error: unknown): TerminalEnd {
  if (error instanceof OpenFailed) return error.end;
  return { reason: 'unreachable', detail: 'Something went wrong in this server while the screen was opened; its log has the details.' };
}
