import { Task } from '@lit/task';
import { html, type TemplateResult } from 'lit';
import { type Invitation, listInvitations, takeBackInvitation } from '../../../data/people.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { loaded } from '../../../elements/loaded.ts';
import { problemText } from '../../../elements/state.ts';
import { toast } from '../../../elements/toast.ts';
import { peopleTexts } from '../../../texts/people.ts';
import { actButton, ago, listTable } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { mayNotChangePeople } from './rights.ts';
import { roleMark } from './role-picker.ts';

/** Invitations that are open. */
export class SwInvitationList extends SwElement {
  static override styles = [base, adminStyles];

  readonly #invitations = new Task(this, { task: (_, { signal }) => listInvitations(signal), args: () => [] });

  async reload(): Promise<void> {
    await this.#invitations.run();
  }

  override render() {
    return loaded(this.#invitations, (items) => this.#table(items));
  }

  #table(items: readonly Invitation[]): TemplateResult {
    const t = peopleTexts.invitation;
    if (items.length === 0) return html`<sw-empty icon="users" .heading=${t.none} .text=${t.noneText}></sw-empty>`;
    const c = t.columns;
    return listTable(
      peopleTexts.tabs.invitations,
      [c.who, c.roles, c.by, c.expires, { text: c.actions, isUnseen: true }],
      items.map(
        (one) => html`<tr>
              <th scope="row">${one.email ?? html`<span class="quiet">${t.somebody}</span>`}</th>
              <td data-label=${c.roles}><span class="row">${one.bindings.map((role) => roleMark(role))}</span></td>
              <td data-label=${c.by}>${one.createdBy}</td>
              <td data-label=${c.expires}>${ago(one.expiresAt, '')}</td>
              <td class="end">
                ${actButton({
                  id: `take-${one.id}`,
                  text: t.takeBack,
                  isPlain: true,
                  variant: 'danger',
                  obstacle: mayNotChangePeople(),
                  run: () => void this.#takeBack(one),
                })}
              </td>
            </tr>`,
      ),
    );
  }

  async #takeBack({ id }: Invitation): Promise<void> {
    try {
      await takeBackInvitation(id);
      toast({ text: peopleTexts.invitation.takenBack });
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
    await this.reload();
  }
}

define('sw-invitation-list', SwInvitationList);
