import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import { type HypervisorRow, type Hypervisors, hypervisorsOf, type QuotaRow, quotasOf } from '../../../data/connections.ts';
import { may } from '../../../data/session.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { loaded } from '../../../elements/loaded.ts';
import { addCloudTexts } from '../../../texts/add-cloud.ts';
import { clusterTexts } from '../../../texts/clusters.ts';
import { formatBytes, formatNumber, formatPercent } from '../../../texts/format.ts';
import { listTable, stateMark } from '../parts.ts';
import { adminStyles } from '../styles.ts';

const mib = 2 ** 20;
const gib = 2 ** 30;
/** From here on it is time to think about more. */
const tight = 0.85;

/** What is used of what there is: quotas of the project, hypervisors of the cloud. */
export class SwClusterCapacity extends SwElement {
  static override properties = { cluster: { type: String } };
  static override styles = [
    base,
    adminStyles,
    css`
      .use {
        display: grid;
        grid-template-columns: minmax(5rem, 1fr) auto;
        gap: var(--wa-space-s);
        align-items: center;
        min-width: 11rem;
      }
      wa-progress-bar {
        --track-height: 0.5rem;
      }
      wa-progress-bar.tight {
        --indicator-color: var(--wa-color-warning-fill-loud);
      }
      .figure {
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  declare cluster: string;
  readonly #quotas = new Task(this, { task: ([cluster], { signal }) => quotasOf(cluster, signal), args: () => [this.cluster] as const });
  readonly #hypervisors = new Task(this, {
    task: ([cluster, mayIt], { signal }) => (mayIt ? hypervisorsOf(cluster, signal) : Promise.resolve(undefined)),
    args: () => [this.cluster, may('hypervisor.read', { cluster: this.cluster, namespace: '*' })] as const,
  });

  override render() {
    const t = clusterTexts.capacity;
    return html`<div class="stack">
      <section class="card" aria-labelledby="quotas">
        <h2 id="quotas">${t.quotas}</h2>
        ${loaded(this.#quotas, quotaTable)}
      </section>
      <section class="card" aria-labelledby="hypervisors">
        <h2 id="hypervisors">${t.hypervisors}</h2>
        ${
          may('hypervisor.read', { cluster: this.cluster, namespace: '*' })
            ? loaded(this.#hypervisors, (found) => (found ? hypervisorTable(found) : html`<p class="quiet">${t.mayNot}</p>`))
            : html`<p class="quiet">${t.mayNot}</p>`
        }
      </section>
    </div>`;
  }
}

function quotaTable(rows: readonly QuotaRow[]): TemplateResult {
  const t = clusterTexts.capacity;
  if (rows.length === 0) return html`<p class="quiet">${t.noQuotas}</p>`;
  const names: Readonly<Record<string, string>> = clusterTexts.quotaNames;
  const services: Readonly<Record<string, string>> = addCloudTexts.services;
  return listTable(
    t.quotas,
    [t.quota, clusterTexts.health.service, t.used],
    rows.map(({ service, name, used, limit }) => {
      const text = names[name] ?? name;
      return html`<tr>
            <th scope="row">${text}</th>
            <td data-label=${clusterTexts.health.service} class="quiet">${services[service] ?? service}</td>
            <td data-label=${t.used}>
              ${
                limit === null
                  ? html`<span class="figure">${formatNumber(used)} <span class="quiet">${t.unlimited}</span></span>`
                  : useOf({ label: text, used, all: limit, figure: t.of(formatNumber(used), formatNumber(limit)) })
              }
            </td>
          </tr>`;
    }),
  );
}

function hypervisorTable({ items, clouds }: Hypervisors): TemplateResult {
  const t = clusterTexts.capacity;
  const [cloud] = clouds;
  if (cloud?.state === 'Hidden') return html`<p class="quiet">${t.hidden}</p>`;
  if (cloud?.error) return html`<p class="quiet">${cloud.error.message}</p>`;
  if (items.length === 0) return html`<p class="quiet">${t.noHypervisors}</p>`;
  return listTable(
    t.hypervisors,
    [t.hypervisor, t.state, t.vcpus, t.memory, t.disk, { text: t.instances, isNumber: true }],
    items.map(hypervisorRow),
  );
}

function hypervisorRow(row: HypervisorRow): TemplateResult {
  const t = clusterTexts.capacity;
  const isUp = row.state === 'up';
  const bytes = (used: number, all: number, unit: number) => t.of(formatBytes(used * unit), formatBytes(all * unit));
  return html`<tr>
    <th scope="row">
      <div>${row.name}<div class="quiet small">${[row.kind, row.address].filter(Boolean).join(' · ')}</div></div>
    </th>
    <td data-label=${t.state}>
      ${stateMark(isUp ? 'good' : 'bad', isUp ? t.up : t.down)}
      ${row.status === 'disabled' ? html`<span class="tag" title=${row.disabledReason ?? ''}>${t.disabled}</span>` : nothing}
    </td>
    <td data-label=${t.vcpus}>
      ${useOf({ label: t.vcpus, used: row.vcpusUsed, all: row.vcpus, figure: t.of(formatNumber(row.vcpusUsed), formatNumber(row.vcpus)) })}
    </td>
    <td data-label=${t.memory}>
      ${useOf({ label: t.memory, used: row.memoryMiBUsed, all: row.memoryMiB, figure: bytes(row.memoryMiBUsed, row.memoryMiB, mib) })}
    </td>
    <td data-label=${t.disk}>
      ${useOf({ label: t.disk, used: row.diskGiBUsed, all: row.diskGiB, figure: bytes(row.diskGiBUsed, row.diskGiB, gib) })}
    </td>
    <td data-label=${t.instances} class="number">${formatNumber(row.instances)}</td>
  </tr>`;
}

function useOf({ label, used, all, figure }: { label: string; used: number; all: number; figure: string }): TemplateResult {
  const share = all === 0 ? 0 : used / all;
  return html`<span class="use grow">
    <wa-progress-bar
      class=${share >= tight ? 'tight' : ''}
      value=${Math.min(100, Math.round(100 * share))}
      label=${`${label}: ${formatPercent(share)}`}
    ></wa-progress-bar>
    <span class="figure">${figure}</span>
  </span>`;
}

define('sw-cluster-capacity', SwClusterCapacity);
