import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { isInScope, scope } from '../../app/scope.ts';
import { hypervisors, quotas } from '../../data/overview.ts';
import { may, session } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { again, keepFresh, loaded } from '../../elements/loaded.ts';
import { formatBytes, formatNumber, formatPercent } from '../../texts/format.ts';
import { overviewTexts as t } from '../../texts/overview.ts';
import { type Capacity, capacities, type Resource, resources, shareOf, together, type Use } from './figures.ts';
import { overviewStyles } from './styles.ts';

const few = 4;
/** Where the figures are listed. */
const pages = { hosts: '/hypervisors', quotas: '/quotas' } as const;
const mebibyte = 1024 ** 2;

/** What is used of what there is: CPUs, memory and disk of each cloud, and of all together. */
export class SwCapacity extends SwElement {
  static override properties = { isWhole: { state: true } };
  static override styles = [base, overviewStyles];

  declare isWhole: boolean;

  readonly #read = new Task(this, {
    args: () => [may('hypervisor.read')] as const,
    async task([showsHosts], { signal }) {
      const [hosts, limits] = await Promise.all([showsHosts ? hypervisors(signal) : [], quotas(signal)]);
      return { hosts, limits };
    },
  });

  constructor() {
    super();
    this.isWhole = false;
    follow(this, scope, session);
    keepFresh(this, { types: () => [], everyMs: 60_000, read: () => void again(this.#read) });
  }

  override render(): TemplateResult {
    return html`<section aria-label=${t.capacity.title}>
      <h2>${t.capacity.title}</h2>
      ${loaded(this.#read, ({ hosts, limits }) => this.#table(capacities(hosts, limits, isInScope)))}
    </section>`;
  }

  #table(found: readonly Capacity[]): TemplateResult {
    if (found.length === 0) return html`<p class="quiet small">${t.capacity.none}</p>`;
    const shown = this.isWhole ? found : found.slice(0, few);
    const sums = (['hosts', 'quotas'] as const).filter((of) => found.filter((one) => one.of === of).length > 1);
    return html`<div class="scroll" role="region" tabindex="0" aria-label=${t.capacity.title}>
        <table class="capacity">
          <thead>
            <tr>
              <th scope="col">${t.capacity.cluster}</th>
              ${resources.map((resource) => html`<th scope="col">${t.capacity.resources[resource]}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${sums.map((of) => row(html`<a href=${pages[of]}><strong>${t.capacity.together[of]}</strong></a>`, together(found, of)))}
            ${shown.map(({ cluster, of, uses }) =>
              row(
                html`<a href=${`/clusters/${cluster}`}>${cluster}</a> <a class="quiet small" href=${`${pages[of]}?text=${cluster}`}>${t.capacity.of[of]}</a>`,
                uses,
              ),
            )}
          </tbody>
        </table>
      </div>
      ${
        found.length > few
          ? html`<button class="link" aria-expanded=${this.isWhole} @click=${() => (this.isWhole = !this.isWhole)}>
              ${this.isWhole ? t.capacity.fewer : t.capacity.more(found.length - few)}
            </button>`
          : nothing
      }`;
  }
}

function row(name: TemplateResult, uses: Capacity['uses']): TemplateResult {
  return html`<tr>
    <th scope="row">${name}</th>
    ${resources.map((resource) => html`<td>${useCell(resource, uses[resource])}</td>`)}
  </tr>`;
}

function useCell(resource: Resource, use: Use | undefined): TemplateResult {
  if (!use) return html`<span class="quiet">–</span>`;
  if (use.total === null) return html`<span class="use">${t.capacity.noLimit(amount(resource, use.used))}</span>`;
  const share = shareOf(use) ?? 0;
  const tone = share >= 0.95 ? 'danger' : share >= 0.8 ? 'warning' : 'brand';
  return html`<span class="use">${usedOf(resource, use.used, use.total)}<span class="quiet">${formatPercent(share)}</span></span>
    <span class="bar" aria-hidden="true"><span class=${tone} .style=${`width: ${Math.min(100, share * 100)}%`}></span></span>`;
}

/** `38.1 / 50 GiB`: the unit of the whole serves for both. */
function usedOf(resource: Resource, used: number, total: number): string {
  if (resource === 'vcpus') return `${formatNumber(used)} / ${formatNumber(total)}`;
  const bytes = bytesOf(resource, total);
  const unit = 1024 ** Math.max(0, Math.floor(Math.log2(bytes) / 10));
  return `${formatNumber(Math.round((10 * bytesOf(resource, used)) / unit) / 10)} / ${formatBytes(bytes)}`;
}

function amount(resource: Resource, value: number): string {
  if (resource === 'vcpus') return formatNumber(value);
  return formatBytes(bytesOf(resource, value));
}

function bytesOf(resource: Resource, value: number): number {
  return value * (resource === 'memory' ? mebibyte : 1024 * mebibyte);
}

define('sw-capacity', SwCapacity);
