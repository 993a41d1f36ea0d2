import { html, type TemplateResult } from 'lit';
import { navigate } from '../../app/router.ts';
import { type ObjectThen, objectsAt, type Then } from '../../data/history.ts';
import { define } from '../../elements/element.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { formatTime } from '../../texts/format.ts';
import { historyTexts as t } from '../../texts/history.ts';
import { kindName, kindNames } from '../../texts/kinds.ts';
import './as-of.ts';
import { places } from './places.ts';
import { SwThenList } from './then-list.ts';

/** Everything that was declared, as of a time. */
export class SwObjectsThen extends SwThenList<ObjectThen> {
  protected wanted() {
    const get = (name: string) => this.query.get(name) ?? undefined;
    return { kind: get('kind'), cluster: get('cluster'), namespace: get('namespace') };
  }

  protected ask(query: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<Then<ObjectThen>> {
    return objectsAt({ ...query, limit: 200 }, signal);
  }

  protected keyOf({ kind, namespace, name }: ObjectThen): string {
    return `${kind}/${namespace}/${name}`;
  }

  protected open(item: ObjectThen): void {
    navigate(this.#hrefOf(item));
  }

  #hrefOf({ kind, namespace, name }: ObjectThen): string {
    const path = `/history/${[kind, namespace || '-', name].map(encodeURIComponent).join('/')}`;
    return this.at === undefined ? path : `${path}?${new URLSearchParams({ at: this.at })}`;
  }

  protected columns(): TableColumn<ObjectThen>[] {
    const { kind, namespace, name, cluster, revision, since, cloud } = t.columns;
    return [
      {
        name: 'name',
        label: name,
        width: 220,
        isPinned: true,
        text: (row) => row.name,
        cell: (row) => html`<a tabindex="-1" href=${this.#hrefOf(row)}>${row.name}</a>`,
      },
      { name: 'kind', label: kind, width: 140, text: (row) => kindName(row.kind) },
      { name: 'namespace', label: namespace, width: 130, text: (row) => row.namespace },
      { name: 'cluster', label: cluster, width: 130, text: ({ declared }) => declared.cluster ?? '' },
      { name: 'revision', label: revision, width: 90, align: 'end', text: ({ declared }) => String(declared.revision ?? '') },
      { name: 'since', label: since, width: 210, text: ({ declared }) => (declared.since ? formatTime(declared.since) : '') },
      { name: 'cloud', label: cloud, width: 120, text: ({ kind: of, observed }) => (of === 'Cluster' ? '' : t.states[observed.state]) },
    ];
  }

  override render(): TemplateResult {
    return html`
      <sw-page-header .heading=${t.title}><span slot="about">${places('objects', this.at)}</span></sw-page-header>
      <sw-as-of .at=${this.at} .knownSince=${this.found?.knownSince}></sw-as-of>
      <div class="controls">${this.choice(
        'kind',
        t.kind,
        kindNames.map((kind) => [kind, kindName(kind)]),
      )}</div>
      ${this.list(t.objects, t.empty)}
    `;
  }
}

define('sw-objects-then', SwObjectsThen);
