import { html, nothing } from 'lit';
import { giveRole, type Person, type RoleAt, takeRole } from '../../../data/people.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { problemText } from '../../../elements/state.ts';
import { toast } from '../../../elements/toast.ts';
import { formatTime } from '../../../texts/format.ts';
import { peopleTexts } from '../../../texts/people.ts';
import { actButton } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import '../../../elements/form-dialog.ts';
import { mayNotChangePeople } from './rights.ts';
import { roleMark } from './role-picker.ts';

/** Roles of a person, given and taken. Sends `changed`. */
export class SwUserRoles extends SwElement {
  static override properties = {
    person: { attribute: false },
    adding: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [base, adminStyles];

  declare person: Person;
  declare adding: RoleAt | undefined;
  declare problem: unknown;
  declare isBusy: boolean;

  override render() {
    const t = peopleTexts.roles;
    const obstacle = mayNotChangePeople();
    return html`<section class="card" aria-labelledby="title">
      <div class="head">
        <h2 id="title">${t.title}</h2>
        ${actButton({ id: 'add', text: t.add, icon: 'plus', obstacle, run: () => this.#open() })}
      </div>
      ${this.person.bindings.length === 0 ? html`<p class="quiet">${t.none}</p>` : nothing}
      ${this.person.bindings.map((binding) => {
        const isProvided = binding.source === 'provider';
        return html`<div class="head">
          <span class="row">
            ${roleMark(binding)}
            <span class="quiet small" title=${formatTime(binding.createdAt)}>${isProvided ? t.fromProvider : t.by(binding.createdBy)}</span>
          </span>
          ${actButton({
            id: `take-${binding.id}`,
            text: t.take(binding.role),
            isPlain: true,
            variant: 'danger',
            obstacle: obstacle ?? (isProvided ? t.fromProvider : undefined),
            run: () => void this.#take(binding),
          })}
        </div>`;
      })}
      ${
        this.adding
          ? html`<sw-form-dialog
              .heading=${t.give}
              .submit=${t.give}
              .isWide=${true}
              .isBusy=${this.isBusy}
              .problem=${this.problem}
              @submitted=${() => void this.#give()}
              @closed=${() => (this.adding = undefined)}
            >
              <sw-role-picker
                .isSingle=${true}
                .value=${[this.adding]}
                @picked=${(event: CustomEvent<readonly RoleAt[]>) => ([this.adding] = event.detail)}
              ></sw-role-picker>
            </sw-form-dialog>`
          : nothing
      }
    </section>`;
  }

  #open(): void {
    this.problem = undefined;
    this.adding = { role: 'viewer', cluster: '*', namespace: '*' };
  }

  async #give(): Promise<void> {
    if (!this.adding) return;
    this.isBusy = true;
    try {
      await giveRole(this.person.id, this.adding);
      this.adding = undefined;
      this.send('changed');
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  async #take({ id, role, cluster, namespace }: Person['bindings'][number]): Promise<void> {
    try {
      await takeRole(this.person.id, id);
      const again = { text: peopleTexts.roles.give, run: () => void this.#giveBack({ role, cluster, namespace }) };
      toast({ text: `${peopleTexts.roles.take(role)}: ${this.person.username}`, action: again });
      this.send('changed');
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
  }

  async #giveBack(role: RoleAt): Promise<void> {
    try {
      await giveRole(this.person.id, role);
      this.send('changed');
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
  }
}

define('sw-user-roles', SwUserRoles);
