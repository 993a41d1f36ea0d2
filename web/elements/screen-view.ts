import RFB from '@novnc/novnc';
import type { Ticket } from '../data/terminals.ts';
import { keysymOf, type NamedKey, strokesOf } from './screen-keys.ts';

export interface ScreenSink {
  opened(): void;
  closed(code: number): void;
  /** The instance put this into its clipboard. */
  copied(text: string): void;
  /** It wants a password, which Nova's screens never do. */
  wantsPassword(): void;
}

/** A screen drawn by noVNC, in a chunk of its own. */
export interface ScreenView {
  isViewOnly: boolean;
  isScaled: boolean;
  press(keys: readonly NamedKey[]): void;
  /** Types a text, key by key; one that is under way is given up for the next. */
  type(text: string): void;
  focus(): void;
  blur(): void;
  end(): void;
}

/** Instances that boot take keys slowly, and lose those that come faster. */
const strokeMs = 8;
const longestCopy = 64 * 1024;

export function openScreen(host: HTMLElement, { ticket, stream }: Ticket, sink: ScreenSink): ScreenView {
  const protocols = ['stackwarden.terminal.v1', `stackwarden.ticket.${ticket}`];
  const socket = new WebSocket(new URL(stream, window.location.href), protocols);
  socket.addEventListener('close', ({ code }) => sink.closed(code));
  // Others may look at the same screen by other ways: they stay.
  const rfb = new RFB(host, socket, { shared: true });
  rfb.background = 'transparent';
  rfb.showDotCursor = true;
  let typing: ReturnType<typeof setTimeout> | undefined;
  rfb.addEventListener('connect', () => sink.opened());
  rfb.addEventListener('clipboard', (event) => {
    sink.copied(String((event as CustomEvent<{ text: unknown }>).detail.text).slice(0, longestCopy));
  });
  rfb.addEventListener('credentialsrequired', () => sink.wantsPassword());
  rfb.addEventListener('disconnect', () => clearTimeout(typing));

  return {
    get isViewOnly() {
      return rfb.viewOnly;
    },
    set isViewOnly(is) {
      rfb.viewOnly = is;
    },
    get isScaled() {
      return rfb.scaleViewport;
    },
    set isScaled(is) {
      rfb.scaleViewport = is;
    },
    press(keys) {
      const pressed = keys.map(keysymOf);
      for (const keysym of pressed) rfb.sendKey(keysym, null, true);
      for (const keysym of pressed.toReversed()) rfb.sendKey(keysym, null, false);
    },
    type(text) {
      clearTimeout(typing);
      const strokes = strokesOf(text);
      const next = (at: number) => {
        const stroke = strokes[at];
        if (!stroke) return;
        if (stroke.withShift) rfb.sendKey(keysymOf('Shift'), 'ShiftLeft', true);
        rfb.sendKey(stroke.keysym, null);
        if (stroke.withShift) rfb.sendKey(keysymOf('Shift'), 'ShiftLeft', false);
        typing = setTimeout(() => next(at + 1), strokeMs);
      };
      next(0);
    },
    focus: () => rfb.focus(),
    blur: () => rfb.blur(),
    end() {
      clearTimeout(typing);
      rfb.disconnect();
    },
  };
}
