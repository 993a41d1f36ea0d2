import { css, html, nothing } from 'lit';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { frameTexts } from '../texts/frame.ts';
import { here, locate } from './router.ts';

export interface Crumb {
  readonly href: string;
  readonly text: string;
}

/** The pages above this one, by its address; nothing on pages that stand at the top. */
export class SwBreadcrumbs extends SwElement {
  static override styles = [
    base,
    css`
      ol {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-2xs);
        list-style: none;
        margin: 0;
        padding: 0 0 var(--wa-space-xs);
        font-size: var(--wa-font-size-s);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--wa-space-2xs);
        color: var(--wa-color-text-quiet);
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    follow(this, here);
  }

  override render() {
    const { path, route, params } = here.value;
    const crumbs = crumbsOf(path);
    if (crumbs.length === 0) return nothing;
    return html`<nav aria-label=${frameTexts.breadcrumbs}>
      <ol>
        ${crumbs.map(({ href, text }) => html`<li><a href=${href}>${text}</a><sw-icon name="chevron-right"></sw-icon></li>`)}
        <li aria-current="page">${route?.title(params)}</li>
      </ol>
    </nav>`;
  }
}

/** Every beginning of an address that is a page, shortest first, without the address itself. */
function crumbsOf(path: string): readonly Crumb[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.slice(0, -1).flatMap((_, index) => {
    const href = `/${parts.slice(0, index + 1).join('/')}`;
    const { route, params } = locate(new URL(href, window.location.origin));
    return route && !route.isOpen ? [{ href, text: route.title(params) }] : [];
  });
}

define('sw-breadcrumbs', SwBreadcrumbs);
