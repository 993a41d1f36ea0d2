import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { type Column, columnsOfType, type Related, type ResourceRow } from '../../data/resource.ts';
import { base, define } from '../../elements/element.ts';
import { columnLabel } from '../../texts/columns.ts';
import { relationName, detailTexts as t } from '../../texts/detail.ts';
import { cellOf } from './cell.ts';
import { hrefOf } from './header.ts';
import { SwDetailPart } from './part.ts';
import { statusOf, statusStyles } from './status.ts';
import { detailStyles } from './styles.ts';

/** What the header shows already. */
const inHeader: ReadonlySet<string> = new Set([
  'cluster',
  'id',
  'name',
  'status',
  'project',
  'declared',
  'kind',
  'namespace',
  'object',
  'ready',
  'drifted',
  'missing',
  'fault',
]);

/** All columns of a resource, its metadata, and what belongs to it. */
export class SwDetailOverview extends SwDetailPart {
  static override properties = { ...SwDetailPart.properties, columns: { state: true } };
  static override styles = [
    base,
    detailStyles,
    statusStyles,
    css`
      .halves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr));
        gap: var(--wa-space-l);
        align-items: start;
      }
      dd a:not(:last-child)::after {
        content: ', ';
      }
      .related {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--wa-space-s);
      }
      wa-callout {
        margin-block-end: var(--wa-space-m);
      }
    `,
  ];

  declare columns: readonly Column[];

  constructor() {
    super();
    this.columns = [];
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('detail') && this.columns.length === 0) void this.#bring();
  }

  override render() {
    const { row, body, related } = this.detail;
    const metadata = Object.entries((body?.['metadata'] ?? {}) as Readonly<Record<string, unknown>>);
    return html`
      ${
        row['fault']
          ? html`<wa-callout variant="danger"><sw-icon slot="icon" name="circle-x"></sw-icon><strong>${t.overview.fault}.</strong> ${row['fault']}</wa-callout>`
          : nothing
      }
      <div class="halves">
        <section>
          <h2>${t.overview.properties}</h2>
          <dl>${this.#properties(row)}</dl>
        </section>
        <div class="sections">
          <section>
            <h2>${t.overview.related}</h2>
            ${related.length === 0 ? html`<p class="quiet">${t.overview.noRelated}</p>` : html`<dl>${related.map(relation)}</dl>`}
          </section>
          ${
            metadata.length === 0
              ? nothing
              : html`<section>
                  <h2>${t.overview.metadata}</h2>
                  <dl>${metadata.map(([key, value]) => html`<dt class="mono">${key}</dt><dd class="mono">${String(value)}</dd>`)}</dl>
                </section>`
          }
        </div>
      </div>
    `;
  }

  #properties(row: ResourceRow): (TemplateResult | typeof nothing)[] {
    return this.columns
      .filter(({ name }) => !inHeader.has(name))
      .map((column) => {
        const cell = cellOf(column, row);
        return cell === nothing ? nothing : html`<dt>${columnLabel(column.name)}</dt><dd>${cell}</dd>`;
      });
  }

  async #bring(): Promise<void> {
    // Without them the page still shows the rest; the next look asks again.
    this.columns = await columnsOfType(this.detail.row.type).catch(() => []);
  }
}

function relation({ relation: name, count, items }: Related): TemplateResult {
  const rest = count - items.length;
  return html`<dt>${relationName(name)}</dt>
    <dd class="related">
      ${items.map((item) => {
        const label = (item['name'] as string | null) || addressOf(item) || item.id || '';
        const href = hrefOf(item);
        return html`<span>${href === undefined ? label : html`<a href=${href}>${label}</a>`} ${isTelling(item) ? statusOf(item['status']) : nothing}</span>`;
      })}
      ${rest > 0 ? html`<span class="quiet">${t.overview.more(rest)}</span>` : nothing}
    </dd>`;
}

function addressOf(item: ResourceRow): string | undefined {
  return (item['addresses'] as readonly string[] | undefined)?.[0];
}

/** Of what is as it should be nothing need be said. */
function isTelling(item: ResourceRow): boolean {
  return !/^(?:active|available|in-use|down)$/i.test((item['status'] as string | undefined) ?? '');
}

define('sw-detail-overview', SwDetailOverview);
