import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { approve, listRegistrations, type Person, type RoleAt, refuse } from '../../../data/people.ts';
import type { Question } from '../../../elements/confirm.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { toast } from '../../../elements/toast.ts';
import { peopleTexts } from '../../../texts/people.ts';
import '../../../elements/confirm.ts';
import { loaded } from '../../../elements/loaded.ts';
import { actButton, ago, listTable } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import '../../../elements/form-dialog.ts';
import { mayNotChangePeople } from './rights.ts';
import './role-picker.ts';

/** People who wait for an answer. Sends `answered`. */
export class SwRegistrationList extends SwElement {
  static override properties = {
    question: { state: true },
    approving: { state: true },
    roles: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [base, adminStyles];

  declare question: Question | undefined;
  declare approving: Person | undefined;
  declare roles: readonly RoleAt[];
  declare problem: unknown;
  declare isBusy: boolean;
  readonly #waiting = new Task(this, { task: (_, { signal }) => listRegistrations(signal), args: () => [] });

  constructor() {
    super();
    this.roles = [];
    this.isBusy = false;
  }

  override render() {
    return html`${loaded(this.#waiting, (items) => this.#table(items))} ${this.#dialog()}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #table(items: readonly Person[]): TemplateResult {
    const t = peopleTexts.registration;
    if (items.length === 0) return html`<sw-empty icon="users" .heading=${t.none} .text=${t.noneText}></sw-empty>`;
    const c = t.columns;
    return listTable(
      peopleTexts.tabs.registrations,
      [c.user, c.asked, { text: c.actions, isUnseen: true }],
      items.map(
        (one) => html`<tr>
              <th scope="row">${one.username}<div class="quiet small">${[one.displayName, one.email].filter(Boolean).join(' · ')}</div></th>
              <td data-label=${c.asked}>${ago(one.createdAt, '')}</td>
              <td class="end">${this.#buttons(one)}</td>
            </tr>`,
      ),
    );
  }

  #buttons(person: Person): TemplateResult {
    const t = peopleTexts.registration;
    const obstacle = mayNotChangePeople();
    return html`<span class="row">
      ${actButton({ id: `approve-${person.id}`, text: t.approve, icon: 'check', obstacle, run: () => this.#approve(person) })}
      ${actButton({ id: `refuse-${person.id}`, text: t.refuse, isPlain: true, variant: 'danger', obstacle, run: () => this.#refuse(person) })}
    </span>`;
  }

  #dialog(): TemplateResult | typeof nothing {
    const { approving } = this;
    if (!approving) return nothing;
    const t = peopleTexts.registration;
    return html`<sw-form-dialog
      .heading=${t.approveTitle(approving.username)}
      .submit=${t.approve}
      .isWide=${true}
      .isBusy=${this.isBusy}
      .problem=${this.problem}
      @submitted=${() => void this.#letIn(approving)}
      @closed=${() => (this.approving = undefined)}
    >
      <sw-role-picker .value=${this.roles} @picked=${(event: CustomEvent<readonly RoleAt[]>) => (this.roles = event.detail)}></sw-role-picker>
    </sw-form-dialog>`;
  }

  #approve(person: Person): void {
    this.roles = [{ role: 'viewer', cluster: '*', namespace: '*' }];
    this.problem = undefined;
    this.approving = person;
  }

  async #letIn({ id, username }: Person): Promise<void> {
    this.isBusy = true;
    try {
      await approve(id, this.roles);
      this.approving = undefined;
      toast({ text: peopleTexts.registration.approved(username), tone: 'success' });
      this.#answered();
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  #refuse({ id, username }: Person): void {
    const t = peopleTexts.registration;
    this.question = {
      heading: t.refuseTitle(username),
      text: t.refuseText,
      confirm: t.refuse,
      isDangerous: true,
      run: async () => {
        await refuse(id);
        toast({ text: t.refused(username) });
        this.#answered();
      },
    };
  }

  #answered(): void {
    void this.#waiting.run().catch(() => undefined);
    this.send('answered');
  }
}

define('sw-registration-list', SwRegistrationList);
