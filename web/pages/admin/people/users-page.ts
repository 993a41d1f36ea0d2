import { html, nothing } from 'lit';
import { navigate, setQuery } from '../../../app/router.ts';
import type { Person } from '../../../data/people.ts';
import { base, define } from '../../../elements/element.ts';
import { SwPage } from '../../../elements/page.ts';
import { peopleTexts as t } from '../../../texts/people.ts';
import { actButton, tabIn, tabs } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import './invitation-list.ts';
import type { SwInvitationList } from './invitation-list.ts';
import './invite.ts';
import './new-user.ts';
import './registration-list.ts';
import { mayNotChangePeople } from './rights.ts';
import './user-list.ts';

const names = ['people', 'invitations', 'registrations'] as const;

/** Who may sign in: people, invitations, registrations. */
export class SwUsers extends SwPage {
  static override properties = { ...SwPage.properties, opened: { state: true } };
  static override styles = [base, adminStyles];

  declare opened: 'invite' | 'create' | undefined;

  override render() {
    const obstacle = mayNotChangePeople();
    const tab = tabIn(names, this.query);
    return html`<sw-page-header .heading=${t.title}>
        <p slot="about" class="quiet">${t.about}</p>
        <span slot="actions" class="row">
          ${actButton({ id: 'create', text: t.create, icon: 'plus', obstacle, run: () => (this.opened = 'create') })}
          ${actButton({ id: 'invite', text: t.invite, icon: 'link', variant: 'brand', obstacle, run: () => (this.opened = 'invite') })}
        </span>
      </sw-page-header>
      ${tabs(names, tab, (name) => t.tabs[name], t.title)} ${this.#tab(tab)}
      ${
        this.opened === 'invite'
          ? html`<sw-invite @invited=${() => this.#invited()} @closed=${() => (this.opened = undefined)}></sw-invite>`
          : nothing
      }
      ${
        this.opened === 'create'
          ? html`<sw-new-user
              @created=${(event: CustomEvent<Person>) => navigate(`/admin/users/${event.detail.id}`)}
              @closed=${() => (this.opened = undefined)}
            ></sw-new-user>`
          : nothing
      }`;
  }

  #tab(tab: (typeof names)[number]) {
    if (tab === 'invitations') return html`<sw-invitation-list></sw-invitation-list>`;
    if (tab === 'registrations') return html`<sw-registration-list></sw-registration-list>`;
    return html`<sw-user-list .text=${this.query.get('text') ?? ''} .state=${this.query.get('state') ?? ''}></sw-user-list>`;
  }

  #invited(): void {
    setQuery({ tab: 'invitations' }, { replace: false });
    void this.renderRoot.querySelector<SwInvitationList>('sw-invitation-list')?.reload();
  }
}

define('sw-users', SwUsers);
