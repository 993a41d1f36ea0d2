import { css, html, type TemplateResult } from 'lit';
import type { AuditEntry } from '../../data/audit.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { eventName, auditTexts as t } from '../../texts/audit.ts';
import { timeZone } from '../../texts/format.ts';
import { kindName } from '../../texts/kinds.ts';
import { languageTag } from '../../texts/language.ts';

const icons: Readonly<Record<string, IconName>> = { ok: 'circle-check', failed: 'circle-x', denied: 'lock', observed: 'eye' };

export function resultName(result: string): string {
  return t.result[result as keyof typeof t.result] ?? result;
}

/** A result in a colour, a shape and a word. */
export function resultMark(result: string): TemplateResult {
  return html`<span class="result ${result}"><sw-icon name=${icons[result] ?? 'info'}></sw-icon>${resultName(result)}</span>`;
}

/** `Security group shop/web`. */
export function objectName({ object }: AuditEntry): string {
  return object ? `${kindName(object.kind)} ${object.namespace === '' ? '' : `${object.namespace}/`}${object.name}` : '';
}

/** The reconciler and nobody known have names that say more than what is stored. */
export function actorName(actor: string): string {
  if (actor === 'system:stackwarden-controller') return t.reconciler;
  return actor === 'unknown' ? t.unknown : actor;
}

/** `11-29 21:03:12`: entries lie close together, and each shows its whole time. */
function shortTime(at: string): string {
  const isThisYear = new Date(at).getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(languageTag(), {
    ...(!isThisYear && { year: 'numeric' }),
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timeZone.value !== undefined && { timeZone: timeZone.value }),
  }).format(new Date(at));
}

export function columns(): readonly TableColumn<AuditEntry>[] {
  const { columns: name } = t;
  return [
    { name: 'at', label: name.at, width: 150, isPinned: true, text: ({ at }) => shortTime(at) },
    { name: 'result', label: name.result, width: 115, text: ({ result }) => resultName(result), cell: ({ result }) => resultMark(result) },
    { name: 'type', label: name.type, width: 165, text: ({ type }) => eventName(type) },
    { name: 'actor', label: name.actor, width: 130, text: ({ actor }) => actorName(actor) },
    { name: 'object', label: name.object, width: 210, text: (row) => objectName(row) || (row.cloudId ?? '') },
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
