import { html, nothing, type TemplateResult } from 'lit';
import type { Column, ResourceRow } from '../../data/resource.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { formatAgo, formatBytes, formatNumber, formatTime } from '../../texts/format.ts';

/** Bytes in one of what a column counts. */
const units: Readonly<Record<string, number>> = { ram: 1024 ** 2, swap: 1024 ** 2, size: 1024 ** 3, disk: 1024 ** 3, ephemeral: 1024 ** 3 };

/** A value of a column in words; nothing where there is none. */
export function cellOf({ name, kind }: Column, row: ResourceRow): TemplateResult | string | typeof nothing {
  const value = row[name];
  if (value === null || value === undefined || value === '') return nothing;
  if (Array.isArray(value)) return listed(value as readonly string[], kind === 'addresses' || name === 'macs');
  if (kind === 'flag') return value === true ? t.overview.yes : t.overview.no;
  if (kind === 'time') return html`${formatTime(value as string)} <span class="quiet">(${formatAgo(value as string)})</span>`;
  if (kind === 'number') return measured(name, value as number, row.type);
  return /^(?:id|project|fingerprint|cidr|device)$/.test(name) ? html`<span class="mono">${value}</span>` : (value as string);
}

/** Images are counted in bytes, volumes in GiB. */
function measured(name: string, value: number, type: string): string {
  const unit = type === 'image' && name === 'size' ? 1 : units[name];
  return unit === undefined ? formatNumber(value) : formatBytes(value * unit);
}

function listed(values: readonly string[], isMono: boolean): TemplateResult | typeof nothing {
  if (values.length === 0) return nothing;
  return html`<span class=${isMono ? 'mono' : ''}>${values.join(', ')}</span>`;
}
