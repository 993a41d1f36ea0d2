import { css, html, nothing, type TemplateResult } from 'lit';
import { Problem } from '../../data/http.ts';
import { type Diagnostics, fetchDiagnostics } from '../../data/instance.ts';
import '../../elements/chart.ts';
import type { ChartSeries } from '../../elements/chart-series.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import '../../elements/state.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { formatBytes, formatDuration, formatPercent, formatTime } from '../../texts/format.ts';
import { SwDetailPart } from './part.ts';
import { figuresOf, type Point, troublesOf } from './samples.ts';
import { detailStyles } from './styles.ts';

const sampleMs = 3000;
/** Ten minutes of samples. */
const keptSamples = 200;
/** Charts begin with so wide an axis, and do not jump with each of the first samples. */
const shownMs = 2 * 60_000;

const perSecond = (bytes: number): string => `${formatBytes(bytes)}/s`;

/** What the hypervisor counts of an instance, sampled for as long as somebody looks. */
export class SwDetailMetrics extends SwDetailPart {
  static override properties = { ...SwDetailPart.properties, samples: { state: true }, failure: { state: true } };
  static override styles = [
    base,
    detailStyles,
    css`
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr));
        gap: var(--wa-space-m);
      }
      .chart {
        min-width: 0;
        padding: var(--wa-space-s);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-3xs) var(--wa-space-m);
        padding-block-end: var(--wa-space-s);
      }
    `,
  ];

  declare samples: readonly Diagnostics[];
  declare failure: unknown;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  readonly #seen = () => void this.#sample();

  constructor() {
    super();
    this.samples = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#seen);
    void this.updateComplete.then(() => this.#sample());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#seen);
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  override updated(changed: Map<string, unknown>): void {
    // It was stopped, and is started now: what stood in the way is over.
    if (changed.has('detail') && this.failure !== undefined) void this.#sample();
  }

  override render() {
    const newest = this.samples.at(-1);
    if (this.failure !== undefined) return this.#why(this.failure);
    if (!newest) return html`<sw-loading .lines=${8}></sw-loading>`;
    const figures = figuresOf(this.samples);
    const memory = newest.memory.maximumMiB === null ? undefined : newest.memory.maximumMiB * 1024 ** 2;
    const cpu = [...figures.cpu].map(([id, points]) => line(t.metrics.cpuOf(id), points));
    return html`
      <div class="facts quiet">
        ${newest.uptimeSeconds === null ? nothing : html`<span>${t.metrics.since(formatDuration(newest.uptimeSeconds))}</span>`}
        ${newest.hypervisor === null ? nothing : html`<span>${t.metrics.hypervisor}: ${newest.hypervisor}</span>`}
        ${troublesOf(newest) === 0 ? nothing : html`<span>${t.metrics.errors(troublesOf(newest))}</span>`}
        <span>${t.metrics.sampled(formatTime(newest.at))}</span>
      </div>
      <div class="charts">
        ${this.#chart(t.metrics.cpu, cpu, (value) => formatPercent(value / 100), 100)}
        ${this.#chart(t.metrics.memory, [line(t.metrics.used, figures.memory)], formatBytes, memory)}
        ${this.#chart(t.metrics.network, [line(t.metrics.received, figures.received), line(t.metrics.sent, figures.sent)], perSecond)}
        ${this.#chart(t.metrics.disk, [line(t.metrics.read, figures.read), line(t.metrics.written, figures.written)], perSecond)}
      </div>
    `;
  }

  #chart(label: string, series: readonly ChartSeries[], format: (value: number) => string, max?: number): TemplateResult {
    const first = Date.parse(this.samples[0]?.at ?? '');
    const last = Date.parse(this.samples.at(-1)?.at ?? '');
    const hasPoints = series.some(({ points }) => points.length > 0);
    return html`<div class="chart">
      ${
        hasPoints
          ? html`<sw-chart
              type="line"
              .label=${label}
              .series=${series}
              .format=${format}
              .max=${max}
              .from=${Math.min(first, last - shownMs)}
              .until=${last}
            ></sw-chart>`
          : html`<h3>${label}</h3><p class="quiet">${t.metrics.collecting}</p>`
      }
    </div>`;
  }

  #why(failure: unknown): TemplateResult {
    const title = failure instanceof Problem ? failure.title : '';
    const known = { NotRunning: t.metrics.notRunning, HiddenByCloud: t.metrics.hidden, UnsupportedByCloud: t.metrics.unsupported };
    const told = known[title as keyof typeof known] as (typeof known)['NotRunning'] | undefined;
    if (!told) return html`<sw-problem .problem=${failure} @retry=${() => this.#sample()}></sw-problem>`;
    return html`<sw-empty icon="activity" .heading=${told.title} .text=${told.text}></sw-empty>`;
  }

  async #sample(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    if (!this.isConnected || document.hidden) return;
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const sample = await fetchDiagnostics(this.cluster, this.id, asking.signal);
      this.samples = [...this.samples, sample].slice(-keptSamples);
      this.failure = undefined;
      this.#timer = setTimeout(() => void this.#sample(), sampleMs);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.failure = error;
    }
  }
}

function line(name: string, points: readonly Point[]): ChartSeries {
  return { name, points };
}

define('sw-detail-metrics', SwDetailMetrics);
