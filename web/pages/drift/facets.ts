import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/details/details.js';
import { withQuery } from '../../app/router.ts';
import type { DriftGroup, DriftSurvey } from '../../data/drift.ts';
import { inline, pathParts } from '../../elements/diff-text.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { driftTexts as t } from '../../texts/drift.ts';
import { formatNumber } from '../../texts/format.ts';
import { kindName } from '../../texts/kinds.ts';
import { stampPath } from './drift-item.ts';
import type { DriftView } from './query.ts';

/** What is amiss by the same difference, by cluster and by type; each leads to what it counts. */
export class SwDriftFacets extends SwElement {
  static override properties = { survey: { attribute: false }, view: { attribute: false }, isNarrow: { state: true } };
  static override styles = [
    base,
    css`
      section + section {
        margin-block-start: var(--wa-space-m);
      }
      h2 {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        padding: var(--wa-space-3xs) var(--wa-space-xs);
        font-size: var(--wa-font-size-s);
        color: var(--wa-color-text-quiet);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li a {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--wa-space-xs);
        padding: var(--wa-space-2xs) var(--wa-space-xs);
        border-radius: var(--wa-border-radius-m);
        color: var(--wa-color-text-normal);
      }
      li a:hover {
        background: var(--wa-color-neutral-fill-quiet);
        text-decoration: none;
      }
      a[aria-current] {
        background: var(--wa-color-brand-fill-quiet);
        color: var(--wa-color-brand-on-quiet);
      }
      .what {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .what > span {
        display: block;
      }
      .small {
        font-size: var(--wa-font-size-s);
      }
      .count {
        font-variant-numeric: tabular-nums;
      }
      wa-details::part(content) {
        padding-block-start: 0;
      }
    `,
  ];

  declare survey: DriftSurvey | undefined;
  declare view: DriftView;
  declare isNarrow: boolean;
  readonly #narrow = matchMedia('(max-width: 1000px)');
  readonly #turned = (): void => void (this.isNarrow = this.#narrow.matches);

  constructor() {
    super();
    this.isNarrow = this.#narrow.matches;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#narrow.addEventListener('change', this.#turned);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#narrow.removeEventListener('change', this.#turned);
  }

  override render() {
    const { survey, view } = this;
    if (!survey) return nothing;
    const { groups, moreGroups, counts } = survey;
    const parts = html`
      ${
        groups.length === 0
          ? nothing
          : this.#section(
              'groups',
              t.groups,
              view.group !== '',
              'group',
              groups.map((group) => this.#group(group)),
              moreGroups,
            )
      }
      ${
        counts.cluster.length < 2 && view.cluster === ''
          ? nothing
          : this.#section(
              'clusters',
              t.clusters,
              view.cluster !== '',
              'cluster',
              counts.cluster.map(({ value, count }) => entry({ cluster: value }, value, count, view.cluster === value)),
            )
      }
      ${
        counts.kind.length < 2 && view.kind === ''
          ? nothing
          : this.#section(
              'kinds',
              t.kinds,
              view.kind !== '',
              'kind',
              counts.kind.map(({ value, count }) => entry({ kind: value }, kindName(value), count, view.kind === value)),
            )
      }
    `;
    return this.isNarrow ? html`<wa-details .summary=${t.facets} appearance="outlined">${parts}</wa-details>` : parts;
  }

  #section(id: string, heading: string, isChosen: boolean, parameter: string, entries: readonly TemplateResult[], more = 0) {
    return html`<section aria-labelledby=${id}>
      <h2 id=${id}>${heading}${isChosen ? html`<a href=${withQuery({ [parameter]: undefined })}>${t.clear}</a>` : nothing}</h2>
      <ul>
        ${entries.slice(0, 40).map((one) => html`<li>${one}</li>`)}
      </ul>
      ${more + Math.max(0, entries.length - 40) > 0 ? html`<p class="quiet small">${t.moreGroups(more + Math.max(0, entries.length - 40))}</p>` : nothing}
    </section>`;
  }

  #group({ key, cause, kind, path, declared, observed, count, clusters }: DriftGroup): TemplateResult {
    const where = clusters.length === 1 ? clusters[0] : t.in(clusters.length);
    const isField = path !== undefined && path !== '';
    const what = isField
      ? html`<span class="mono">${path === stampPath ? t.stamp : pathParts(path).slice(1).join('.') || path}</span>
          <span class="mono small">${said(declared)} <span aria-hidden="true">→</span> ${said(observed)}</span>`
      : html`<span>${kindName(kind)}</span>`;
    return html`<a href=${withQuery({ group: key })} aria-current=${this.view.group === key ? 'true' : nothing}>
      <span class="what">${what}<span class="quiet small">${isField ? kindName(kind) : t.causes[cause]} · ${where}</span></span>
      <span class="count">${formatNumber(count)}</span>
    </a>`;
  }
}

function said(value: unknown): string {
  const text = inline(value);
  if (text === '') return '∅';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function entry(change: Record<string, string>, text: string, count: number, isCurrent: boolean): TemplateResult {
  return html`<a href=${withQuery(change)} aria-current=${isCurrent ? 'true' : nothing}
    ><span class="what">${text}</span><span class="count">${formatNumber(count)}</span></a
  >`;
}

define('sw-drift-facets', SwDriftFacets);
