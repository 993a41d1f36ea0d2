import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { navigate } from '../../../app/router.ts';
import { type Connection, getConnection } from '../../../data/connections.ts';
import { watch } from '../../../data/watch.ts';
import type { Question } from '../../../elements/confirm.ts';
import { base, define } from '../../../elements/element.ts';
import { SwPage } from '../../../elements/page.ts';
import { problemText } from '../../../elements/state.ts';
import { toast } from '../../../elements/toast.ts';
import { clusterTexts as t } from '../../../texts/clusters.ts';
import { formatNumber } from '../../../texts/format.ts';
import { resourceTypeTexts } from '../../../texts/resource-types.ts';
import '../../../elements/confirm.ts';
import { loaded } from '../../../elements/loaded.ts';
import { actButton, ago, tabIn, tabs } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import './cluster-capacity.ts';
import './cluster-credentials.ts';
import './cluster-health.ts';
import './cluster-operations.ts';
import './cluster-spec.ts';
import './connection-test.ts';
import { changeObstacle, disabling, enable, removeObstacle, removing, testObstacle } from './deeds.ts';
import { phaseMark, total } from './phase.ts';

const names = ['health', 'capacity', 'operations', 'settings'] as const;
const settleMs = 500;

/** One cloud: how it answers, what is used, what was asked for, how it is treated. */
export class SwCluster extends SwPage {
  static override properties = { ...SwPage.properties, question: { state: true } };
  static override styles = [
    base,
    adminStyles,
    css`
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-2xs) var(--wa-space-m);
        padding-block-end: var(--wa-space-s);
      }
      .counts strong {
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  declare question: Question | undefined;
  #end: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #cluster = new Task(this, {
    task: ([name], { signal }) => getConnection(name, signal),
    args: () => [this.params['name'] ?? ''] as const,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = watch({
      types: ['cluster'],
      changed: ({ key }) => (key.endsWith(this.params['name'] ?? '') ? this.#again() : undefined),
      reset: () => this.#again(),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    clearTimeout(this.#timer);
  }

  override render() {
    return html`${loaded(this.#cluster, (connection) => this.#page(connection))}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #page(connection: Connection): TemplateResult {
    const { name, phase, message, description, seen } = connection;
    const tab = tabIn(names, this.query);
    return html`<sw-page-header .heading=${name}>
        <span slot="about" class="row">
          ${phaseMark(connection)} ${phase === 'Ready' ? nothing : html`<span class="quiet">${message}</span>`}
          ${seen?.from === 'live' ? html`<span class="quiet">${t.columns.seen}: ${ago(seen.lastSweepAt, t.notSeen)}</span>` : nothing}
          ${description ? html`<span class="quiet">${description}</span>` : nothing}
        </span>
        <span slot="actions" class="row">${this.#actions(connection)}</span>
      </sw-page-header>
      ${this.#counts(connection)} ${tabs(names, tab, (one) => t.tabs[one], name)} ${this.#tab(tab, connection)}`;
  }

  #actions(connection: Connection): TemplateResult {
    const { name, enabled } = connection;
    const done = () => this.#again();
    const obstacle = changeObstacle(name);
    return html`
      ${
        enabled
          ? actButton({ id: 'disable', text: t.disable, icon: 'pause', obstacle, run: () => (this.question = disabling(connection, done)) })
          : actButton({ id: 'enable', text: t.enable, icon: 'play', obstacle, run: () => void tried(enable(name, done)) })
      }
      ${actButton({
        id: 'remove',
        text: t.remove,
        icon: 'trash',
        variant: 'danger',
        obstacle: removeObstacle(name),
        run: () => void tried(this.#remove(connection)),
      })}
    `;
  }

  #counts({ name, seen, undeclared }: Connection): TemplateResult | typeof nothing {
    const counts = Object.entries(seen?.counts ?? {});
    if (counts.length === 0) return nothing;
    const nameOf = (type: string, count: number) =>
      (resourceTypeTexts[count === 1 ? 'one' : 'many'] as Readonly<Record<string, string>>)[type] ?? type;
    const loose = total(undeclared);
    const filter = `cluster:${name}`;
    return html`<div class="counts small">
      ${counts.map(
        ([type, count]) =>
          html`<a href=${`/resources/${type}?${new URLSearchParams({ filter })}`}><strong>${formatNumber(count)}</strong> ${nameOf(type, count)}</a>`,
      )}
      ${
        loose === 0
          ? nothing
          : html`<a href=${`/drift?cause=undeclared&cluster=${encodeURIComponent(name)}`}><strong>${formatNumber(loose)}</strong> ${t.notDeclared}</a>`
      }
    </div>`;
  }

  #tab(tab: (typeof names)[number], connection: Connection): TemplateResult {
    const { name } = connection;
    if (tab === 'capacity') return html`<sw-cluster-capacity .cluster=${name}></sw-cluster-capacity>`;
    if (tab === 'operations') return html`<sw-cluster-operations .cluster=${name}></sw-cluster-operations>`;
    if (tab === 'settings')
      return html`<div class="halves">
        <sw-cluster-spec .connection=${connection} @changed=${() => this.#again()}></sw-cluster-spec>
        <div class="stack">
          <sw-cluster-credentials .connection=${connection} @changed=${() => this.#again()}></sw-cluster-credentials>
          <section class="card" aria-label=${t.newest}>
            <sw-connection-test
              .heading=${t.newest}
              .subject=${{ cluster: name }}
              .obstacle=${testObstacle(name)}
            ></sw-connection-test>
          </section>
        </div>
      </div>`;
    return html`<sw-cluster-health .connection=${connection} .span=${this.query.get('span') ?? ''}></sw-cluster-health>`;
  }

  async #remove(connection: Connection): Promise<void> {
    this.question = await removing(connection, () => navigate('/clusters'));
  }

  #again(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#cluster.run().catch(() => undefined), settleMs);
  }
}

/** What goes wrong outside of a dialog is told in passing. */
async function tried(deed: Promise<void>): Promise<void> {
  try {
    await deed;
  } catch (error) {
    toast({ text: problemText(error), tone: 'danger' });
  }
}

define('sw-cluster', SwCluster);
