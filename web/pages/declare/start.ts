import { css, html } from 'lit';
import type { Permission } from '#api/auth/permissions.ts';
import { may, session } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { SwPage } from '../../elements/page.ts';
import { declareTexts as t } from '../../texts/declare.ts';

interface Way {
  readonly href: string;
  readonly icon: IconName;
  readonly permission: Permission;
  readonly text: () => { readonly title: string; readonly text: string };
}

const creating: readonly Way[] = [
  { href: '/declare/instance', icon: 'server', permission: 'instance.change', text: () => t.instance },
  { href: '/declare/volume', icon: 'hard-drive', permission: 'volume.change', text: () => t.volume },
  { href: '/declare/network', icon: 'network', permission: 'network.change', text: () => t.network },
  { href: '/declare/security-group', icon: 'shield', permission: 'securityGroup.change', text: () => t.securityGroup },
];
const others: readonly Way[] = [
  { href: '/declare/editor', icon: 'file-pen-line', permission: 'plan.read', text: () => t.editor },
  { href: '/declare/adopt', icon: 'badge-check', permission: 'cluster.read', text: () => t.adopt },
  { href: '/declare/export', icon: 'download', permission: 'plan.read', text: () => t.export },
];

/** The ways there are to declare something. */
export class SwDeclareStart extends SwPage {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-m);
      }
      ul {
        list-style: none;
        margin: var(--wa-space-s) 0 0;
        padding: 0;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr));
        gap: var(--wa-space-s);
      }
      .way {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--wa-space-2xs) var(--wa-space-s);
        height: 100%;
        align-content: start;
        padding: var(--wa-space-s) var(--wa-space-m);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-surface-raised);
        color: inherit;
      }
      a.way:hover {
        text-decoration: none;
        border-color: var(--wa-color-brand-border-loud);
      }
      .way > sw-icon {
        width: 1.4rem;
        height: 1.4rem;
        color: var(--wa-color-brand-on-quiet);
      }
      .way strong {
        align-self: center;
      }
      .way span {
        grid-column: 2;
      }
      .closed > sw-icon {
        color: var(--wa-color-text-quiet);
      }
    `,
  ];

  constructor() {
    super();
    follow(this, session);
  }

  override render() {
    return html`
      <sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.about}</p></sw-page-header>
      ${this.#group(t.create, creating)} ${this.#group(t.more, others)}
    `;
  }

  #group(heading: string, ways: readonly Way[]) {
    return html`<section><h2>${heading}</h2><ul>${ways.map((way) => html`<li>${wayCard(way)}</li>`)}</ul></section>`;
  }
}

function wayCard({ href, icon, permission, text }: Way) {
  const { title, text: about } = text();
  const inside = html`<sw-icon name=${icon}></sw-icon><strong>${title}</strong><span class="quiet">${about}</span>`;
  if (may(permission)) return html`<a class="way" href=${href}>${inside}</a>`;
  return html`<div class="way closed" aria-disabled="true">${inside}<span class="quiet"><sw-icon name="lock"></sw-icon> ${t.needs(permission)}</span></div>`;
}

define('sw-declare-start', SwDeclareStart);
