import { html, type TemplateResult } from 'lit';
import { base, define } from '../../../elements/element.ts';
import { SwPage } from '../../../elements/page.ts';
import { terminalAccessTexts as t } from '../../../texts/terminal-access.ts';
import { tabIn, tabs } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import './host-keys.ts';
import './keys.ts';
import './profiles.ts';

const names = ['profiles', 'keys', 'hosts'] as const;

/** How people sign in to instances, and by which keys instances are known. */
export class SwTerminalAccess extends SwPage {
  static override styles = [base, adminStyles];

  override render(): TemplateResult {
    const tab = tabIn(names, this.query);
    return html`<sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.about}</p></sw-page-header>
      ${tabs(names, tab, (name) => t.tabs[name], t.title)} ${parts[tab]()}`;
  }
}

const parts: Readonly<Record<(typeof names)[number], () => TemplateResult>> = {
  profiles: () => html`<sw-terminal-profiles></sw-terminal-profiles>`,
  keys: () => html`<sw-terminal-keys></sw-terminal-keys>`,
  hosts: () => html`<sw-terminal-hosts></sw-terminal-hosts>`,
};

define('sw-terminal-access', SwTerminalAccess);
