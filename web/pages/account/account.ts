import { Task } from '@lit/task';
import { css, html } from 'lit';
import { type Account, readAccount } from '../../data/account.ts';
import { session } from '../../data/session.ts';
import { base, define } from '../../elements/element.ts';
import { loaded } from '../../elements/loaded.ts';
import { SwPage } from '../../elements/page.ts';
import { accountTexts as t } from '../../texts/account.ts';
import { tabIn, tabs } from '../admin/parts.ts';
import { adminStyles } from '../admin/styles.ts';
import './display-settings.ts';
import './password.ts';
import './profile.ts';
import './second-factor.ts';
import './sessions.ts';
import './shortcut-settings.ts';
import './tokens.ts';

const names = ['profile', 'security', 'sessions', 'tokens', 'display', 'shortcuts'] as const;

/** One's own account: who one is, what opens it, where one is signed in, and how pages look. */
export class SwAccount extends SwPage {
  static override styles = [
    base,
    adminStyles,
    css`
      .content {
        max-width: 64rem;
      }
    `,
  ];

  readonly #account = new Task(this, { task: () => readAccount(), args: () => [] });

  override render() {
    const tab = tabIn(names, this.query);
    return html`<sw-page-header .heading=${t.title}></sw-page-header>
      ${tabs(names, tab, (name) => t.tabs[name], t.tabsLabel)}
      <div class="content">${this.#content(tab)}</div>`;
  }

  #content(tab: (typeof names)[number]) {
    if (tab === 'display') return html`<sw-display-settings></sw-display-settings>`;
    if (tab === 'shortcuts') return html`<sw-shortcut-settings></sw-shortcut-settings>`;
    if (session.value?.id === undefined) return html`<sw-empty icon="user" .heading=${t.nobody.title} .text=${t.nobody.text}></sw-empty>`;
    if (tab === 'sessions') return html`<sw-own-sessions></sw-own-sessions>`;
    if (tab === 'tokens') return html`<sw-own-tokens></sw-own-tokens>`;
    return loaded(this.#account, (account) => this.#own(tab, account));
  }

  #own(tab: 'profile' | 'security', account: Account) {
    const changed = () => void this.#account.run();
    if (tab === 'profile') return html`<sw-own-profile .account=${account} @sw-changed=${changed}></sw-own-profile>`;
    return html`<div class="halves">
      <sw-own-password .account=${account} @sw-changed=${changed}></sw-own-password>
      <sw-second-factor .account=${account} @sw-changed=${changed}></sw-second-factor>
    </div>`;
  }
}

define('sw-account', SwAccount);
