/**
 * QR codes (ISO/IEC 18004) for short texts: bytes, error correction M, versions 1 to 10, which hold 213 bytes. Drawn here because what they
 * hold is secret: it must not be sent to whoever draws them, and pages take no script from elsewhere.
 */

/** Of each version: how many bytes of error correction a block has, and how many bytes of data each block. */
const blocks: readonly (readonly [correction: number, sizes: readonly number[]])[] = [
  [10, [16]],
  [16, [28]],
  [26, [44]],
  [18, [32, 32]],
  [24, [43, 43]],
  [16, [27, 27, 27, 27]],
  [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]],
  [22, [36, 36, 36, 37, 37]],
  [26, [43, 43, 43, 43, 44]],
];
/** Middles of the small squares, in both directions. */
const alignments: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
];

type Grid = boolean[][];

/** Pure: the rows of the code of a text, true is dark. Throws RangeError for a text that is too long. */
export function qrCode(text: string): readonly (readonly boolean[])[] {
  const bytes = new TextEncoder().encode(text);
  const version = blocks.findIndex((_, index) => bytes.length <= roomIn(index + 1)) + 1;
  if (version === 0) throw new RangeError(`a QR code of this kind holds ${roomIn(blocks.length)} bytes, not ${bytes.length}`);
  const words = interleaved(dataOf(bytes, version), version);
  const candidates = masks.map((_, mask) => drawn(words, version, mask));
  return candidates.reduce((best, one) => (penaltyOf(one) < penaltyOf(best) ? one : best));
}

/** Pure: the dark fields as a path in a square of the code's size. */
export function qrPath(rows: readonly (readonly boolean[])[]): string {
  return rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
}

const sizesOf = (version: number) => blocks[version - 1]?.[1] ?? [];
const roomOf = (version: number) => sizesOf(version).reduce((sum, one) => sum + one, 0);
const countBits = (version: number) => (version < 10 ? 8 : 16);

function roomIn(version: number): number {
  return Math.floor((roomOf(version) * 8 - 4 - countBits(version)) / 8);
}

/** The text with its mode and length before it, filled up to the size of the version. */
function dataOf(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const put = (value: number, size: number) => {
    for (let bit = size - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, countBits(version));
  for (const byte of bytes) put(byte, 8);
  const room = roomOf(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let filler = 0; bits.length < room; filler += 1) put(filler % 2 === 0 ? 0xec : 0x11, 8);
  return Array.from({ length: bits.length / 8 }, (_, at) => bits.slice(at * 8, at * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0));
}

/** Blocks, a byte of each in turn, data before correction. */
function interleaved(data: readonly number[], version: number): number[] {
  const [correction] = blocks[version - 1] ?? [0];
  let from = 0;
  const parts = sizesOf(version).map((size) => {
    const own = data.slice(from, from + size);
    from += size;
    return { own, check: remainder(own, generator(correction)) };
  });
  const longest = Math.max(...parts.map(({ own }) => own.length));
  const inTurn = (length: number, of: (part: (typeof parts)[number]) => readonly number[]) =>
    Array.from({ length }, (_, at) => parts.flatMap((part) => of(part).slice(at, at + 1))).flat();
  return [...inTurn(longest, ({ own }) => own), ...inTurn(correction, ({ check }) => check)];
}

/** Powers of 2 in the field of 256 elements that the standard names. */
const powers = Array.from({ length: 255 }, () => 1);
for (let at = 1; at < 255; at += 1) {
  const doubled = (powers[at - 1] as number) * 2;
  powers[at] = doubled > 255 ? doubled ^ 0x11d : doubled;
}
const logarithms = new Map(powers.map((power, at) => [power, at]));

function times(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return powers[((logarithms.get(a) as number) + (logarithms.get(b) as number)) % 255] as number;
}

/** Coefficients behind the first, which is 1. */
function generator(degree: number): number[] {
  let product = [1];
  for (let at = 0; at < degree; at += 1) {
    const shifted = [...product, 0];
    product = shifted.map((one, index) => one ^ times(product[index - 1] ?? 0, powers[at] as number));
  }
  return product.slice(1);
}

function remainder(data: readonly number[], divisor: readonly number[]): number[] {
  let rest: number[] = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (rest[0] as number);
    rest = [...rest.slice(1), 0].map((one, at) => one ^ times(divisor[at] as number, factor));
  }
  return rest;
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function drawn(words: readonly number[], version: number, mask: number): Grid {
  const size = 17 + 4 * version;
  const grid: (boolean | undefined)[][] = Array.from({ length: size }, () => Array.from({ length: size }));
  const set = (x: number, y: number, isDark: boolean) => {
    if (grid[y] && x >= 0 && x < size) grid[y][x] = isDark;
  };
  drawFixed(set, version, size);
  drawFormat(set, mask, size);
  const isFlipped = masks[mask] as (x: number, y: number) => boolean;
  let bit = 0;
  for (const [x, y] of wayThrough(size)) {
    if (grid[y]?.[x] !== undefined) continue;
    const isSet = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
    set(x, y, isSet !== isFlipped(x, y));
    bit += 1;
  }
  return grid as Grid;
}

type SetField = (x: number, y: number, isDark: boolean) => void;

/** What is the same in every code of a version; the places of the format are taken already. */
function drawFixed(set: SetField, version: number, size: number): void {
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [left, top] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(set, left, top, 4, (ring) => ring !== 2 && ring !== 4);
  const middles = alignments[version - 1] ?? [];
  const last = middles.length - 1;
  for (const [row, y] of middles.entries())
    for (const [column, x] of middles.entries()) {
      const isCorner = (row === 0 && (column === 0 || column === last)) || (row === last && column === 0);
      if (!isCorner) square(set, x, y, 2, (ring) => ring !== 1);
    }
  if (version < 7) return;
  const bits = (version << 12) | divided(version, 12, 0x1f25);
  for (let at = 0; at < 18; at += 1) {
    const isDark = ((bits >> at) & 1) === 1;
    set(size - 11 + (at % 3), Math.floor(at / 3), isDark);
    set(Math.floor(at / 3), size - 11 + (at % 3), isDark);
  }
}

/** Rings around a middle. */
function square(set: SetField, x: number, y: number, reach: number, isDark: (ring: number) => boolean): void {
  for (let down = -reach; down <= reach; down += 1)
    for (let right = -reach; right <= reach; right += 1) set(x + right, y + down, isDark(Math.max(Math.abs(right), Math.abs(down))));
}

/** Error correction M (00) and the mask, twice. */
function drawFormat(set: SetField, mask: number, size: number): void {
  const bits = ((mask << 10) | divided(mask, 10, 0x537)) ^ 0x5412;
  const isDark = (at: number) => ((bits >> at) & 1) === 1;
  for (let at = 0; at < 15; at += 1) {
    const near = at < 6 ? at : at < 8 ? at + 1 : at === 8 ? 7 : 14 - at;
    if (at < 8) set(8, near, isDark(at));
    else set(near, 8, isDark(at));
    if (at < 8) set(size - 1 - at, 8, isDark(at));
    else set(8, size - 15 + at, isDark(at));
  }
  set(8, size - 8, true);
}

/** The rest of a division of polynomials over two elements. */
function divided(value: number, degree: number, divisor: number): number {
  let rest = value;
  for (let step = 0; step < degree; step += 1) rest = (rest << 1) ^ ((rest >> (degree - 1)) & 1 ? divisor : 0);
  return rest;
}

/** From the lower right corner, two columns at a time, up and down, around the upright line of fixed fields. */
function* wayThrough(size: number): Iterable<readonly [number, number]> {
  let isUp = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = isUp ? size - 1 - step : step;
      yield [right, y];
      yield [right - 1, y];
    }
    isUp = !isUp;
  }
}

/** What makes a code hard to read: long runs, blocks of one colour, much more dark than light. */
function penaltyOf(grid: Grid): number {
  const size = grid.length;
  const at = (x: number, y: number) => grid[y]?.[x];
  let penalty = 0;
  let dark = 0;
  for (let y = 0; y < size; y += 1) {
    penalty += runsIn((x) => at(x, y), size) + runsIn((x) => at(y, x), size);
    for (let x = 0; x < size; x += 1) {
      if (at(x, y)) dark += 1;
      if (x > 0 && y > 0 && [at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)].every((one) => one === at(x, y))) penalty += 3;
    }
  }
  return penalty + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
}

function runsIn(of: (index: number) => boolean | undefined, size: number): number {
  let penalty = 0;
  let run = 1;
  for (let index = 1; index <= size; index += 1) {
    if (index < size && of(index) === of(index - 1)) run += 1;
    else {
      if (run >= 5) penalty += run - 2;
      run = 1;
    }
  }
  return penalty;
}
