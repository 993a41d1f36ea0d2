import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { withQuery } from '../../../app/router.ts';
import { type Connection, type Health, type HealthPoint, healthOf } from '../../../data/connections.ts';
import '../../../elements/chart.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { loaded } from '../../../elements/loaded.ts';
import { addCloudTexts } from '../../../texts/add-cloud.ts';
import { clusterTexts } from '../../../texts/clusters.ts';
import { formatNumber, formatPercent, formatTime } from '../../../texts/format.ts';
import { ago, listTable, stateMark } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { availability, linesOfServices, type ServiceSum, servicesIn, sumsOf } from './service-health.ts';

const hourMs = 3_600_000;
const spans = { '1h': hourMs, '6h': 6 * hourMs, '24h': 24 * hourMs, '7d': 168 * hourMs, '30d': 720 * hourMs } as const;
type Span = keyof typeof spans;
const soonMs = 14 * 24 * hourMs;
const refreshMs = 60_000;

/** How a cloud answered over time, and what its Cluster says of it. */
export class SwClusterHealth extends SwElement {
  static override properties = { connection: { attribute: false }, span: { type: String } };
  static override styles = [
    base,
    adminStyles,
    css`
      .ranges {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-2xs);
      }
      .ranges a {
        padding: 0 var(--wa-space-xs);
        border: 1px solid transparent;
        border-radius: var(--wa-border-radius-s);
        color: var(--wa-color-text-quiet);
      }
      .ranges a[aria-current] {
        border-color: var(--wa-color-surface-border);
        background: var(--wa-color-surface-raised);
        color: var(--wa-color-text-normal);
        font-weight: 600;
      }
      td.message {
        min-width: 12rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare connection: Connection;
  declare span: string;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #health = new Task(this, {
    task: async ([name, span], { signal }) => {
      const since = Date.now() - spans[span];
      return { since, ...(await healthOf(name, new Date(since).toISOString(), signal)) };
    },
    args: () => [this.connection.name, this.#span()] as const,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void this.#health.run().catch(() => undefined), refreshMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    return html`<div class="stack">
      ${loaded(this.#health, (health) => this.#charts(health), 8)} ${this.#conditions()} ${this.#hidden()}
    </div>`;
  }

  #span(): Span {
    return Object.hasOwn(spans, this.span) ? (this.span as Span) : '6h';
  }

  #charts({ items, since }: Health & { since: number }): TemplateResult {
    const t = clusterTexts.health;
    const share = availability(items);
    const current = this.#span();
    const link = (span: Span) =>
      html`<a href=${withQuery({ span: span === '6h' ? undefined : span })} aria-current=${span === current ? 'true' : nothing}>${clusterTexts.ranges[span]}</a>`;
    return html`<div class="head">
        <span class="row">${share === undefined ? nothing : stateMark(share > 0.99 ? 'good' : 'warning', t.availability(formatPercent(share)), 'activity')}</span>
        <nav class="ranges" aria-label=${clusterTexts.range}>${(Object.keys(spans) as Span[]).map(link)}</nav>
      </div>
      ${ending(items.at(-1))}
      ${
        items.length === 0
          ? html`<sw-empty icon="activity" .heading=${t.none} .text=${t.noneText}></sw-empty>`
          : html`<div class="halves">
                <sw-chart
                  class="card"
                  type="line"
                  .label=${t.latency}
                  unit="ms"
                  .from=${since}
                  .until=${Date.now()}
                  .series=${linesOfServices(items, 'p95', nameOf)}
                ></sw-chart>
                <sw-chart
                  class="card"
                  type="bar"
                  .label=${t.errors}
                  .stacked=${true}
                  .from=${since}
                  .until=${Date.now()}
                  .series=${linesOfServices(items, 'errors', nameOf)}
                ></sw-chart>
              </div>
              ${servicesIn(items).length === 0 ? nothing : serviceTable(sumsOf(items))}`
      }`;
  }

  #conditions(): TemplateResult {
    const c = clusterTexts.conditionColumns;
    return html`<section class="card" aria-labelledby="conditions">
      <h2 id="conditions">${clusterTexts.conditions}</h2>
      ${listTable(
        clusterTexts.conditions,
        [c.type, c.status, c.message, c.since],
        this.connection.conditions.map(
          ({ type, status, reason, message, lastTransitionTime }) => html`<tr>
                <th scope="row">${type}</th>
                <td data-label=${c.status}>${stateMark(toneOf(type, status), status)}</td>
                <td data-label=${c.message} class="message"><div><span class="quiet">${reason}</span> ${message}</div></td>
                <td data-label=${c.since}>${ago(lastTransitionTime, '–')}</td>
              </tr>`,
        ),
      )}
    </section>`;
  }

  #hidden(): TemplateResult | typeof nothing {
    const errors = Object.entries(this.connection.seen?.errors ?? {});
    if (errors.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="hidden">
      <h2 id="hidden">${clusterTexts.typesFailed}</h2>
      <dl>
        ${errors.map(
          ([type, error]) => html`<dt class="mono">${type}</dt>
            <dd>${error}</dd>`,
        )}
      </dl>
    </section>`;
  }
}

/** Good news is True of all conditions but these. */
const badNews = new Set(['Stalled', 'Reconciling', 'Drifted']);

function toneOf(type: string, status: string) {
  const isBad = badNews.has(type);
  if (status === 'Unknown') return 'quiet';
  if ((status === 'True') !== isBad) return 'good';
  return type === 'Reconciling' ? 'warning' : 'bad';
}

function ending(newest: HealthPoint | undefined): TemplateResult | typeof nothing {
  const end = newest?.credentialExpiresAt;
  if (end === undefined) return nothing;
  const t = clusterTexts.health;
  const isSoon = Date.parse(end) - Date.now() < soonMs;
  const text = `${t.credential}: ${formatTime(end)}`;
  return isSoon
    ? html`<wa-callout variant="warning"><strong>${text}</strong><br />${t.credentialSoon}</wa-callout>`
    : html`<p class="quiet">${text}</p>`;
}

function serviceTable(sums: readonly ServiceSum[]): TemplateResult {
  const t = clusterTexts.health;
  const ms = (value: number | undefined) => (value === undefined ? '–' : addCloudTexts.ms(formatNumber(Math.round(value * 10) / 10)));
  return listTable(
    t.service,
    [
      t.service,
      { text: t.calls, isNumber: true },
      { text: t.failed, isNumber: true },
      { text: t.typical, isNumber: true },
      { text: t.slow, isNumber: true },
    ],
    sums.map(
      ({ service, calls, errors, p50, p95 }) => html`<tr>
            <th scope="row">${nameOf(service)}</th>
            <td class="number">${formatNumber(calls)}</td>
            <td class="number">${errors === 0 ? '0' : html`${stateMark('warning', formatNumber(errors))}`}</td>
            <td class="number">${ms(p50)}</td>
            <td class="number">${ms(p95)}</td>
          </tr>`,
    ),
    { isCards: false },
  );
}

function nameOf(service: string): string {
  const names: Readonly<Record<string, string>> = addCloudTexts.services;
  return names[service] ?? service;
}

define('sw-cluster-health', SwClusterHealth);
