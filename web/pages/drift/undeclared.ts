import { css, html, type TemplateResult } from 'lit';
import type { DriftItem } from '../../data/drift.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/table.ts';
import { navigate } from '../../app/router.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { driftTexts as t } from '../../texts/drift.ts';
import { formatTime } from '../../texts/format.ts';
import { kindName } from '../../texts/kinds.ts';
import { hrefOf } from './drift-item.ts';
import { keyOf } from './settling.ts';

/** What nobody declared, in rows. Sends `sw-choose-all` with the keys chosen; a row leads to the resource. */
export class SwUndeclared extends SwElement {
  static override properties = { items: { attribute: false }, chosen: { attribute: false } };
  static override styles = [
    base,
    css`
      sw-table {
        height: min(32rem, 70vh);
      }
    `,
  ];

  declare items: readonly DriftItem[];
  declare chosen: ReadonlySet<string>;

  override render(): TemplateResult {
    return html`<sw-table
      selectable
      label=${t.table}
      .columns=${columns()}
      .rows=${this.items}
      .keyOf=${keyOf}
      .nameOf=${(row: DriftItem) => `${kindName(row.kind)} ${row.name}`}
      .selected=${this.chosen}
      @sw-open=${(event: CustomEvent<{ row: DriftItem }>) => navigate(hrefOf(event.detail.row))}
      @sw-select=${(event: CustomEvent<ReadonlySet<string>>) => this.send('sw-choose-all', event.detail)}
    ></sw-table>`;
  }
}

function columns(): TableColumn<DriftItem>[] {
  const { type, name, cluster, status, since, id } = t.columns;
  return [
    {
      name: 'name',
      label: name,
      width: 220,
      isPinned: true,
      text: (row) => row.name,
      cell: (row) => html`<a tabindex="-1" href=${hrefOf(row)}>${row.name}</a>`,
    },
    { name: 'type', label: type, width: 130, text: (row) => kindName(row.kind) },
    { name: 'cluster', label: cluster, width: 140, text: (row) => row.cluster },
    { name: 'status', label: status, width: 110, text: (row) => row.status ?? '' },
    { name: 'since', label: since, width: 210, text: (row) => (row.since ? formatTime(row.since) : '') },
    { name: 'id', label: id, width: 320, text: (row) => row.id ?? '' },
  ];
}

define('sw-undeclared', SwUndeclared);
