import { glyphOf, glyphSize } from './font.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of dots, each a colour as 0xRRGGBB. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint32Array;
  paint(area: Area, colour: number): void;
  text(text: string, at: { readonly x: number; readonly y: number; readonly scale?: number; readonly colour?: number }): void;
}

export function createPicture(width: number, height: number): Picture {
  const dots = new Uint32Array(width * height);
  const paint = (area: Area, colour: number) => {
    const right = Math.min(width, area.x + area.width);
    const bottom = Math.min(height, area.y + area.height);
    for (let y = Math.max(0, area.y); y < bottom; y += 1) dots.fill(colour, y * width + Math.max(0, area.x), y * width + right);
  };
  return {
    width,
    height,
    dots,
    paint,
    text(text, { x, y, scale = 1, colour = 0xffffff }) {
      for (const [index, character] of Array.from(text).entries()) {
        for (const [row, bits] of glyphOf(character).entries()) {
          for (let column = 0; column < glyphSize; column += 1) {
            if ((bits & (1 << column)) === 0) continue;
            paint({ x: x + (index * glyphSize + column) * scale, y: y + row * scale, width: scale, height: scale }, colour);
          }
        }
      }
    },
  };
}
