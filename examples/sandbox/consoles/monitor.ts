import { type Area, createPicture, type Picture } from './picture.ts';

/** What stands on the screen of one instance: bars of colour, its name, what was typed, and where the pointer is. */
export interface Monitor {
  readonly name: string;
  readonly picture: Picture;
  /** A key by its keysym (X11), as it goes down. */
  key(keysym: number): void;
  point(x: number, y: number, buttons: number): void;
  paste(text: string): void;
  /** `copied`: what the machine put into the clipboard. Returns what ends it. */
  onChange(call: (changed: Area, copied?: string) => void): () => void;
}

const width = 640;
const height = 400;
const bars = [0xffffff, 0xffff00, 0x00ffff, 0x00ff00, 0xff00ff, 0xff0000, 0x0000ff, 0x202020];
const barHeight = 48;
const ground = 0x101828;
const typed = { x: 16, y: 128, scale: 2, columns: 38, rows: 14 } as const;
const lineHeight = 18;
const pointerSize = 9;

const keysym = { backspace: 0xff08, enter: 0xff0d, delete: 0xffff, control: [0xffe3, 0xffe4], alt: [0xffe9, 0xffea] } as const;

export function createMonitor(name: string): Monitor {
  const picture = createPicture(width, height);
  const listeners = new Set<(changed: Area, copied?: string) => void>();
  const lines: string[] = [''];
  const held = new Set<'control' | 'alt'>();
  let pointer: Area | undefined;
  /** What the pointer covers. */
  let under: Uint32Array | undefined;

  const tell = (changed: Area, copied?: string) => {
    for (const call of listeners) call(changed, copied);
  };

  function drawGround(): void {
    picture.paint({ x: 0, y: 0, width, height }, ground);
    for (const [index, colour] of bars.entries()) picture.paint({ x: index * 80, y: 0, width: 80, height: barHeight }, colour);
    picture.text(name.slice(0, 25), { x: 16, y: 64, scale: 3 });
    picture.text('the sandbox draws this; type, or copy TEXT to have it in the clipboard', { x: 16, y: 104, colour: 0x9fb3c8 });
    drawLines();
  }

  function drawLines(): void {
    picture.paint({ x: 0, y: typed.y, width, height: height - typed.y }, ground);
    for (const [row, text] of lines.entries()) {
      const cursor = row === lines.length - 1 ? '_' : '';
      picture.text(text + cursor, { x: typed.x, y: typed.y + row * lineHeight, scale: typed.scale, colour: 0x7dd3fc });
    }
  }

  function write(text: string): void {
    for (const character of text) {
      const last = lines.at(-1) ?? '';
      if (character === '\n') lines.push('');
      else if (Array.from(last).length >= typed.columns) lines.push(character);
      else lines[lines.length - 1] = last + character;
    }
    lines.splice(0, Math.max(0, lines.length - typed.rows));
  }

  /** The pointer is taken off while something is drawn under it. */
  function redraw(draw: () => void, changed: Area, copied?: string): void {
    lift();
    draw();
    lay();
    tell(changed, copied);
  }
  const page: Area = { x: 0, y: typed.y, width, height: height - typed.y };

  function lift(): void {
    if (!pointer || !under) return;
    for (let row = 0; row < pointer.height; row += 1)
      picture.dots.set(under.subarray(row * pointer.width, (row + 1) * pointer.width), (pointer.y + row) * width + pointer.x);
  }
  function lay(): void {
    if (!pointer) return;
    under = new Uint32Array(pointer.width * pointer.height);
    for (let row = 0; row < pointer.height; row += 1) {
      const start = (pointer.y + row) * width + pointer.x;
      under.set(picture.dots.subarray(start, start + pointer.width), row * pointer.width);
    }
    picture.paint(pointer, pressed ? 0xff4040 : 0xffffff);
  }
  let pressed = false;

  function enter(): string | undefined {
    const copied = /^copy (.+)$/.exec(lines.at(-1) ?? '')?.[1];
    write('\n');
    return copied;
  }

  drawGround();
  return {
    name,
    picture,
    key(code) {
      if (keysym.control.some((one) => one === code)) return void held.add('control');
      if (keysym.alt.some((one) => one === code)) return void held.add('alt');
      const isReset = code === keysym.delete && held.size === 2;
      held.clear();
      let copied: string | undefined;
      if (isReset) write('\n[Ctrl-Alt-Del]\n');
      else if (code === keysym.enter) copied = enter();
      else if (code === keysym.backspace)
        lines[lines.length - 1] = Array.from(lines.at(-1) ?? '')
          .slice(0, -1)
          .join('');
      else if (code >= 0xffbe && code <= 0xffc9) write(`[F${code - 0xffbd}]`);
      else write(characterOf(code));
      redraw(drawLines, page, copied);
    },
    point(x, y, buttons) {
      const before = pointer;
      lift();
      pressed = buttons !== 0;
      pointer = {
        x: Math.max(0, Math.min(width - pointerSize, x)),
        y: Math.max(0, Math.min(height - pointerSize, y)),
        width: pointerSize,
        height: pointerSize,
      };
      lay();
      if (before) tell(before);
      tell(pointer);
    },
    paste(text) {
      redraw(() => (write(`[clipboard: ${text.slice(0, 200)}]`), drawLines()), page);
    },
    onChange(call) {
      listeners.add(call);
      return () => listeners.delete(call);
    },
  };
}

/** Keysyms of Latin letters are their code points; others are marked. */
function characterOf(code: number): string {
  if ((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)) return String.fromCodePoint(code);
  return code >= 0x0100_0100 && code <= 0x0110_ffff ? String.fromCodePoint(code - 0x0100_0000) : '';
}
