import { html, nothing, type TemplateResult } from 'lit';
import { type DeclaredBy, type ListColumn, type ListRow, rowHref } from '../../data/lists.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { columnLabel, columnSays } from '../../texts/columns.ts';
import { formatAgo, formatBytes, formatNumber, formatTime } from '../../texts/format.ts';
import { listTexts as t } from '../../texts/list.ts';
import { toneIcons, toneOf } from './status.ts';

/** Bytes that one of a number is, by `TYPE.COLUMN` or COLUMN. */
const units: Readonly<Record<string, number>> = {
  ram: 2 ** 20,
  swap: 2 ** 20,
  minRam: 2 ** 20,
  disk: 2 ** 30,
  ephemeral: 2 ** 30,
  minDisk: 2 ** 30,
  size: 2 ** 30,
  'image.size': 1,
};

/** Px. */
const widths: Readonly<Record<string, number>> = {
  name: 200,
  status: 115,
  cluster: 110,
  id: 300,
  addresses: 150,
  macs: 160,
  declared: 165,
  created: 110,
  updated: 110,
  vcpus: 80,
  flavor: 115,
  image: 130,
  ram: 90,
  size: 100,
  disk: 90,
  rules: 90,
  description: 260,
  fingerprint: 330,
  fault: 320,
  cidr: 150,
  members: 260,
};

/** Columns that the object of a row tells. */
const ofObject: Readonly<Record<string, (object: DeclaredBy) => string | boolean>> = {
  kind: ({ kind }) => kind,
  namespace: ({ namespace }) => namespace,
  object: ({ name }) => name,
  ready: ({ ready }) => ready,
  drifted: ({ drifted }) => drifted,
};

/** What has to be asked for so that these columns can be shown, and a row be told from others. */
export function fieldsFor(columns: readonly string[]): string {
  const own = columns.filter((name) => !Object.hasOwn(ofObject, name));
  return [...new Set(['name', 'status', 'declared', 'missing', ...own])].join(',');
}

/** A column of the API as the table draws it. */
export function tableColumn(type: string, { name, kind, says }: ListColumn): TableColumn<ListRow> {
  const label = columnLabel(name);
  const cell = cellOf(name, kind);
  return {
    name,
    label,
    hint: `${label}: ${columnSays(name, says)}`,
    width: widths[name] ?? (kind === 'flag' ? 100 : 150),
    isSortable: true,
    isPinned: name === 'name',
    ...(kind === 'number' && { align: 'end' as const }),
    text: (row) => textOf(type, name, valueOf(row, name)),
    ...(cell && { cell }),
  };
}

function valueOf(row: ListRow, name: string): unknown {
  const read = Object.hasOwn(ofObject, name) ? ofObject[name] : undefined;
  if (!read) return row[name] ?? null;
  return row.declared ? read(row.declared) : null;
}

function textOf(type: string, name: string, value: unknown): string {
  if (name === 'declared') return declaredText(value as DeclaredBy | null);
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return '';
  const unit = units[`${type}.${name}`] ?? units[name];
  return unit === undefined ? formatNumber(value) : formatBytes(value * unit);
}

function declaredText(object: DeclaredBy | null): string {
  if (!object) return '';
  return [`${object.namespace}/${object.name}`, object.ready, object.drifted ? t.drifted : ''].join(' ');
}

function cellOf(name: string, kind: ListColumn['kind']): TableColumn<ListRow>['cell'] {
  if (name === 'name') return nameCell;
  if (name === 'status') return statusCell;
  if (name === 'declared') return declaredCell;
  if (kind === 'time') return (row) => timeCell(row[name]);
  if (name === 'tags') return (row) => tags(row[name]);
  return undefined;
}

function nameCell(row: ListRow): TemplateResult {
  const href = rowHref(row);
  const name = row.name || row.id || '';
  return href === undefined
    ? html`<span class="name" title=${name}>${name}</span>`
    : html`<a class="name" href=${href} tabindex="-1" title=${name}>${name}</a>`;
}

function statusCell({ status }: ListRow): TemplateResult | typeof nothing {
  if (!status) return nothing;
  const tone = toneOf(status);
  return html`<span class="status ${tone}"><sw-icon name=${toneIcons[tone]}></sw-icon>${status}</span>`;
}

function declaredCell({ declared }: ListRow): TemplateResult {
  if (!declared) return html`<span class="quiet">${t.undeclared}</span>`;
  const full = `${declared.namespace}/${declared.name}`;
  const isReady = declared.ready === 'True';
  const [tone, icon, says] = declared.drifted
    ? (['warn', 'git-compare', t.drifted] as const)
    : ([isReady ? 'good' : 'busy', isReady ? 'check' : 'circle-dot', isReady ? t.ready : t.notReady] as const);
  return html`<span class="status ${tone}" title=${`${full}: ${says}`}><sw-icon name=${icon} label=${says}></sw-icon>${full}</span>`;
}

function timeCell(value: unknown): TemplateResult | typeof nothing {
  if (typeof value !== 'string') return nothing;
  return html`<time datetime=${value} title=${formatTime(value)}>${formatAgo(value)}</time>`;
}

function tags(value: unknown): TemplateResult {
  return html`${Array.isArray(value) ? value.map((tag) => html`<span class="tag">${String(tag)}</span>`) : nothing}`;
}
