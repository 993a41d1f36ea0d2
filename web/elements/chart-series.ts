/** A colour by what it means; without one a series takes the next of the palette. */
export type ChartTone = 'brand' | 'success' | 'warning' | 'danger' | 'neutral';

export interface ChartPoint {
  /** Epoch ms on an axis of time, else the name of a category. */
  readonly x: number | string;
  /** Null: nothing is known; a line has a gap there. */
  readonly y: number | null;
  /** Where a click on it leads. */
  readonly href?: string;
  /** Of a bar or segment by itself. */
  readonly tone?: ChartTone;
}

export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
  readonly tone?: ChartTone;
  /** Where its name in the legend leads. */
  readonly href?: string;
  /** Drawn thin and grey, and only counted in the legend: the many beside the few that matter. */
  readonly isQuiet?: boolean;
}

/** A colour as it stands in the theme, and how a line of it is dashed: what looks alike to somebody is told apart by the other. */
export interface Look {
  readonly token: string;
  readonly dash: readonly number[];
}

const tones: Readonly<Record<ChartTone, string>> = {
  brand: '--wa-color-brand-fill-loud',
  success: '--wa-color-success-fill-loud',
  warning: '--wa-color-warning-fill-loud',
  danger: '--wa-color-danger-fill-loud',
  neutral: '--wa-color-neutral-border-loud',
};
const palette = ['blue', 'orange', 'green', 'purple', 'cyan', 'pink'].map((hue) => `--wa-color-${hue}-60`);
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/** The look of the nth series or segment. */
export function lookOf(index: number, tone?: ChartTone): Look {
  const dash = dashes[Math.floor(index / palette.length) % dashes.length] ?? [];
  return { token: tone ? tones[tone] : (palette[index % palette.length] ?? tones.neutral), dash };
}

/** What a chart draws with the look of each series; quiet ones share one. */
export function looksOf(series: readonly ChartSeries[]): readonly Look[] {
  let shown = -1;
  return series.map(({ isQuiet, tone }) => {
    if (isQuiet) return { token: '--wa-color-neutral-border-normal', dash: [] };
    shown += 1;
    return lookOf(shown, tone);
  });
}

/** Rows of a table that says the same as the chart: one for each x, with the value of each series. */
export function rowsOf(series: readonly ChartSeries[]): { x: number | string; points: (ChartPoint | undefined)[] }[] {
  const byX = series.map(({ points }) => new Map(points.map((point) => [point.x, point])));
  const all = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))];
  const inOrder = all.every((x) => typeof x === 'number') ? all.toSorted((a, b) => b - a) : all;
  return inOrder.map((x) => ({ x, points: byX.map((points) => points.get(x)) }));
}

/** The newest value of a series, if any is known. */
export function newestOf({ points }: ChartSeries): number | undefined {
  return points.findLast(({ y }) => y !== null)?.y ?? undefined;
}

export function isEmpty(series: readonly ChartSeries[]): boolean {
  return series.every(({ points }) => points.every(({ y }) => y === null));
}

/** The few series with the greatest values, in their order; the others quiet, and drawn first, so that they lie below. */
export function withFewLoud(series: readonly ChartSeries[], most: number): ChartSeries[] {
  if (series.length <= most) return [...series];
  const peak = ({ points }: ChartSeries) => Math.max(...points.map(({ y }) => y ?? -Infinity));
  const loud = new Set(series.toSorted((a, b) => peak(b) - peak(a)).slice(0, most));
  const quiet = series.filter((one) => !loud.has(one)).map((one): ChartSeries => ({ ...one, isQuiet: true }));
  return [...quiet, ...series.filter((one) => loud.has(one))];
}
