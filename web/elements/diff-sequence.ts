/** A stretch of two sequences: the same in both, only in the first, or only in the second. `a` and `b` are where it begins. */
export interface Stretch {
  readonly kind: 'same' | 'removed' | 'added';
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Beyond so many steps the two have little in common, and finding out what is not worth the wait. */
const MOST_STEPS = 2000;

/** How the second sequence came from the first, in as few removals and additions as can be (Myers). */
export function compareSequences<T>(first: readonly T[], second: readonly T[]): Stretch[] {
  let head = 0;
  while (head < first.length && head < second.length && first[head] === second[head]) head += 1;
  let tail = 0;
  while (tail < first.length - head && tail < second.length - head && first.at(-1 - tail) === second.at(-1 - tail)) tail += 1;
  const middle = compareMiddle(first.slice(head, first.length - tail), second.slice(head, second.length - tail));
  const found: Stretch[] = [
    { kind: 'same', a: 0, b: 0, length: head },
    ...middle.map((one): Stretch => ({ ...one, a: one.a + head, b: one.b + head })),
    { kind: 'same', a: first.length - tail, b: second.length - tail, length: tail },
  ];
  return found.filter(({ length }) => length > 0);
}

function compareMiddle<T>(first: readonly T[], second: readonly T[]): Stretch[] {
  const trace = first.length === 0 || second.length === 0 ? undefined : forwards(first, second);
  if (trace) return joined(backwards(trace, first.length, second.length));
  return [
    { kind: 'removed', a: 0, b: 0, length: first.length },
    { kind: 'added', a: first.length, b: 0, length: second.length },
  ];
}

type Reached = ReadonlyMap<number, number>;

/** For each number of steps, how far one gets on each diagonal; undefined when it takes too many. */
function forwards<T>(first: readonly T[], second: readonly T[]): Reached[] | undefined {
  const trace: Reached[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let steps = 0; steps <= Math.min(first.length + second.length, MOST_STEPS); steps += 1) {
    trace.push(new Map(reached));
    const next = new Map(reached);
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      let x = isDown(reached, diagonal, steps) ? (reached.get(diagonal + 1) ?? 0) : (reached.get(diagonal - 1) ?? 0) + 1;
      while (x < first.length && x - diagonal < second.length && first[x] === second[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= first.length && x - diagonal >= second.length) return trace;
    }
    reached = next;
  }
  return undefined;
}

function isDown(reached: Reached, diagonal: number, steps: number): boolean {
  return diagonal === -steps || (diagonal !== steps && (reached.get(diagonal - 1) ?? 0) < (reached.get(diagonal + 1) ?? 0));
}

/** The way found, from its end; one element a stretch. */
function backwards(trace: readonly Reached[], length: number, otherLength: number): Stretch[] {
  const way: Stretch[] = [];
  let [x, y] = [length, otherLength];
  for (let steps = trace.length - 1; steps >= 0; steps -= 1) {
    const reached = trace[steps] as Reached;
    const diagonal = x - y;
    const isAdded = isDown(reached, diagonal, steps);
    const fromX = reached.get(isAdded ? diagonal + 1 : diagonal - 1) ?? 0;
    const fromY = fromX - (isAdded ? diagonal + 1 : diagonal - 1);
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0)) {
      x -= 1;
      y -= 1;
      way.push({ kind: 'same', a: x, b: y, length: 1 });
    }
    if (steps === 0) break;
    way.push(isAdded ? { kind: 'added', a: x, b: fromY, length: 1 } : { kind: 'removed', a: fromX, b: y, length: 1 });
    [x, y] = [fromX, fromY];
  }
  return way.toReversed();
}

function joined(way: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const one of way) {
    const last = found.at(-1);
    if (last?.kind === one.kind) found[found.length - 1] = { ...last, length: last.length + one.length };
    else found.push(one);
  }
  return found;
}
