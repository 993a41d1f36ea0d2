import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import type { BulkPreview } from '../data/bulk.ts';
import { bulkTexts as t } from '../texts/bulk.ts';
import { formatNumber } from '../texts/format.ts';
import { obstacleText } from '../texts/obstacles.ts';
import { typeName } from '../texts/resource-types.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

/** What would become of many: how many can take it, why others cannot, what goes along and what is lost. */
export class SwBulkPreview extends SwElement {
  static override properties = { preview: { attribute: false }, fitsThen: { type: Boolean, attribute: 'fits-then' } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      ul {
        margin: var(--wa-space-3xs) 0 0;
        padding-inline-start: 1.2em;
      }
      li {
        overflow-wrap: anywhere;
      }
      .list {
        max-height: 14rem;
        overflow: auto;
      }
      summary {
        cursor: pointer;
      }
      .no {
        color: var(--wa-color-danger-on-quiet);
      }
    `,
  ];

  declare preview: BulkPreview;
  /** They are found by a filter, once more when it begins. */
  declare fitsThen: boolean;

  override render(): TemplateResult {
    const { possible, targets, byDeclaration, refused, takesAlong, loses, danger } = this.preview;
    const line = (what: string, count: number) => html`<li>${t.times(what, formatNumber(count))}</li>`;
    return html`
      <p>
        <strong>${possible === 0 ? t.noneCan : t.possible(formatNumber(possible), formatNumber(targets))}</strong>
        ${byDeclaration > 0 ? t.byDeclaration(formatNumber(byDeclaration)) : nothing}
        ${danger === 'interrupts' && possible > 0 ? t.interrupts : nothing}
      </p>
      ${loses.length > 0 ? html`<wa-callout variant="danger"><strong>${t.loses}</strong><ul>${loses.map(({ what, count }) => line(what, count))}</ul></wa-callout>` : nothing}
      ${takesAlong.length > 0 ? html`<div><strong>${t.along}</strong><ul>${takesAlong.map(({ type, what, count }) => line(`${typeName(type)}: ${what}`, count))}</ul></div>` : nothing}
      ${refused.length > 0 ? html`<wa-callout variant="warning"><strong>${t.refused}</strong><ul>${refused.map(({ title, detail, count }) => html`<li>${t.times(obstacleText({ reason: title, message: detail }), formatNumber(count))}</li>`)}</ul></wa-callout>` : nothing}
      ${this.fitsThen ? html`<p class="quiet">${t.fitsThen}</p>` : nothing}
      ${this.#each()}
    `;
  }

  #each(): TemplateResult {
    const { items, targets } = this.preview;
    const summary = items.length < targets ? t.firstOf(formatNumber(items.length), formatNumber(targets)) : t.which;
    return html`<details>
      <summary>${summary}</summary>
      <div class="list">
        <ul>
          ${items.map(({ cluster, id, name, problem }) => html`<li>${name || id} <span class="quiet">${cluster}</span>${problem ? html` <span class="no">✕ ${problem.detail}</span>` : nothing}</li>`)}
        </ul>
      </div>
    </details>`;
  }
}

define('sw-bulk-preview', SwBulkPreview);
