import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  DoughnutController,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ScaleOptionsByType,
  Tooltip,
} from 'chart.js';
import type { ChartPoint, ChartSeries, Look } from './chart-series.ts';
import { lookOf, looksOf } from './chart-series.ts';
import { tickText, timeTicks } from './chart-time.ts';

Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  DoughnutController,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

export type ChartType = 'line' | 'bar' | 'doughnut';

/** All that a drawing is made of. */
export interface ChartSpec {
  readonly type: ChartType;
  readonly series: readonly ChartSeries[];
  readonly isStacked: boolean;
  readonly isTime: boolean;
  /** Ends of the axis of time, epoch ms. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly max: number | undefined;
  readonly language: string;
  readonly zone: string | undefined;
  value(value: number): string;
  time(at: number): string;
  open(series: ChartSeries, point: ChartPoint): void;
}

export interface Drawing {
  /** Draws anew, with the colours of the theme as they are now. */
  update(spec: ChartSpec): void;
  destroy(): void;
}

type Colour = (token: string, alpha?: number) => string;
type Config = ChartConfiguration<ChartType, unknown[], string>;

/** Draws a chart onto a canvas that is in the page. */
export function draw(canvas: HTMLCanvasElement, first: ChartSpec): Drawing {
  let spec = first;
  const chart: Chart<ChartType, unknown[], string> = new Chart(
    canvas,
    configOf(() => spec, canvas),
  );
  return {
    update(next) {
      spec = next;
      const { data, options } = configOf(() => spec, canvas);
      chart.data = data;
      chart.options = options ?? {};
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
}

function configOf(spec: () => ChartSpec, canvas: HTMLCanvasElement): Config {
  const { type, series, isTime } = spec();
  const colour = coloursOf(canvas);
  const font = { family: getComputedStyle(canvas).fontFamily, size: 11 };
  const isRound = type === 'doughnut';
  return {
    type,
    data: {
      ...(!isTime && { labels: (series[0]?.points ?? []).map(({ x }) => String(x)) }),
      datasets: datasetsOf(spec(), colour) as ChartDataset<ChartType, unknown[]>[],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      // Figures that change while one reads them are hard enough to read.
      animation: false,
      interaction: { mode: isRound ? 'nearest' : 'index', intersect: isRound, axis: 'x' },
      layout: { padding: isRound ? 2 : { top: 6, right: 8 } },
      ...(isRound ? { cutout: '68%' } : { scales: scalesOf(spec(), colour, font) }),
      plugins: { tooltip: tooltipOf(spec, colour, font) },
      onClick: (event, _elements, chart) => {
        // Not all that lies at this time, but what was pointed at.
        const [hit] = event.native
          ? chart.getElementsAtEventForMode(event.native, 'nearest', { intersect: isRound, axis: 'xy' }, true)
          : [];
        const found = hit && spec().series[hit.datasetIndex];
        const point = found?.points[hit?.index ?? 0];
        if (found && point) spec().open(found, point);
      },
      onHover: (_event, elements) => {
        const [hit] = elements;
        const href = hit && spec().series[hit.datasetIndex]?.points[hit.index]?.href;
        canvas.classList.toggle('leads', href !== undefined);
      },
    },
  } as Config;
}

function datasetsOf(spec: ChartSpec, colour: Colour): object[] {
  const looks = looksOf(spec.series);
  return spec.series.map((series, index) => {
    const look = looks[index] as Look;
    if (spec.type === 'line') return lineOf(series, look, spec, colour);
    const fills = series.points.map((point, at) =>
      colour(point.tone || spec.type === 'doughnut' ? lookOf(at, point.tone).token : look.token),
    );
    const values = series.points.map(({ y }) => y);
    if (spec.type === 'bar') return { label: series.name, data: values, backgroundColor: fills, maxBarThickness: 28, borderRadius: 2 };
    return {
      label: series.name,
      data: values,
      backgroundColor: fills,
      borderColor: colour('--wa-color-surface-default'),
      borderWidth: 1.5,
    };
  });
}

function lineOf(series: ChartSeries, { token, dash }: Look, { isStacked, isTime }: ChartSpec, colour: Colour): object {
  const { points, name, isQuiet } = series;
  const isAlone = (at: number) => isGap(points[at - 1]) && isGap(points[at + 1]);
  return {
    label: name,
    data: points.map(({ x, y }) => (isTime ? { x, y } : y)),
    borderColor: colour(token),
    backgroundColor: colour(token, isStacked ? 0.3 : 0.12),
    borderWidth: isQuiet ? 1 : 1.75,
    borderDash: dash,
    fill: isStacked ? 'stack' : false,
    // A value between two gaps would be no line at all.
    pointRadius: points.map((_, at) => (isAlone(at) ? 2 : 0)),
    pointHoverRadius: isQuiet ? 0 : 3.5,
    pointHitRadius: 6,
    pointBackgroundColor: colour(token),
  };
}

const isGap = (point: ChartPoint | undefined) => (point?.y ?? undefined) === undefined;

function scalesOf(spec: ChartSpec, colour: Colour, font: object) {
  const { isStacked, isTime, from, until, max, language, zone } = spec;
  const grid = { color: colour('--wa-color-surface-border', 0.6), drawTicks: false };
  const ticks = { color: colour('--wa-color-text-quiet'), font, padding: 6 };
  const border = { display: false };
  type Linear = ScaleOptionsByType<'linear'>;
  const time = {
    type: 'linear',
    ...(from !== undefined && { min: from }),
    ...(until !== undefined && { max: until }),
    grid: { display: false },
    border,
    afterBuildTicks: ((axis) => {
      const places = timeTicks(axis.min, axis.max, Math.max(2, Math.floor(axis.width / 58)), zone);
      axis.ticks = places.map((value) => ({ value }));
    }) satisfies Linear['afterBuildTicks'],
    ticks: {
      ...ticks,
      autoSkip: false,
      maxRotation: 0,
      callback(value: number | string, index: number, all: readonly { value: number }[]) {
        const step = (all[1]?.value ?? Infinity) - (all[0]?.value ?? 0);
        return tickText(Number(value), Number.isFinite(step) ? step : 0, language, zone);
      },
    },
  };
  return {
    x: isTime ? time : { type: 'category', stacked: isStacked, grid: { display: false }, border, ticks },
    y: {
      type: 'linear',
      beginAtZero: true,
      stacked: isStacked,
      suggestedMax: max ?? 1,
      grid,
      border,
      ticks: { ...ticks, maxTicksLimit: 5, callback: (value: number | string) => spec.value(Number(value)) },
    },
  };
}

function tooltipOf(spec: () => ChartSpec, colour: Colour, font: object) {
  return {
    backgroundColor: colour('--wa-color-surface-raised'),
    borderColor: colour('--wa-color-surface-border'),
    borderWidth: 1,
    titleColor: colour('--wa-color-text-normal'),
    bodyColor: colour('--wa-color-text-normal'),
    titleFont: font,
    bodyFont: font,
    padding: 8,
    boxWidth: 8,
    boxHeight: 8,
    boxPadding: 4,
    filter: ({ datasetIndex }: { datasetIndex: number }) => !spec().series[datasetIndex]?.isQuiet,
    callbacks: {
      title: ([item]: readonly { parsed: { x: number }; label: string }[]) =>
        !item || spec().type === 'doughnut' ? '' : spec().isTime ? spec().time(item.parsed.x) : item.label,
      label: ({ datasetIndex, dataIndex, label }: { datasetIndex: number; dataIndex: number; label: string }) => {
        const series = spec().series[datasetIndex];
        const value = series?.points[dataIndex]?.y ?? undefined;
        const name = spec().type === 'doughnut' ? label : series?.name;
        return value === undefined ? '' : `${name}: ${spec().value(value)}`;
      },
    },
  };
}

/** Tokens of the theme as a canvas and the chart library read them: some are mixed by the browser, and known to nobody else. */
function coloursOf(canvas: HTMLElement): Colour {
  const style = getComputedStyle(canvas);
  const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const known = new Map<string, readonly number[]>();
  return (token, alpha = 1) => {
    const rgb = known.get(token) ?? read(style.getPropertyValue(token));
    known.set(token, rgb);
    return `rgba(${rgb.join(', ')}, ${alpha})`;
  };
  function read(colour: string): readonly number[] {
    if (!pixel) return [128, 128, 128];
    pixel.fillStyle = 'gray';
    pixel.fillStyle = colour.trim();
    pixel.fillRect(0, 0, 1, 1);
    return [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3);
  }
}
