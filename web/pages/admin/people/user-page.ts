import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { navigate } from '../../../app/router.ts';
import { changePerson, getPerson, type Person, type PersonChanges, removePerson, takeSecondFactor } from '../../../data/people.ts';
import { may, session } from '../../../data/session.ts';
import type { Question } from '../../../elements/confirm.ts';
import { base, define } from '../../../elements/element.ts';
import { SwPage } from '../../../elements/page.ts';
import { problemText } from '../../../elements/state.ts';
import { toast } from '../../../elements/toast.ts';
import { formatTime } from '../../../texts/format.ts';
import { peopleTexts } from '../../../texts/people.ts';
import '../../../elements/confirm.ts';
import { loaded } from '../../../elements/loaded.ts';
import { actButton, ago, stateMark, valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import '../../../elements/form-dialog.ts';
import { mayNotChangePeople } from './rights.ts';
import './user-access.ts';
import type { SwUserAccess } from './user-access.ts';
import { personState } from './user-list.ts';
import './user-roles.ts';

type Opened =
  | { readonly form: 'profile'; readonly displayName: string; readonly email: string }
  | { readonly form: 'password'; readonly password: string };

/** One person: profile, roles, sessions, tokens, second factor. */
export class SwUser extends SwPage {
  static override properties = {
    ...SwPage.properties,
    question: { state: true },
    opened: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [base, adminStyles];

  declare question: Question | undefined;
  declare opened: Opened | undefined;
  declare problem: unknown;
  declare isBusy: boolean;
  readonly #person = new Task(this, { task: ([id], { signal }) => getPerson(id, signal), args: () => [this.params['id'] ?? ''] as const });

  override render() {
    return html`${loaded(this.#person, (person) => this.#page(person))}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #page(person: Person): TemplateResult {
    return html`<sw-page-header .heading=${person.username}>
        <span slot="about" class="row">${personState(person.state)} ${person.displayName ? html`<span class="quiet">${person.displayName}</span>` : nothing}</span>
        <span slot="actions" class="row">${this.#actions(person)}</span>
      </sw-page-header>
      <div class="halves">
        <div class="stack">
          ${this.#profile(person)}
          <sw-user-roles .person=${person} @changed=${() => this.#reload()}></sw-user-roles>
        </div>
        <sw-user-access .person=${person}></sw-user-access>
      </div>
      ${this.#dialog(person)}`;
  }

  #actions(person: Person): TemplateResult {
    const t = peopleTexts.person;
    const obstacle = mayNotChangePeople();
    const isActive = person.state === 'active';
    return html`
      ${
        may('audit.read')
          ? html`<wa-button size="s" appearance="outlined" href=${`/audit?actor=${encodeURIComponent(person.username)}`}
              ><sw-icon slot="start" name="scroll-text"></sw-icon>${t.activity}</wa-button
            >`
          : nothing
      }
      ${
        isActive
          ? actButton({ id: 'disable', text: t.disable, icon: 'pause', obstacle, run: () => this.#disable(person) })
          : actButton({ id: 'enable', text: t.enable, icon: 'play', obstacle, run: () => void this.#enable(person) })
      }
      ${actButton({ id: 'remove', text: t.remove, icon: 'trash', variant: 'danger', obstacle, run: () => this.#remove(person) })}
    `;
  }

  #profile(person: Person): TemplateResult {
    const t = peopleTexts.person;
    const isOwn = person.id === session.value?.id;
    const obstacle = mayNotChangePeople();
    return html`<section class="card" aria-labelledby="profile">
      <div class="head">
        <h2 id="profile">${t.profile}</h2>
        ${actButton({ id: 'edit', text: t.edit, icon: 'pencil', obstacle, run: () => this.#open({ form: 'profile', displayName: person.displayName ?? '', email: person.email ?? '' }) })}
      </div>
      <dl>
        <dt>${peopleTexts.displayName}</dt>
        <dd>${person.displayName ?? '–'}</dd>
        <dt>${peopleTexts.email}</dt>
        <dd>${person.email ?? '–'}</dd>
        <dt>${t.created}</dt>
        <dd>${t.createdBy(formatTime(person.createdAt), person.createdBy)}</dd>
        <dt>${peopleTexts.columns.lastSignIn}</dt>
        <dd>${ago(person.lastLoginAt, peopleTexts.never)}</dd>
        <dt>${t.passwordSet}</dt>
        <dd>${person.hasPassword ? (person.passwordChangedAt ? t.passwordChanged(formatTime(person.passwordChangedAt)) : peopleTexts.on) : t.noPassword}</dd>
        <dt>${t.secondFactor}</dt>
        <dd>${person.hasSecondFactor ? stateMark('good', peopleTexts.on, 'badge-check') : peopleTexts.off}</dd>
        <dt>${t.id}</dt>
        <dd class="mono">${person.id}</dd>
      </dl>
      ${
        isOwn
          ? html`<p class="quiet small">${t.ownAccount} <a href="/account">${t.toAccount}</a></p>`
          : html`<div class="row">
              ${actButton({ id: 'password', text: t.setPassword, icon: 'key-round', obstacle, run: () => this.#open({ form: 'password', password: '' }) })}
              ${actButton({
                id: 'factor',
                text: t.takeSecondFactor,
                icon: 'lock-open',
                obstacle: obstacle ?? (person.hasSecondFactor ? undefined : t.noSecondFactor),
                run: () => this.#takeFactor(person),
              })}
            </div>`
      }
    </section>`;
  }

  #dialog(person: Person): TemplateResult | typeof nothing {
    const { opened } = this;
    if (!opened) return nothing;
    const t = peopleTexts.person;
    const isProfile = opened.form === 'profile';
    return html`<sw-form-dialog
      .heading=${isProfile ? t.profile : t.setPassword}
      .submit=${t.save}
      .isBusy=${this.isBusy}
      .isIncomplete=${opened.form === 'password' && opened.password === ''}
      .problem=${this.problem}
      @submitted=${() => void this.#save(person, opened)}
      @closed=${() => (this.opened = undefined)}
    >
      ${
        isProfile
          ? html`<div class="form">
              ${this.#field(peopleTexts.displayName, opened.displayName, (displayName) => ({ ...opened, displayName }))}
              ${this.#field(peopleTexts.email, opened.email, (email) => ({ ...opened, email }), 'email')}
            </div>`
          : html`<div class="form">
              <p>${t.setPasswordText}</p>
              ${this.#field(t.newPassword, opened.password, (password) => ({ ...opened, password }), 'password')}
            </div>`
      }
    </sw-form-dialog>`;
  }

  #field(label: string, value: string, change: (value: string) => Opened, type: 'text' | 'email' | 'password' = 'text'): TemplateResult {
    return html`<wa-input
      label=${label}
      type=${type}
      autocomplete=${type === 'password' ? 'new-password' : 'off'}
      ?password-toggle=${type === 'password'}
      .value=${value}
      @input=${(event: Event) => (this.opened = change(valueOf(event)))}
    ></wa-input>`;
  }

  #open(opened: Opened): void {
    this.problem = undefined;
    this.opened = opened;
  }

  async #save(person: Person, opened: Opened): Promise<void> {
    const changes: PersonChanges =
      opened.form === 'password'
        ? { password: opened.password }
        : { displayName: opened.displayName.trim() || null, email: opened.email.trim() || null };
    this.isBusy = true;
    try {
      await changePerson(person, changes);
      this.opened = undefined;
      toast({ text: opened.form === 'password' ? peopleTexts.person.passwordSaved : peopleTexts.person.saved, tone: 'success' });
      this.#reload();
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  #disable(person: Person): void {
    const t = peopleTexts.person;
    this.question = {
      heading: t.disableTitle(person.username),
      text: t.disableText,
      confirm: t.disable,
      isDangerous: true,
      run: async () => {
        await changePerson(person, { state: 'disabled' });
        toast({ text: t.disabled(person.username) });
        this.#reload();
      },
    };
  }

  async #enable(person: Person): Promise<void> {
    try {
      await changePerson(person, { state: 'active' });
      toast({ text: peopleTexts.person.enabled(person.username), tone: 'success' });
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
    this.#reload();
  }

  #remove(person: Person): void {
    const t = peopleTexts.person;
    this.question = {
      heading: t.removeTitle(person.username),
      text: t.removeText,
      confirm: t.remove,
      isDangerous: true,
      run: async () => {
        await removePerson(person);
        toast({ text: t.removed(person.username) });
        navigate('/admin/users');
      },
    };
  }

  #takeFactor({ id }: Person): void {
    const t = peopleTexts.person;
    this.question = {
      heading: t.takeSecondFactor,
      text: t.takeSecondFactorText,
      confirm: t.takeSecondFactor,
      isDangerous: true,
      run: async () => {
        await takeSecondFactor(id);
        toast({ text: t.secondFactorGone });
        this.#reload();
      },
    };
  }

  #reload(): void {
    void this.#person.run().catch(() => undefined);
    this.renderRoot.querySelector<SwUserAccess>('sw-user-access')?.reload();
  }
}

define('sw-user', SwUser);
