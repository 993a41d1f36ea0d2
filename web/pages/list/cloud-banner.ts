import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import type { CloudOfList } from '../../data/lists.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { formatAgo } from '../../texts/format.ts';
import { listTexts } from '../../texts/list.ts';

const t = listTexts.clouds;

/** Which clouds cannot be trusted to be as shown, and why; nothing when all can. Sends `retry`. */
export class SwListClouds extends SwElement {
  static override properties = { clouds: { attribute: false } };
  static override styles = [
    base,
    css`
      .banner {
        display: flex;
        align-items: start;
        gap: var(--wa-space-s);
        padding: var(--wa-space-xs) var(--wa-space-s);
        border: 1px solid var(--wa-color-warning-border-quiet);
        border-inline-start-width: 4px;
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-warning-fill-quiet);
        color: var(--wa-color-warning-on-quiet);
      }
      .banner.calm {
        border-color: var(--wa-color-brand-border-quiet);
        background: var(--wa-color-brand-fill-quiet);
        color: var(--wa-color-brand-on-quiet);
      }
      sw-icon {
        margin-block-start: 0.15rem;
      }
      summary {
        cursor: pointer;
      }
      ul {
        margin: 0.25rem 0 0;
        padding-inline-start: 1.2rem;
        max-height: 9rem;
        overflow: auto;
      }
      .why {
        overflow-wrap: anywhere;
      }
      a {
        color: inherit;
        text-decoration: underline;
      }
    `,
  ];

  declare clouds: readonly CloudOfList[];

  constructor() {
    super();
    this.clouds = [];
  }

  override render(): TemplateResult | typeof nothing {
    const bad = this.clouds.filter(({ state }) => state !== 'Fresh');
    if (bad.length === 0) return nothing;
    const isCalm = bad.every(({ state }) => state === 'Listing');
    return html`<div class="banner ${isCalm ? 'calm' : ''}" role="status">
      <sw-icon name=${isCalm ? 'refresh-cw' : 'triangle-alert'}></sw-icon>
      <div class="grow">
        ${
          bad.length === 1
            ? lineOf(bad[0] as CloudOfList)
            : html`<details><summary>${t.some(bad.length, this.clouds.length)}</summary><ul>${bad.map((cloud) => html`<li>${lineOf(cloud)}</li>`)}</ul></details>`
        }
      </div>
      <wa-button size="s" appearance="outlined" @click=${() => this.send('retry')}>${t.again}</wa-button>
    </div>`;
  }
}

function lineOf({ cluster, state, listedAt, error }: CloudOfList): TemplateResult {
  const since = listedAt === null ? '' : formatAgo(listedAt);
  const says = state === 'Fresh' ? '' : t[state](cluster, since);
  return html`<a href=${`/clusters/${encodeURIComponent(cluster)}`}>${cluster}</a> · ${says}${error ? html` <span class="why">${error.message}</span>` : nothing}`;
}

define('sw-list-clouds', SwListClouds);
