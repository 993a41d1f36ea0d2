import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { segments } from '../../elements/shared-styles.ts';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { withQuery } from '../../app/router.ts';
import { isInScope, scope } from '../../app/scope.ts';
import { cloudStates } from '../../data/cloud-states.ts';
import { driftOverTime, healthOverTime, instancesByState, stalledObjects } from '../../data/overview.ts';
import { may, session } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { withFewLoud } from '../../elements/chart-series.ts';
import '../../elements/chart.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { again, keepFresh, loaded } from '../../elements/loaded.ts';
import { SwPage } from '../../elements/page.ts';
import { overviewTexts as t } from '../../texts/overview.ts';
import './capacity.ts';
import { driftLines, errorRate, healthLines, type RangeName, rangeNamed, ranges, stateSegments } from './figures.ts';
import './last-operations.ts';
import { overviewStyles } from './styles.ts';
import { cloudsTile, driftTile, stalledCard } from './tiles.ts';

/** So many lines can be told apart; the others are drawn quietly. */
const loudLines = 6;

/** How all clouds are, at a glance: each figure leads to what it counts. */
export class SwOverview extends SwPage {
  static override properties = { ...SwPage.properties, showsAllStalled: { state: true } };
  static override styles = [base, segments, overviewStyles];

  declare showsAllStalled: boolean;

  readonly #health = new Task(this, {
    args: () => [rangeNamed(this.query.get('range')), may('cluster.read')] as const,
    task: ([range, isAllowed], { signal }) => (isAllowed ? healthOverTime(spanOf(range), signal) : undefined),
  });
  readonly #drift = new Task(this, {
    args: () => [rangeNamed(this.query.get('range')), may('cluster.read')] as const,
    task: ([range, isAllowed], { signal }) => (isAllowed ? driftOverTime(spanOf(range), signal) : undefined),
  });
  readonly #states = new Task(this, {
    args: () => [scope.value.join(), may('instance.read')] as const,
    task: ([, isAllowed], { signal }) => (isAllowed ? instancesByState(scope.value, signal) : undefined),
  });
  readonly #stalled = new Task(this, { args: () => [], task: (_, { signal }) => stalledObjects(signal) });

  constructor() {
    super();
    this.showsAllStalled = false;
    follow(this, cloudStates, scope, session);
    const types = () => ['object', 'operation', ...(may('cluster.read') ? ['cluster'] : [])];
    // Rows of all instances are not watched: a stream of all changes costs more than counting them now and then.
    const now = () => {
      for (const task of [this.#states, this.#stalled, this.#drift]) void again(task);
    };
    keepFresh(this, { types, everyMs: 10_000, soonMs: 1500, read: now });
    keepFresh(this, { types: () => [], everyMs: 60_000, read: () => void again(this.#health) });
  }

  override render(): TemplateResult {
    return html`
      <sw-page-header .heading=${t.title}>${this.#range()}</sw-page-header>
      ${this.#notice()}
      <div class="tiles">
        ${may('cluster.read') ? cloudsTile((cloudStates.value ?? []).filter(({ name }) => isInScope(name))) : nothing} ${this.#instances()}
        ${may('cluster.read') ? html`<section class="card">${loaded(this.#drift, (drift) => driftTile(drift, isInScope), 3)}</section>` : nothing}
        ${may('catalog.read') ? html`<sw-capacity class="card"></sw-capacity>` : nothing}
      </div>
      ${may('cluster.read') ? this.#charts() : nothing}
      <div class="halves">
        <sw-last-operations class="card"></sw-last-operations>
        <section class="card" id="stalled" aria-label=${t.stalled.title}>
          ${loaded(this.#stalled, ({ items }) =>
            stalledCard(
              items.filter(({ cluster }) => isInScope(cluster)),
              { isWhole: this.showsAllStalled, showAll: () => (this.showsAllStalled = true) },
            ),
          )}
        </section>
      </div>
    `;
  }

  #range(): TemplateResult {
    const current = rangeNamed(this.query.get('range'));
    const names = Object.keys(ranges) as RangeName[];
    return html`<nav slot="actions" class="segments" aria-label=${t.range}>
      ${names.map(
        (name) =>
          html`<a href=${withQuery({ range: name === '24h' ? undefined : name })} aria-current=${name === current ? 'true' : nothing}>${t.ranges[name]}</a>`,
      )}
    </nav>`;
  }

  /** What is missing from the whole, and what to do about it. */
  #notice(): TemplateResult | typeof nothing {
    if (cloudStates.value?.length !== 0) return nothing;
    if (may('cluster.read') && !may('cluster.read', { cluster: '*', namespace: '*' }) && !may('cluster.change'))
      return html`<wa-callout variant="neutral" size="s"><strong>${t.limited.title}</strong> ${t.limited.text}</wa-callout>`;
    if (!may('cluster.change')) return html`<wa-callout variant="neutral" size="s">${t.noClouds.nobody}</wa-callout>`;
    return html`<wa-callout variant="brand" size="s">
      <strong>${t.noClouds.title}</strong>
      <p>${t.noClouds.text}</p>
      <a href="/add-cloud">${t.noClouds.add}</a>
    </wa-callout>`;
  }

  #instances(): TemplateResult | typeof nothing {
    if (!may('instance.read')) return nothing;
    return html`<section class="card">
      ${loaded(this.#states, (states) => {
        const points = stateSegments(states ?? [], t.instances.noState);
        return html`<sw-chart type="doughnut" .label=${t.instances.title} .series=${[{ name: t.instances.title, points }]}></sw-chart>`;
      })}
    </section>`;
  }

  #charts(): TemplateResult {
    const { since, until } = spanOf(rangeNamed(this.query.get('range')));
    const line = (label: string, series: Parameters<typeof withFewLoud>[0], unit: string) =>
      html`<sw-chart .label=${label} .series=${withFewLoud(series, loudLines)} .unit=${unit} .from=${since} .until=${until}></sw-chart>`;
    return html`<div class="charts">
      <section class="card">
        ${loaded(this.#health, (health) =>
          line(t.latency, health ? healthLines(health, isInScope, ({ p95 }, index) => p95[index] ?? null) : [], 'ms'),
        )}
      </section>
      <section class="card">
        ${loaded(this.#health, (health) => line(t.errors, health ? healthLines(health, isInScope, errorRate) : [], '%'))}
      </section>
      <section class="card">
        ${loaded(this.#drift, (drift) => line(t.driftOverTime, drift ? driftLines(drift, isInScope, (cause) => t.drift.causes[cause]) : [], ''))}
      </section>
    </div>`;
  }
}

/** Up to now. */
function spanOf(range: RangeName): { readonly since: number; readonly until: number } {
  const until = Date.now();
  return { since: until - ranges[range] * 1000, until };
}

define('sw-overview', SwOverview);
