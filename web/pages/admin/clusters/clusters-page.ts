import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { setQuery } from '../../../app/router.ts';
import { type Connection, listConnections, type RecentHealth, recentHealth } from '../../../data/connections.ts';
import { may } from '../../../data/session.ts';
import { watch } from '../../../data/watch.ts';
import { base, define } from '../../../elements/element.ts';
import { loaded } from '../../../elements/loaded.ts';
import { SwPage } from '../../../elements/page.ts';
import { addCloudTexts } from '../../../texts/add-cloud.ts';
import { clusterTexts as t } from '../../../texts/clusters.ts';
import { formatNumber } from '../../../texts/format.ts';
import { actButton, ago, filterField, listTable, stateMark } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { phaseMark, total } from './phase.ts';

const settleMs = 500;

/** The clouds that are connected: state, age of what is known, size, latency, errors. */
export class SwClusters extends SwPage {
  static override styles = [
    base,
    adminStyles,
    css`
      .name {
        font-weight: 600;
      }
      .message {
        max-width: 26rem;
        font-weight: 400;
        overflow-wrap: anywhere;
      }
    `,
  ];

  readonly #clusters = new Task(this, { task: (_, { signal }) => listConnections(signal), args: () => [] });
  /** Figures are an extra: the list stands without them. */
  readonly #health = new Task(this, {
    task: (_, { signal }) => recentHealth(signal).catch(() => new Map<string, RecentHealth>()),
    args: () => [],
  });
  #end: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = watch({ types: ['cluster'], changed: () => this.#again(), reset: () => this.#again() });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    clearTimeout(this.#timer);
  }

  override render() {
    const add = may('cluster.change')
      ? html`<wa-button slot="actions" size="s" variant="brand" href="/add-cloud"><sw-icon slot="start" name="plus"></sw-icon>${t.add}</wa-button>`
      : html`<span slot="actions">${actButton({ id: 'add', text: t.add, icon: 'plus', obstacle: addCloudTexts.mayNotAdd, run: () => undefined })}</span>`;
    return html`<sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.about}</p>${add}</sw-page-header>
      ${loaded(this.#clusters, (clusters) => this.#list(clusters))}`;
  }

  #list(clusters: readonly Connection[]): TemplateResult {
    if (clusters.length === 0)
      return html`<sw-empty icon="cloud" .heading=${t.none} .text=${t.noneText}>
        ${may('cluster.change') ? html`<wa-button variant="brand" href="/add-cloud">${t.add}</wa-button>` : nothing}
      </sw-empty>`;
    const text = this.query.get('text')?.toLowerCase() ?? '';
    const shown = clusters.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(text));
    return html`
      <div class="bar">
        ${filterField(t.filter, this.query.get('text') ?? '', (value) => setQuery({ text: value }))}
        <span class="quiet" role="status">${formatNumber(shown.length)}</span>
      </div>
      ${shown.length === 0 ? html`<p class="quiet">${t.noMatch}</p>` : this.#table(shown)}
    `;
  }

  #table(clusters: readonly Connection[]): TemplateResult {
    const c = t.columns;
    return listTable(
      t.title,
      [c.cluster, c.state, c.seen, c.resources, { text: c.undeclared, isNumber: true }, { text: c.latency, isNumber: true }, c.errors],
      clusters.map((cluster) => this.#row(cluster)),
    );
  }

  #row({ name, description, phase, reason, message, seen, undeclared }: Connection): TemplateResult {
    const c = t.columns;
    const loose = total(undeclared);
    const counts = seen?.counts ?? {};
    const counted = t.counted(formatNumber(counts['server'] ?? 0), formatNumber(counts['volume'] ?? 0));
    return html`<tr>
      <th scope="row">
        <a class="name" href="/clusters/${encodeURIComponent(name)}">${name}</a>
        ${description ? html`<div class="quiet small message">${description}</div>` : nothing}
      </th>
      <td data-label=${c.state}>
        <div>${phaseMark({ phase, reason })} ${phase === 'Ready' || phase === 'Disabled' ? nothing : html`<div class="quiet small message">${message}</div>`}</div>
      </td>
      <td data-label=${c.seen}>
        ${seen?.from === 'stored' ? html`<span class="quiet">${t.stored}</span>` : ago(seen?.lastSweepAt, t.notSeen)}
      </td>
      <td data-label=${c.resources}>${counted}</td>
      <td data-label=${c.undeclared} class="number">
        ${loose === 0 ? html`<span class="quiet">0</span>` : html`<a href="/drift?cause=undeclared&cluster=${encodeURIComponent(name)}">${formatNumber(loose)}</a>`}
      </td>
      ${this.#figures(name, seen)}
    </tr>`;
  }

  #figures(name: string, seen: Connection['seen']): TemplateResult {
    const health = this.#health.value?.get(name);
    const hidden = Object.keys(seen?.errors ?? {}).length;
    const errors = health?.errors ?? 0;
    return html`<td data-label=${t.columns.latency} class="number">
        ${health?.p95 === undefined ? html`<span class="quiet">${t.noFigures}</span>` : t.p95(formatNumber(Math.round(health.p95)))}
      </td>
      <td data-label=${t.columns.errors}>
        <div>
          ${errors === 0 ? html`<span class="quiet">${t.noErrors}</span>` : html`${stateMark('warning', formatNumber(errors))} <span class="quiet small">${t.lastHour}</span>`}
          ${hidden === 0 ? nothing : html`<div class="small">${stateMark('warning', t.listErrors(hidden))}</div>`}
        </div>
      </td>`;
  }

  #again(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#clusters.run().catch(() => undefined);
      void this.#health.run();
    }, settleMs);
  }
}

define('sw-clusters', SwClusters);
