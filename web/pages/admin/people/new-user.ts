import { html } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { createPerson, type Person, type RoleAt } from '../../../data/people.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { peopleTexts as t } from '../../../texts/people.ts';
import { valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import '../../../elements/form-dialog.ts';
import './role-picker.ts';

/** Makes an account. Sends `created` with the Person, and `closed`. */
export class SwNewUser extends SwElement {
  static override properties = { given: { state: true }, roles: { state: true }, problem: { state: true }, isBusy: { state: true } };
  static override styles = [base, adminStyles];

  declare given: Readonly<Partial<Record<'username' | 'displayName' | 'email' | 'password', string>>>;
  declare roles: readonly RoleAt[];
  declare problem: unknown;
  declare isBusy: boolean;

  constructor() {
    super();
    this.given = {};
    this.roles = [{ role: 'viewer', cluster: '*', namespace: '*' }];
    this.isBusy = false;
  }

  override render() {
    const { username = '' } = this.given;
    return html`<sw-form-dialog
      .heading=${t.create}
      .submit=${t.create}
      .isWide=${true}
      .isBusy=${this.isBusy}
      .isIncomplete=${username.trim() === ''}
      .problem=${this.problem}
      @submitted=${() => void this.#create()}
    >
      <div class="form">
        <div class="pair">
          ${this.#field('username', t.username, { hint: t.usernameHint, isRequired: true })} ${this.#field('displayName', t.displayName)}
        </div>
        <div class="pair">
          ${this.#field('email', t.email, { type: 'email' })} ${this.#field('password', t.password, { type: 'password', hint: t.passwordHint })}
        </div>
        <sw-role-picker .value=${this.roles} @picked=${(event: CustomEvent<readonly RoleAt[]>) => (this.roles = event.detail)}></sw-role-picker>
      </div>
    </sw-form-dialog>`;
  }

  #field(
    name: keyof typeof this.given,
    label: string,
    { hint = '', type = 'text', isRequired = false }: { hint?: string; type?: 'text' | 'email' | 'password'; isRequired?: boolean } = {},
  ) {
    return html`<wa-input
      name=${name}
      label=${label}
      hint=${hint}
      type=${type}
      autocomplete=${type === 'password' ? 'new-password' : 'off'}
      ?password-toggle=${type === 'password'}
      ?required=${isRequired}
      .value=${this.given[name] ?? ''}
      @input=${(event: Event) => (this.given = { ...this.given, [name]: valueOf(event) })}
    ></wa-input>`;
  }

  async #create(): Promise<void> {
    const { username = '', displayName, email, password } = this.given;
    this.isBusy = true;
    this.problem = undefined;
    try {
      const person: Person = await createPerson({
        username: username.trim(),
        ...(displayName && { displayName }),
        ...(email && { email }),
        ...(password && { password }),
        bindings: this.roles,
      });
      this.send('created', person);
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }
}

define('sw-new-user', SwNewUser);
