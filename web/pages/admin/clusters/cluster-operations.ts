import { Task } from '@lit/task';
import { html, type TemplateResult } from 'lit';
import { listOperations, type Operation } from '../../../data/operations.ts';
import { watch } from '../../../data/watch.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { loaded } from '../../../elements/loaded.ts';
import { clusterTexts } from '../../../texts/clusters.ts';
import { ago, listTable, stateMark, type Tone } from '../parts.ts';
import { adminStyles } from '../styles.ts';

const settleMs = 500;
const tones: Readonly<Record<Operation['state'], Tone>> = {
  queued: 'quiet',
  running: 'warning',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'quiet',
};

/** What was asked for on a cluster of late. */
export class SwClusterOperations extends SwElement {
  static override properties = { cluster: { type: String } };
  static override styles = [base, adminStyles];

  declare cluster: string;
  #end: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #operations = new Task(this, {
    task: async ([cluster], { signal }) => (await listOperations({ cluster }, { limit: 20, signal })).items,
    args: () => [this.cluster] as const,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = watch({ types: ['operation'], changed: () => this.#again(), reset: () => this.#again() });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    clearTimeout(this.#timer);
  }

  override render() {
    const t = clusterTexts.operations;
    return loaded(this.#operations, (items) =>
      items.length === 0
        ? html`<sw-empty icon="list-checks" .heading=${t.none}></sw-empty>`
        : html`${table(items)}
            <p class="small"><a href=${`/operations?whose=all&cluster=${encodeURIComponent(this.cluster)}`}>${t.all}</a></p>`,
    );
  }

  #again(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#operations.run().catch(() => undefined), settleMs);
  }
}

function table(items: readonly Operation[]): TemplateResult {
  const t = clusterTexts.operations;
  const c = t.columns;
  return listTable(
    clusterTexts.tabs.operations,
    [c.action, c.target, c.state, c.actor, c.at],
    items.map(
      ({ action, type, cluster, target, targetName, state, percent, actor, createdAt, problem }) => html`<tr>
            <th scope="row" class="mono">${action}</th>
            <td data-label=${c.target}>
              ${
                target === ''
                  ? html`<span class="quiet">–</span>`
                  : html`<a href=${`/resources/${type}/${encodeURIComponent(cluster)}/${encodeURIComponent(target)}`}>${targetName || target}</a>`
              }
            </td>
            <td data-label=${c.state} title=${problem?.detail ?? ''}>
              ${stateMark(tones[state], state === 'running' ? `${t.states[state]} ${percent} %` : t.states[state])}
            </td>
            <td data-label=${c.actor}>${actor}</td>
            <td data-label=${c.at}>${ago(createdAt, '')}</td>
          </tr>`,
    ),
  );
}

define('sw-cluster-operations', SwClusterOperations);
