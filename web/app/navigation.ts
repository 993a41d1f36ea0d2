import { css, html, nothing } from 'lit';
import { may, session } from '../data/session.ts';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { frameTexts } from '../texts/frame.ts';
import { here } from './router.ts';
import { type Entry, routes } from './routes.ts';

/** The pages one may see, by group. */
export class SwNavigation extends SwElement {
  static override styles = [
    base,
    css`
      :host {
        overflow: auto;
        padding: var(--wa-space-s) var(--wa-space-xs);
        background: var(--wa-color-surface-lowered);
        border-inline-end: 1px solid var(--wa-color-surface-border);
      }
      h2 {
        padding: var(--wa-space-s) var(--wa-space-s) var(--wa-space-3xs);
        font-size: var(--wa-font-size-s);
        font-weight: 600;
        color: var(--wa-color-text-quiet);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      a {
        display: flex;
        align-items: center;
        gap: var(--wa-space-s);
        padding: 0.3rem var(--wa-space-s);
        border-radius: var(--wa-border-radius-m);
        color: var(--wa-color-text-normal);
      }
      a:hover {
        background: var(--wa-color-neutral-fill-quiet);
        text-decoration: none;
      }
      a[aria-current] {
        background: var(--wa-color-brand-fill-quiet);
        color: var(--wa-color-brand-on-quiet);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    follow(this, session, here);
  }

  override render() {
    const entries = routes.flatMap((route) =>
      (route.entries ?? []).filter((entry) => isOpen(entry.permission) && isOpen(route.permission)),
    );
    const groups = Object.keys(frameTexts.groups) as Entry['group'][];
    return html`<nav aria-label=${frameTexts.navigation}>
      ${groups.map((group) => {
        const own = entries.filter((entry) => entry.group === group);
        if (own.length === 0) return nothing;
        return html`<h2 id=${group}>${frameTexts.groups[group]}</h2>
          <ul aria-labelledby=${group}>
            ${own.map((entry) => html`<li>${link(entry)}</li>`)}
          </ul>`;
      })}
    </nav>`;
  }
}

function link({ href, icon, text }: Entry) {
  const { path } = here.value;
  const isCurrent = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
  return html`<a href=${href} aria-current=${isCurrent ? 'page' : nothing}><sw-icon name=${icon}></sw-icon>${text()}</a>`;
}

const isOpen = (permission: Entry['permission']) => permission === undefined || may(permission);

define('sw-navigation', SwNavigation);
