import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/drawer/drawer.js';
import { navigate } from '../../app/router.ts';
import { cloudStates } from '../../data/cloud-states.ts';
import { inventoryAt, type ResourceThen, type Then } from '../../data/history.ts';
import { may, session } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { define } from '../../elements/element.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { formatTime } from '../../texts/format.ts';
import { historyTexts as t } from '../../texts/history.ts';
import { typeName } from '../../texts/resource-types.ts';
import './as-of.ts';
import { document as textOf } from './object-then.ts';
import { forbidden, places } from './places.ts';
import { SwThenList } from './then-list.ts';

const types = [
  'server',
  'volume',
  'volume_snapshot',
  'image',
  'network',
  'subnet',
  'router',
  'port',
  'floatingip',
  'security_group',
  'keypair',
  'server_group',
  'flavor',
  'volume_type',
];

/** What a cloud held, as of a time; each resource as its service showed it then. */
export class SwInventoryThen extends SwThenList<ResourceThen> {
  static override properties = { ...SwThenList.properties, opened: { state: true } };

  declare opened: ResourceThen | undefined;

  constructor() {
    super();
    follow(this, cloudStates, session);
  }

  get #cluster(): string {
    const known = cloudStates.value ?? [];
    return this.params['cluster'] || (known.find(({ seenAt }) => seenAt !== undefined) ?? known[0])?.name || '';
  }

  get #mayLook(): boolean {
    return may('history.read', { cluster: this.#cluster, namespace: '*' });
  }

  protected wanted() {
    return { cluster: this.#cluster, type: this.query.get('type') ?? undefined };
  }

  protected async ask(
    { cluster = '', ...query }: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ): Promise<Then<ResourceThen>> {
    // Of a cloud that never answered there is nothing to ask for.
    if (cluster === '' || !isSeen(cluster)) return { at: '', known: false, items: [] };
    return await inventoryAt(cluster, { ...query, limit: 200 }, signal);
  }

  protected keyOf({ type, id }: ResourceThen): string {
    return `${type}/${id}`;
  }

  protected open(item: ResourceThen): void {
    this.opened = item;
  }

  protected columns(): TableColumn<ResourceThen>[] {
    const { kind, name, since, id, status } = t.columns;
    const open = (row: ResourceThen) => (event: Event) => {
      event.preventDefault();
      event.stopPropagation();
      this.opened = row;
    };
    return [
      {
        name: 'name',
        label: name,
        width: 240,
        isPinned: true,
        text: (row) => row.name || row.id,
        cell: (row) => html`<a tabindex="-1" href="#" @click=${open(row)}>${row.name || row.id}</a>`,
      },
      { name: 'type', label: kind, width: 140, text: (row) => typeName(row.type) },
      { name: 'status', label: status, width: 120, text: ({ body }) => (typeof body['status'] === 'string' ? body['status'] : '') },
      { name: 'since', label: since, width: 210, text: (row) => (row.since ? formatTime(row.since) : '') },
      { name: 'id', label: id, width: 320, text: (row) => row.id },
    ];
  }

  override render(): TemplateResult {
    const clusters = [...new Set([...(cloudStates.value ?? []).map(({ name }) => name), this.#cluster])]
      .filter((name) => name !== '')
      .toSorted();
    const { opened } = this;
    return html`
      <sw-page-header .heading=${this.#cluster === '' ? t.inventoryOf : t.inventory(this.#cluster)}><span slot="about">${places('inventory', this.at)}</span></sw-page-header>
      <sw-as-of .at=${this.at} .knownSince=${this.found?.knownSince}></sw-as-of>
      <div class="controls">
        <wa-select size="s" label=${t.cluster} .value=${this.#cluster} @change=${(event: Event) => this.#go((event.target as HTMLInputElement).value)}>
          ${clusters.map((name) => html`<wa-option value=${name}>${name}</wa-option>`)}
        </wa-select>
        ${this.choice(
          'type',
          t.kind,
          types.map((type) => [type, typeName(type)]),
        )}
      </div>
      ${this.#mayLook || cloudStates.value === undefined ? this.list(t.inventory(this.#cluster), t.emptyInventory) : forbidden('history.read')}
      ${
        opened
          ? html`<wa-drawer open label=${`${typeName(opened.type)} ${opened.name}`} @wa-after-hide=${() => (this.opened = undefined)}>${textOf(opened.body)}</wa-drawer>`
          : nothing
      }
    `;
  }

  protected override get isReady(): boolean {
    return cloudStates.value !== undefined && this.#mayLook;
  }

  #go(cluster: string): void {
    navigate(`/inventory/${encodeURIComponent(cluster)}${window.location.search}`);
  }
}

/** Whether there ever was an answer of a cloud; one that is not there (any more) may have had some. */
function isSeen(cluster: string): boolean {
  const known = cloudStates.value?.find(({ name }) => name === cluster);
  return known === undefined || known.seenAt !== undefined;
}

define('sw-inventory-then', SwInventoryThen);
