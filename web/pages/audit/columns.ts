import { css, html, type TemplateResult } from 'lit';
import type { AuditEntry } from '../../data/audit.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { eventName, auditTexts as t } from '../../texts/audit.ts';
import { formatTime } from '../../texts/format.ts';

const icons: Readonly<Record<string, IconName>> = { ok: 'circle-check', failed: 'circle-x', denied: 'lock', observed: 'eye' };

export function resultName(result: string): string {
  return t.result[result as keyof typeof t.result] ?? result;
}

/** A result in a colour, a shape and a word. */
export function resultMark(result: string): TemplateResult {
  return html`<span class="result ${result}"><sw-icon name=${icons[result] ?? 'info'}></sw-icon>${resultName(result)}</span>`;
}

/** `Volume shop/data`. */
export function objectName({ object }: AuditEntry): string {
  return object ? `${object.kind} ${object.namespace === '' ? '' : `${object.namespace}/`}${object.name}` : '';
}

export function columns(): readonly TableColumn<AuditEntry>[] {
  const { columns: name } = t;
  return [
    { name: 'at', label: name.at, width: 165, isPinned: true, text: ({ at }) => formatTime(at) },
    { name: 'result', label: name.result, width: 95, text: ({ result }) => resultName(result), cell: ({ result }) => resultMark(result) },
    { name: 'type', label: name.type, width: 150, text: ({ type }) => eventName(type) },
    { name: 'actor', label: name.actor, width: 150, text: ({ actor }) => actor },
    { name: 'object', label: name.object, width: 190, text: (row) => objectName(row) || (row.cloudId ?? '') },
    { name: 'cluster', label: name.cluster, width: 90, text: ({ cluster }) => cluster ?? '' },
    { name: 'message', label: name.message, width: 320, text: ({ message }) => message },
  ];
}

export const cellStyles = css`
  .result {
    display: inline-flex;
    align-items: center;
    gap: var(--wa-space-2xs);
    white-space: nowrap;
  }
  .result sw-icon {
    color: var(--wa-color-text-quiet);
  }
  .result.ok sw-icon {
    color: var(--wa-color-success-on-quiet);
  }
  .result.failed sw-icon,
  .result.denied sw-icon {
    color: var(--wa-color-danger-on-quiet);
  }
  .result.failed,
  .result.denied {
    font-weight: 600;
  }
`;
