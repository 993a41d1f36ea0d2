import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { Problem } from '../../data/http.ts';
import { giveSecondFactor, signIn } from '../../data/session.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { focusOn } from '../../elements/focus.ts';
import { signInTexts as t } from '../../texts/sign-in.ts';
import { fieldsOf } from './open-page.ts';
import './refused.ts';
import { waitOf } from './refused.ts';

/** Username and password, and the second factor of who has one. Sends `sw-signed-in`. */
export class SwSignInForm extends SwElement {
  static override properties = {
    username: { type: String },
    stage: { state: true },
    problem: { state: true },
    isBusy: { state: true },
    mustWait: { state: true },
  };
  static override styles = [
    base,
    css`
      form {
        display: grid;
        gap: var(--wa-space-s);
      }
    `,
  ];

  /** Filled in already. */
  declare username: string;
  declare stage: 'password' | 'second-factor';
  declare problem: unknown;
  declare isBusy: boolean;
  declare mustWait: boolean;

  constructor() {
    super();
    this.username = '';
    this.stage = 'password';
    this.isBusy = false;
    this.mustWait = false;
  }

  override firstUpdated(): void {
    this.#focusFirst();
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.get('stage') !== undefined) this.#focusFirst();
  }

  override render() {
    return html`<form @submit=${(event: SubmitEvent) => this.#submit(event)}>
      <sw-sign-in-refused .problem=${this.problem} @sw-over=${() => (this.mustWait = false)}></sw-sign-in-refused>
      ${this.stage === 'password' ? this.#password() : this.#code()}
      <wa-button type="submit" variant="brand" ?loading=${this.isBusy} ?disabled=${this.mustWait}>
        ${this.stage === 'password' ? t.submit : t.confirm}
      </wa-button>
      ${this.stage === 'password' ? nothing : html`<wa-button appearance="plain" @click=${() => this.#startOver()}>${t.other}</wa-button>`}
    </form>`;
  }

  #password() {
    return html`
      <wa-input name="username" label=${t.username} .value=${this.username} autocomplete="username" autocapitalize="off" required></wa-input>
      <wa-input name="password" label=${t.password} type="password" autocomplete="current-password" required></wa-input>
    `;
  }

  #code() {
    return html`<wa-input name="code" label=${t.code} hint=${t.codeHint} autocomplete="one-time-code" autocapitalize="off" required></wa-input>`;
  }

  #focusFirst(): void {
    const first = this.username === '' || this.stage !== 'password' ? 'wa-input' : '[name=password]';
    void focusOn(this.renderRoot.querySelector(first));
  }

  #startOver(): void {
    this.problem = undefined;
    this.stage = 'password';
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.isBusy || this.mustWait) return;
    const given = fieldsOf(event);
    this.problem = undefined;
    this.isBusy = true;
    try {
      const stage = await this.#give(given);
      if (stage === 'signed-in') this.send('sw-signed-in');
      else this.stage = stage;
    } catch (error) {
      this.problem = error;
      this.mustWait = waitOf(error) > 0;
      if (error instanceof Problem && error.title === 'SignInFirst') this.stage = 'password';
    } finally {
      this.isBusy = false;
    }
  }

  async #give(given: (name: string) => string): Promise<'second-factor' | 'signed-in'> {
    if (this.stage === 'password') {
      this.username = given('username');
      return signIn(this.username, given('password'));
    }
    await giveSecondFactor(given('code').trim());
    return 'signed-in';
  }
}

define('sw-sign-in-form', SwSignInForm);
