import { css, html, type TemplateResult } from 'lit';
import type { DeclaredThen, ObjectThen, ObservedThen } from '../../data/history.ts';
import { linesOf } from '../../elements/diff-text.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { formatAgo, formatTime } from '../../texts/format.ts';
import { historyTexts as t } from '../../texts/history.ts';

/** What was declared of an object and what the cloud held, beside each other. */
export class SwObjectThen extends SwElement {
  static override properties = { object: { attribute: false } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--wa-space-m);
      }
      section {
        min-width: 0;
      }
      h2 {
        font-size: var(--wa-font-size-m);
        padding-block-end: var(--wa-space-2xs);
      }
      pre {
        margin: 0;
        padding: var(--wa-space-s);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-surface-lowered);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      @media (max-width: 820px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  declare object: ObjectThen;

  override render(): TemplateResult {
    const { declared, observed } = this.object;
    return html`<section aria-label=${t.declared}>
        <h2>${t.declared}</h2>
        ${declaredText(declared)}
      </section>
      <section aria-label=${t.observed}>
        <h2>${t.observed}</h2>
        ${observedText(observed)}
      </section>`;
  }
}

function declaredText({ state, revision = 0, since, spec, knownSince, deletedAt, deletedBy = '' }: DeclaredThen): TemplateResult {
  if (state === 'declared')
    return html`<p class="quiet">${t.declaredSince(revision, since ? formatAgo(since) : '')}</p>
      ${document({ spec })}`;
  if (state === 'unknown') return html`<p>${t.unknownBefore(formatTime(knownSince ?? Date.now()))}</p>`;
  return html`<p>${deletedAt ? t.deleted(deletedBy, formatTime(deletedAt)) : t.notDeclared}</p>`;
}

function observedText({ state, body, since, goneAt, knownSince }: ObservedThen): TemplateResult {
  if (state === 'present')
    return html`<p class="quiet">${since ? formatTime(since) : ''}</p>
      ${document(body)}`;
  if (state === 'unknown') return html`<p>${knownSince ? t.unknownBefore(formatTime(knownSince)) : t.unknown}</p>`;
  return html`<p>${goneAt ? t.gone(formatTime(goneAt)) : t.absent}</p>`;
}

export function document(value: unknown): TemplateResult {
  return html`<pre tabindex="0">${linesOf(value).join('\n')}</pre>`;
}

define('sw-object-then', SwObjectThen);
