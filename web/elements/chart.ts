import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { chartTexts as t } from '../texts/chart.ts';
import { formatList, formatNumber, formatPercent, formatTime, timeZone } from '../texts/format.ts';
import { languageTag } from '../texts/language.ts';
import type { ChartSpec, ChartType, Drawing } from './chart-drawing.ts';
import { type ChartPoint, type ChartSeries, isEmpty, lookOf, looksOf, newestOf, rowsOf } from './chart-series.ts';
import { chartStyles } from './chart-styles.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

/**
 * A chart with its legend, which can be read as a table too. Points with numbers for x lie on an axis of time. What has an `href` leads there;
 * `sw-open` {series, point} is sent before, and can be prevented. The library that draws comes when the first chart is shown.
 */
export class SwChart extends SwElement {
  static override properties = {
    type: { type: String },
    label: { type: String },
    series: { attribute: false },
    unit: { type: String },
    format: { attribute: false },
    stacked: { type: Boolean },
    from: { attribute: false },
    until: { attribute: false },
    max: { attribute: false },
    isTable: { state: true },
  };
  static override styles = [base, chartStyles];

  declare type: ChartType;
  declare label: string;
  declare series: readonly ChartSeries[];
  /** Stands behind each value: ms, GiB. */
  declare unit: string;
  /** How a value is written, instead of a number and `unit`. */
  declare format: ((value: number) => string) | undefined;
  declare stacked: boolean;
  /** Ends of the axis of time, epoch ms: of what was asked for, not of what is there. */
  declare from: number | undefined;
  declare until: number | undefined;
  /** The axis of values reaches at least up to it. */
  declare max: number | undefined;
  declare isTable: boolean;

  #drawing: Drawing | undefined;
  #drawn: HTMLCanvasElement | undefined;
  readonly #theme = new MutationObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.type = 'line';
    this.label = '';
    this.series = [];
    this.unit = '';
    this.stacked = false;
    this.isTable = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#theme.observe(document.documentElement, { attributeFilter: ['class'] });
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#theme.disconnect();
    this.#end();
  }

  override render(): TemplateResult {
    const isNothing = isEmpty(this.series);
    return html`
      <figure>
        <figcaption>
          <span class="label">${this.label}</span>
          ${isNothing ? nothing : this.#switch()}
        </figcaption>
        ${isNothing ? html`<p class="nothing quiet">${t.nothing}</p>` : this.isTable ? this.#table() : this.#picture()}
      </figure>
    `;
  }

  override updated(_changed: PropertyValues): void {
    void this.#draw();
  }

  #switch(): TemplateResult {
    const text = this.isTable ? t.asChart : t.asTable;
    return html`<button class="switch" aria-label=${`${text}: ${this.label}`} title=${text} @click=${() => (this.isTable = !this.isTable)}>
      <sw-icon name=${this.isTable ? 'chart-line' : 'table'}></sw-icon>
    </button>`;
  }

  #picture(): TemplateResult {
    const names = this.type === 'doughnut' ? (this.series[0]?.points.map(({ x }) => String(x)) ?? []) : this.series.map(({ name }) => name);
    const picture = html`<div class="plot">
      <canvas role="img" aria-label=${t.picture(this.label, formatList(names.slice(0, 8)))}></canvas>
      ${this.type === 'doughnut' ? html`<span class="sum" aria-hidden="true">${this.#value(sumOf(this.series))}</span>` : nothing}
    </div>`;
    return html`<div class="body ${this.type}">${picture}${this.#legend()}</div>`;
  }

  #legend(): TemplateResult | typeof nothing {
    if (this.type === 'doughnut') return this.#segments();
    const looks = looksOf(this.series);
    const shown = this.series.flatMap((series, index) => (series.isQuiet ? [] : [{ series, look: looks[index] }]));
    const quiet = this.series.length - shown.length;
    if (this.type === 'bar' && this.series.length < 2) return nothing;
    return html`<ul class="legend">
      ${shown.map(({ series, look }) => {
        const newest = this.type === 'line' ? newestOf(series) : undefined;
        const text = html`${swatch(look?.token ?? '', look?.dash ?? [])}${series.name}`;
        return html`<li>
          ${series.href ? html`<a href=${series.href}>${text}</a>` : html`<span>${text}</span>`}
          ${newest === undefined ? nothing : html`<span class="quiet">${this.#value(newest)}</span>`}
        </li>`;
      })}
      ${quiet > 0 ? html`<li class="quiet">${swatch('--wa-color-neutral-border-normal', [])}${t.others(quiet)}</li>` : nothing}
    </ul>`;
  }

  #segments(): TemplateResult {
    const points = this.series[0]?.points ?? [];
    return html`<ul class="legend segments">
      ${points.map((point, index) => {
        const text = html`${swatch(lookOf(index, point.tone).token)}${point.x}`;
        return html`<li>
          ${point.href ? html`<a href=${point.href}>${text}</a>` : html`<span>${text}</span>`}
          <span class="number">${this.#value(point.y ?? 0)}</span>
        </li>`;
      })}
    </ul>`;
  }

  #table(): TemplateResult {
    const isTime = this.#isTime();
    const sum = sumOf(this.series);
    const isShare = this.type === 'doughnut';
    return html`<div class="table" tabindex="0" role="region" aria-label=${this.label}>
      <table>
        <thead>
          <tr>
            <th scope="col">${isTime ? t.time : t.name}</th>
            ${isShare ? html`<th scope="col">${t.value}</th><th scope="col">${t.share}</th>` : this.series.map(({ name }) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rowsOf(this.series).map(
            ({ x, points }) => html`<tr>
              <th scope="row">${typeof x === 'number' ? formatTime(x, { withSeconds: false }) : x}</th>
              ${points.map((point) => html`<td>${this.#cell(point)}</td>`)}
              ${isShare ? html`<td>${formatPercent(sum === 0 ? 0 : (points[0]?.y ?? 0) / sum)}</td>` : nothing}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #cell(point: ChartPoint | undefined): TemplateResult | string {
    const value = point?.y ?? undefined;
    if (value === undefined) return '–';
    const text = this.#value(value);
    return point?.href ? html`<a href=${point.href}>${text}</a>` : text;
  }

  #value(value: number): string {
    return this.format?.(value) ?? (this.unit === '' ? formatNumber(value) : `${formatNumber(value)} ${this.unit}`);
  }

  #isTime(): boolean {
    return this.type !== 'doughnut' && this.series.every(({ points }) => points.every(({ x }) => typeof x === 'number'));
  }

  async #draw(): Promise<void> {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return this.#end();
    const { draw } = await import('./chart-drawing.ts');
    if (!this.isConnected || !canvas.isConnected) return undefined;
    if (this.#drawn !== canvas) this.#end();
    this.#drawn = canvas;
    if (this.#drawing) this.#drawing.update(this.#spec());
    else this.#drawing = draw(canvas, this.#spec());
    return undefined;
  }

  #end(): void {
    this.#drawing?.destroy();
    this.#drawing = undefined;
    this.#drawn = undefined;
  }

  #spec(): ChartSpec {
    const { type, series, from, until, max } = this;
    return {
      type,
      series,
      isStacked: this.stacked,
      isTime: this.#isTime(),
      from,
      until,
      max,
      language: languageTag(),
      zone: timeZone.value,
      value: (value) => this.#value(value),
      time: (at) => formatTime(at, { withSeconds: false }),
      open: (one, point) => this.#open(one, point),
    };
  }

  /** A link that is clicked is followed as all others are. */
  #open(series: ChartSeries, point: ChartPoint): void {
    if (!this.send('sw-open', { series, point }) || !point.href) return;
    const link = document.createElement('a');
    link.href = point.href;
    link.hidden = true;
    this.renderRoot.append(link);
    link.click();
    link.remove();
  }
}

function swatch(token: string, dash?: readonly number[]): TemplateResult {
  return dash
    ? html`<svg class="swatch" viewBox="0 0 18 8" aria-hidden="true"><line x1="0" y1="4" x2="18" y2="4" stroke=${`var(${token})`} stroke-width="2.5" stroke-dasharray=${dash.join(' ') || nothing}></line></svg>`
    : html`<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" fill=${`var(${token})`}></rect></svg>`;
}

function sumOf(series: readonly ChartSeries[]): number {
  return (series[0]?.points ?? []).reduce((sum, { y }) => sum + (y ?? 0), 0);
}

define('sw-chart', SwChart);
