import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/tag/tag.js';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
import { type DriftField, type DriftItem, driftOf, type Way } from '../../data/drift.ts';
import '../../elements/diff.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { problemText } from '../../elements/state.ts';
import { driftTexts as t } from '../../texts/drift.ts';
import { formatAgo, formatList, formatTime } from '../../texts/format.ts';
import { kindName } from '../../texts/kinds.ts';
import { obstacleOf } from './settling.ts';

const wayIcons: Readonly<Record<Way, IconName>> = { accept: 'check', revert: 'undo-2', ignore: 'eye-off' };
export const ways: readonly Way[] = ['accept', 'revert', 'ignore'];

/** One object that is not as declared: what differs, since when, by whom, and what to do. Sends `sw-settle` {way, item}, `sw-choose` {item, isChosen}. */
export class SwDriftItem extends SwElement {
  static override properties = {
    item: { attribute: false },
    chosen: { type: Boolean },
    /** Without a box to choose it by, and without its name: where the page is about this object. */
    alone: { type: Boolean },
    who: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        padding: var(--wa-space-s);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-surface-default);
      }
      :host([chosen]) {
        border-color: var(--wa-color-brand-border-loud);
        background: var(--wa-color-brand-fill-quiet);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-2xs) var(--wa-space-s);
        padding-block-end: var(--wa-space-xs);
      }
      .head > * {
        min-width: 0;
      }
      h3 {
        display: inline-flex;
        flex-wrap: wrap;
        gap: 0 0.4em;
        align-items: baseline;
        overflow-wrap: anywhere;
      }
      h3 .quiet {
        font-weight: 400;
      }
      .about {
        flex: 1 1 14rem;
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-3xs) var(--wa-space-s);
        color: var(--wa-color-text-quiet);
        font-size: var(--wa-font-size-s);
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-2xs);
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-2xs) var(--wa-space-m);
        padding-block-start: var(--wa-space-2xs);
        font-size: var(--wa-font-size-s);
        color: var(--wa-color-text-quiet);
      }
      .foot:empty {
        display: none;
      }
      .note {
        overflow-wrap: anywhere;
      }
      button.link {
        padding: 0;
        border: 0;
        background: none;
        color: var(--wa-color-text-link);
        font: inherit;
        cursor: pointer;
      }
      wa-checkbox {
        margin-block: 0;
      }
    `,
  ];

  declare item: DriftItem;
  declare chosen: boolean;
  declare alone: boolean;
  /** Who changed it, by the log of the cloud, once it was asked. */
  declare who: string | undefined;

  constructor() {
    super();
    this.chosen = false;
    this.alone = false;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('item');
    if (before && (before.id !== this.item.id || before.since !== this.item.since)) this.who = undefined;
  }

  override render() {
    const { item } = this;
    return html`
      <div class="head">
        ${this.alone ? nothing : this.#name()}
        <div class="about">${this.#about()}</div>
        <div class="ways">${ways.map((way) => this.#way(way))}</div>
      </div>
      <sw-diff plain .changes=${item.fields.map(changeOf)} .labels=${{ before: t.declared, after: t.observed }}></sw-diff>
      <div class="foot">${this.#foot()}</div>
    `;
  }

  #name(): TemplateResult {
    const { item } = this;
    const { kind, name, namespace } = item;
    const called = `${kindName(kind)} ${name}`;
    const choose = (event: Event) => this.send('sw-choose', { item, isChosen: (event.target as HTMLInputElement).checked });
    return html`<wa-checkbox size="s" .checked=${this.chosen} @change=${choose}><span class="unseen">${t.select(called)}</span></wa-checkbox>
      <h3><span class="quiet">${kindName(kind)}</span> <a href=${hrefOf(item)}>${name}</a> <span class="quiet">${namespace}</span></h3>`;
  }

  #about(): (TemplateResult | typeof nothing)[] {
    const { item } = this;
    const { cluster, since, policy, owner, correctsAt, fields } = item;
    const times = Math.max(0, ...fields.map(({ corrected = 0 }) => corrected));
    return [
      html`<span><span class="unseen">${t.cluster} </span>${cluster}</span>`,
      since ? html`<span title=${formatTime(since)}>${t.since(formatAgo(since))}</span>` : nothing,
      policy ? html`<span title=${t.policyHint[policy]}>${t.policy[policy]}</span>` : nothing,
      owner ? html`<span title=${t.ownerHint}>${t.owner(owner)}</span>` : nothing,
      correctsAt ? html`<span>${t.correctsAt(formatTime(correctsAt, { withSeconds: false }))}</span>` : nothing,
      times > 0 ? html`<wa-tag size="s" variant="warning">${t.times(times)}</wa-tag>` : nothing,
      fields.some(({ isAsked }) => isAsked) ? html`<wa-tag size="s" variant="brand">${t.asked}</wa-tag>` : nothing,
    ];
  }

  #way(way: Way): TemplateResult {
    const obstacle = obstacleOf(this.item, way);
    const id = `way-${way}`;
    return html`<wa-button
        id=${id}
        size="s"
        appearance="outlined"
        class=${way}
        ?disabled=${obstacle !== undefined}
        aria-describedby=${obstacle ? `${id}-why` : nothing}
        @click=${() => this.send('sw-settle', { way, item: this.item })}
        ><sw-icon slot="start" name=${wayIcons[way]}></sw-icon>${t.ways[way]}</wa-button
      ><wa-tooltip for=${id}>${obstacle ? t.obstacles[obstacle] : t.wayHints[way]}</wa-tooltip
      >${obstacle ? html`<span class="unseen" id=${`${id}-why`}>${t.obstacles[obstacle]}</span>` : nothing}`;
  }

  #foot(): (TemplateResult | typeof nothing)[] {
    const { kind, namespace, name, note } = this.item;
    const place = [kind, namespace, name].map(encodeURIComponent).join('/');
    return [
      note === undefined ? nothing : html`<span class="note" title=${note}>${t.contestedNote}</span>`,
      html`<span>${this.who === undefined ? html`<button class="link" @click=${() => this.#askWho()}>${t.who}</button>` : this.who}</span>`,
      html`<a href="/history/${place}">${t.history}</a>`,
      html`<a href="/audit?object=${place}">${t.audit}</a>`,
    ];
  }

  async #askWho(): Promise<void> {
    this.who = '…';
    try {
      const { changedBy } = await driftOf(this.item);
      this.who = changedBy.length > 0 ? t.changedBy(formatList(changedBy)) : t.nobody;
    } catch (error) {
      this.who = problemText(error);
    }
  }
}

/** Whose it is, written to the resource itself. */
export const stampPath = 'metadata.uid';

/** Declared and observed as a comparison; the whole resource in words. */
export function changeOf({ path, declared, observed }: DriftField) {
  if (path === '') return { path, from: t.present, to: t.gone };
  if (path === stampPath) return { path: t.stamp, from: declared, to: observed };
  return { path, from: declared, to: observed };
}

/** The detail of the resource, where there is one. */
export function hrefOf({ type, cluster, id, kind, namespace, name }: DriftItem): string {
  if (id) return `/resources/${type}/${[cluster, id].map(encodeURIComponent).join('/')}`;
  return `/history/${[kind, namespace, name].map(encodeURIComponent).join('/')}`;
}

define('sw-drift-item', SwDriftItem);
