import { html } from 'lit';
import { register } from '../../data/sign-in.ts';
import { define } from '../../elements/element.ts';
import { signInTexts as t } from '../../texts/sign-in.ts';
import { NewAccountPage } from './new-account.ts';

/** Asking for an account, where the settings let people. */
export class SwRegister extends NewAccountPage {
  protected override texts() {
    return t.registration;
  }

  protected override more() {
    return html`<wa-input name="email" type="email" label="${t.email} (${t.optional})" autocomplete="email" maxlength="254"></wa-input>`;
  }

  protected override make(person: { username: string; password: string; displayName: string | null }, given: (name: string) => string) {
    return register({ ...person, email: given('email').trim() || null });
  }
}

define('sw-register', SwRegister);
