import { html, nothing, type TemplateResult } from 'lit';
import type { CloudHypervisor, CloudQuota } from '../../data/capacity-lists.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { clusterTexts } from '../../texts/clusters.ts';
import { formatBytes, formatNumber, formatPercent } from '../../texts/format.ts';
import { wholeListTexts as t } from '../../texts/whole-lists.ts';
import { toneIcons } from './status.ts';

/** A column whose order is by a number or a text of its rows. */
export type WholeColumn<Row> = TableColumn<Row> & { readonly by: (row: Row) => number | string };

const MiB = 2 ** 20;
const GiB = 2 ** 30;

export function hypervisorColumns(): readonly WholeColumn<CloudHypervisor>[] {
  const { columns } = t;
  const use = (
    name: 'vcpus' | 'memory' | 'disk',
    of: (row: CloudHypervisor) => readonly [used: number, all: number],
    say: (n: number) => string,
  ) => ({
    name,
    label: columns[name],
    width: 210,
    isSortable: true,
    by: (row: CloudHypervisor) => shareOf(...of(row)),
    text: (row: CloudHypervisor) => t.used(say(of(row)[0]), say(of(row)[1])),
    cell: (row: CloudHypervisor) => bar(...of(row), t.used(say(of(row)[0]), say(of(row)[1]))),
  });
  return [
    { name: 'name', label: columns.name, width: 240, isPinned: true, isSortable: true, by: ({ name }) => name, text: ({ name }) => name },
    { name: 'cluster', label: columns.cluster, width: 130, isSortable: true, by: ({ cluster }) => cluster, text: ({ cluster }) => cluster },
    { name: 'state', label: columns.state, width: 130, isSortable: true, by: stateText, text: stateText, cell: stateCell },
    {
      name: 'instances',
      label: columns.instances,
      width: 110,
      align: 'end',
      isSortable: true,
      by: ({ instances }) => instances,
      text: ({ instances }) => formatNumber(instances),
      cell: (row) =>
        html`<a tabindex="-1" href=${`/resources/server?${new URLSearchParams({ filter: `host:${row.name} cluster:${row.cluster}` })}`}>${formatNumber(row.instances)}</a>`,
    },
    use('vcpus', ({ vcpusUsed, vcpus }) => [vcpusUsed, vcpus], formatNumber),
    use('memory', ({ memoryMiBUsed, memoryMiB }) => [memoryMiBUsed * MiB, memoryMiB * MiB], formatBytes),
    use('disk', ({ diskGiBUsed, diskGiB }) => [diskGiBUsed * GiB, diskGiB * GiB], formatBytes),
    {
      name: 'address',
      label: columns.address,
      width: 130,
      isSortable: true,
      by: ({ address }) => address ?? '',
      text: ({ address }) => address ?? '',
    },
    { name: 'kind', label: columns.kind, width: 90, isSortable: true, by: ({ kind }) => kind, text: ({ kind }) => kind },
  ];
}

export function quotaColumns(): readonly WholeColumn<CloudQuota>[] {
  const { columns } = t;
  return [
    { name: 'name', label: columns.quota, width: 220, isPinned: true, isSortable: true, by: quotaText, text: quotaText },
    { name: 'cluster', label: columns.cluster, width: 150, isSortable: true, by: ({ cluster }) => cluster, text: ({ cluster }) => cluster },
    { name: 'service', label: columns.service, width: 120, isSortable: true, by: serviceText, text: serviceText },
    {
      name: 'used',
      label: columns.used,
      width: 110,
      align: 'end',
      isSortable: true,
      by: ({ used }) => used,
      text: ({ used }) => formatNumber(used),
    },
    {
      name: 'limit',
      label: columns.limit,
      width: 110,
      align: 'end',
      isSortable: true,
      by: ({ limit }) => limit ?? Number.POSITIVE_INFINITY,
      text: ({ limit }) => (limit === null ? t.unlimited : formatNumber(limit)),
    },
    {
      name: 'share',
      label: columns.share,
      width: 220,
      isSortable: true,
      by: ({ used, limit }) => (limit === null ? -1 : shareOf(used, limit)),
      text: ({ used, limit }) => (limit === null ? '' : formatPercent(shareOf(used, limit))),
      cell: ({ used, limit }) => (limit === null ? nothing : bar(used, limit, formatPercent(shareOf(used, limit)))),
    },
  ];
}

/** Rows that hold a text somewhere, in the order of a column. */
export function arranged<Row>(
  rows: readonly Row[],
  columns: readonly WholeColumn<Row>[],
  { text, column, isDescending }: { readonly text: string; readonly column: string; readonly isDescending: boolean },
): readonly Row[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const holds = (row: Row) => {
    const said = columns
      .map((one) => one.text(row))
      .join('\n')
      .toLowerCase();
    return words.every((word) => said.includes(word));
  };
  const by = columns.find(({ name }) => name === column)?.by ?? columns[0]?.by;
  const found = rows.filter(holds);
  if (!by) return found;
  const sign = isDescending ? -1 : 1;
  return found.toSorted((a, b) => sign * compare(by(a), by(b)));
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'string' || typeof b === 'string') return String(a).localeCompare(String(b), undefined, { numeric: true });
  return a - b;
}

const shareOf = (used: number, all: number): number => (all > 0 ? used / all : 0);

const quotaText = ({ name }: CloudQuota): string => (clusterTexts.quotaNames as Readonly<Record<string, string>>)[name] ?? name;
const serviceText = ({ service }: CloudQuota): string => (t.services as Readonly<Record<string, string>>)[service] ?? service;

function stateText({ state, status }: CloudHypervisor): string {
  if (state !== 'up') return t.down;
  return status === 'enabled' ? t.up : t.disabled;
}

function stateCell(row: CloudHypervisor): TemplateResult {
  const tone = row.state === 'up' ? (row.status === 'enabled' ? 'good' : 'warn') : 'bad';
  return html`<span class="status ${tone}" title=${row.disabledReason ?? nothing}><sw-icon name=${toneIcons[tone]}></sw-icon>${stateText(row)}</span>`;
}

function bar(used: number, all: number, says: string): TemplateResult {
  const share = shareOf(used, all);
  return html`<span class="use"><meter min="0" max="1" low="0.7" high="0.85" optimum="0" value=${Math.min(1, share)} aria-label=${says}></meter>${says}</span>`;
}
