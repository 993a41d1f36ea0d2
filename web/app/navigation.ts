import { css, html, nothing } from 'lit';
import { counts, driftCount } from '../data/counts.ts';
import { ownTerminals } from '../data/own-terminals.ts';
import { session } from '../data/session.ts';
import { follow, Stored } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { formatNumber } from '../texts/format.ts';
import { frameTexts } from '../texts/frame.ts';
import { terminalsTexts } from '../texts/terminals.ts';
import { visibleEntries } from './entries.ts';
import type { Entry } from './route.ts';
import { here } from './router.ts';

/** Only icons, to leave room for the page; remembered in this browser. */
export const isCollapsed = new Stored(localStorage.getItem('navigation') === 'collapsed');

function setCollapsed(isSmall: boolean): void {
  localStorage.setItem('navigation', isSmall ? 'collapsed' : 'open');
  isCollapsed.set(isSmall);
}

/** The pages one may see, by group, with how much there is of each. `whole`: as a drawer, which is never collapsed. */
export class SwNavigation extends SwElement {
  static override properties = { whole: { type: Boolean } };
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        overflow: auto;
        padding: var(--wa-space-xs);
        background: var(--wa-color-surface-lowered);
        border-inline-end: 1px solid var(--wa-color-surface-border);
        scrollbar-width: thin;
      }
      nav {
        flex: 1;
      }
      h2 {
        padding: var(--wa-space-s) var(--wa-space-xs) var(--wa-space-3xs);
        font-size: var(--wa-font-size-s);
        font-weight: 600;
        color: var(--wa-color-text-quiet);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      a,
      button {
        display: flex;
        align-items: center;
        gap: var(--wa-space-s);
        width: 100%;
        min-height: 1.9rem;
        padding: 0.15rem var(--wa-space-xs);
        border: 0;
        border-radius: var(--wa-border-radius-m);
        background: none;
        color: var(--wa-color-text-normal);
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      a:hover,
      button:hover {
        background: var(--wa-color-neutral-fill-quiet);
        text-decoration: none;
      }
      a[aria-current] {
        background: var(--wa-color-brand-fill-quiet);
        color: var(--wa-color-brand-on-quiet);
        font-weight: 600;
        box-shadow: inset 3px 0 0 var(--wa-color-brand-fill-loud);
      }
      .text {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .count {
        font-size: var(--wa-font-size-s);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
        color: var(--wa-color-text-quiet);
      }
      .alarm {
        padding: 0 0.4rem;
        border-radius: 1rem;
        background: var(--wa-color-warning-fill-quiet);
        color: var(--wa-color-warning-on-quiet);
        font-weight: 600;
      }
      .small h2,
      .small .text,
      .small .count {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .small ul + h2 + ul {
        border-block-start: 1px solid var(--wa-color-surface-border);
        margin-block-start: var(--wa-space-xs);
        padding-block-start: var(--wa-space-xs);
      }
      .small a {
        justify-content: center;
      }
      .fold {
        color: var(--wa-color-text-quiet);
        flex: none;
      }
      .fold.small {
        justify-content: center;
      }
    `,
  ];

  declare whole: boolean;

  constructor() {
    super();
    this.whole = false;
    follow(this, session, here, counts, driftCount, ownTerminals, isCollapsed);
  }

  override render() {
    const isSmall = isCollapsed.value && !this.whole;
    const entries = visibleEntries();
    const groups = Object.keys(frameTexts.groups) as Entry['group'][];
    const current = currentOf(entries);
    return html`<nav class=${isSmall ? 'small' : ''} aria-label=${frameTexts.navigation}>
        ${groups.map((group) => {
          const own = entries.filter((entry) => entry.group === group);
          if (own.length === 0) return nothing;
          return html`<h2 id=${group}>${frameTexts.groups[group]}</h2>
            <ul aria-labelledby=${group}>
              ${own.map((entry) => html`<li>${link(entry, { isSmall, isCurrent: entry === current })}</li>`)}
            </ul>`;
        })}
      </nav>
      ${this.whole ? nothing : fold(isSmall)}`;
  }
}

/** The entry of the page one is at: of several above it the closest. */
function currentOf(entries: readonly Entry[]): Entry | undefined {
  const { path } = here.value;
  const above = entries.filter(({ href }) => path === href || (href !== '/' && path.startsWith(`${href}/`)));
  return above.toSorted((a, b) => b.href.length - a.href.length)[0];
}

function link({ href, icon, text }: Entry, { isSmall, isCurrent }: { readonly isSmall: boolean; readonly isCurrent: boolean }) {
  return html`<a href=${href} aria-current=${isCurrent ? 'page' : nothing} title=${isSmall ? text() : nothing}>
    <sw-icon name=${icon}></sw-icon><span class="text">${text()}</span>${countOf(href)}
  </a>`;
}

/** How many rows the list has that an entry leads to. */
function countOf(href: string) {
  if (href === '/terminals') {
    const running = ownTerminals.value?.length ?? 0;
    return running > 0 ? html`<span class="count" title=${terminalsTexts.count(running)}>${formatNumber(running)}</span>` : nothing;
  }
  if (href === '/drift') return driftCount.value ? html`<span class="count alarm">${formatNumber(driftCount.value)}</span>` : nothing;
  const found = counts.value[/^\/resources\/(\w+)$/.exec(href)?.[1] ?? ''];
  if (!found) return nothing;
  const count = formatNumber(found.count);
  return html`<span class="count">${found.exact ? count : frameTexts.about(count)}</span>`;
}

function fold(isSmall: boolean) {
  const text = isSmall ? frameTexts.expand : frameTexts.collapse;
  return html`<button class="fold ${isSmall ? 'small' : ''}" aria-label=${text} title=${text} @click=${() => setCollapsed(!isSmall)}>
    <sw-icon name=${isSmall ? 'chevron-right' : 'chevron-left'}></sw-icon>
  </button>`;
}

define('sw-navigation', SwNavigation);
