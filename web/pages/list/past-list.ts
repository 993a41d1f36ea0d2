import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { setQuery } from '../../app/router.ts';
import { isInScope, scope } from '../../app/scope.ts';
import { cloudStates } from '../../data/cloud-states.ts';
import { inventoryAt, type ResourceThen } from '../../data/history.ts';
import { may } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { define, SwElement } from '../../elements/element.ts';
import '../../elements/state.ts';
import '../../elements/table.ts';
import type { TableSort } from '../../elements/table-columns.ts';
import { columnLabel } from '../../texts/columns.ts';
import { formatNumber, formatTime } from '../../texts/format.ts';
import { languageTag } from '../../texts/language.ts';
import { listTexts as t } from '../../texts/list.ts';
import { typeNames } from '../../texts/resource-types.ts';
import { wholeListTexts } from '../../texts/whole-lists.ts';
import '../history/as-of.ts';
import { writeSort } from './address.ts';
import { listStyles, unlabelled } from './list-styles.ts';
import { toneIcons, toneOf } from './status.ts';
import { arranged, type WholeColumn } from './whole-columns.ts';

type PastRow = ResourceThen & { readonly cluster: string };

/** Of each cloud; what a person looks back for is found by its name. */
const mostOfCloud = 2000;
const pageSize = 500;

/** A list as it was: what the clouds held at a time. */
export class SwListPast extends SwElement {
  static override properties = {
    type: { type: String },
    at: { type: String },
    text: { type: String },
    sort: { attribute: false },
    rows: { state: true },
    unknown: { state: true },
    isCut: { state: true },
    knownSince: { state: true },
    failure: { state: true },
  };
  static override styles = [...listStyles, unlabelled];

  declare type: string;
  declare at: string;
  declare text: string;
  declare sort: TableSort;
  declare rows: readonly PastRow[] | undefined;
  /** Clouds of which nothing was recorded yet at that time. */
  declare unknown: readonly string[];
  declare isCut: boolean;
  declare knownSince: string | undefined;
  declare failure: unknown;

  #asked = '';
  #asking: AbortController | undefined;
  #columns: { readonly language: string; readonly all: readonly WholeColumn<PastRow>[] } | undefined;

  constructor() {
    super();
    this.unknown = [];
    this.isCut = false;
    follow(this, scope, cloudStates);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
    this.#asked = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('type')) this.rows = undefined;
    const clusters = (cloudStates.value ?? [])
      .map(({ name }) => name)
      .filter((name) => isInScope(name) && may('history.read', { cluster: name, namespace: '*' }));
    const asked = JSON.stringify([this.type, this.at, clusters]);
    if (cloudStates.value === undefined || asked === this.#asked) return;
    this.#asked = asked;
    void this.#ask(clusters);
  }

  override render(): TemplateResult {
    return html`
      <sw-as-of .at=${this.at} .knownSince=${this.knownSince}></sw-as-of>
      <wa-input
        size="s"
        type="search"
        with-clear
        label=${wholeListTexts.find}
        placeholder=${wholeListTexts.find}
        .value=${this.text}
        @input=${(event: Event) => setQuery({ text: (event.target as HTMLInputElement).value })}
      ></wa-input>
      ${this.unknown.length > 0 ? html`<p class="quiet" role="status">${t.at.unknown(this.unknown.join(', '))}</p>` : nothing}
      ${this.isCut ? html`<p class="quiet" role="status">${t.at.cut(formatNumber(mostOfCloud))}</p>` : nothing}
      <div class="stage">${this.#stage()}</div>
    `;
  }

  #stage(): TemplateResult {
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#again()}></sw-problem>`;
    if (!this.rows) return html`<sw-loading lines="10"></sw-loading>`;
    const columns = this.#allColumns();
    const rows = arranged(this.rows, columns, { text: this.text, ...this.sort });
    if (rows.length === 0) return html`<sw-empty icon="clock" .heading=${this.#whyNone()}></sw-empty>`;
    return html`<sw-table
      .columns=${columns}
      .rows=${rows}
      .keyOf=${keyOf}
      .sort=${this.sort}
      .label=${t.rowsOf(typeNames(this.type))}
      @sw-sort=${(event: CustomEvent<TableSort>) => setQuery({ sort: writeSort(event.detail) })}
    ></sw-table>`;
  }

  #whyNone(): string {
    if (this.text !== '') return t.noneFits.title;
    return this.unknown.length > 0 ? t.at.untold : t.at.none;
  }

  #allColumns(): readonly WholeColumn<PastRow>[] {
    const language = languageTag();
    if (this.#columns?.language !== language) this.#columns = { language, all: columnsThen() };
    return this.#columns.all;
  }

  #again(): void {
    this.#asked = '';
    this.failure = undefined;
    this.requestUpdate();
  }

  async #ask(clusters: readonly string[]): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.failure = undefined;
    try {
      const found = await Promise.all(clusters.map((cluster) => this.#heldBy(cluster, asking.signal)));
      if (asking.signal.aborted) return;
      this.rows = found.flatMap(({ rows }) => rows);
      this.unknown = found.filter(({ isKnown }) => !isKnown).map(({ cluster }) => cluster);
      this.isCut = found.some(({ isCut }) => isCut);
      this.knownSince = found.flatMap(({ knownSince }) => knownSince ?? []).toSorted()[0];
    } catch (error) {
      if (!asking.signal.aborted) this.failure = error;
    }
  }

  async #heldBy(cluster: string, signal: AbortSignal) {
    const rows: PastRow[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = await inventoryAt(cluster, { type: this.type, at: this.at, limit: pageSize, cursor }, signal);
      rows.push(...page.items.map((item) => ({ ...item, cluster })));
      cursor = page.next;
      if (cursor === undefined || rows.length >= mostOfCloud)
        return { cluster, rows, isKnown: page.known, isCut: cursor !== undefined, knownSince: page.knownSince };
    }
  }
}

const keyOf = ({ cluster, id }: PastRow): string => `${cluster}/${id}`;
const nameOf = ({ name, id }: PastRow): string => name || id;
const statusOf = ({ body }: PastRow): string => (typeof body['status'] === 'string' ? body['status'] : '');

function columnsThen(): readonly WholeColumn<PastRow>[] {
  const column = (name: string, width: number, text: (row: PastRow) => string, by = text) => ({
    name,
    label: columnLabel(name),
    width,
    isSortable: true,
    text,
    by,
  });
  return [
    { ...column('name', 260, nameOf), isPinned: true },
    {
      ...column('status', 130, statusOf),
      cell: (row) => {
        const status = statusOf(row);
        const tone = toneOf(status);
        return status === '' ? nothing : html`<span class="status ${tone}"><sw-icon name=${toneIcons[tone]}></sw-icon>${status}</span>`;
      },
    },
    column('cluster', 150, ({ cluster }) => cluster),
    {
      ...column(
        'updated',
        210,
        ({ since }) => (since ? formatTime(since) : ''),
        ({ since }) => since ?? '',
      ),
      label: t.at.since,
    },
    column('id', 320, ({ id }) => id),
  ];
}

define('sw-list-past', SwListPast);
