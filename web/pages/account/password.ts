import { html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { type Account, changePassword } from '../../data/account.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { toast } from '../../elements/toast.ts';
import { accountTexts } from '../../texts/account.ts';
import { formatAgo } from '../../texts/format.ts';
import { adminStyles } from '../admin/styles.ts';
import { fieldsOf } from '../sign-in/open-page.ts';
import { Sending } from './form.ts';

const t = accountTexts.password;

/** Another password; it takes the one there is. Sends `sw-changed`. */
export class SwOwnPassword extends SwElement {
  static override properties = { account: { attribute: false }, differs: { state: true } };
  static override styles = [base, adminStyles];

  declare account: Account;
  declare differs: boolean;
  readonly #sending = new Sending(this);

  constructor() {
    super();
    this.differs = false;
  }

  override render() {
    const { hasPassword, passwordChangedAt } = this.account;
    return html`<section class="card">
      <h2>${t.heading}</h2>
      ${hasPassword ? this.#form(passwordChangedAt) : html`<p class="quiet">${t.none}</p>`}
    </section>`;
  }

  #form(changedAt: string | null) {
    const input = (name: string, label: string, complete: string, hint = '') =>
      html`<wa-input type="password" name=${name} label=${label} hint=${hint} autocomplete=${complete} required password-toggle></wa-input>`;
    return html`<p class="quiet">${changedAt ? t.changed(formatAgo(changedAt)) : ''} ${t.effect}</p>
      <form @submit=${(event: SubmitEvent) => this.#change(event)}>
        ${this.#sending.shown()}
        ${this.differs ? html`<wa-callout variant="danger" size="s"><span role="alert">${t.differs}</span></wa-callout>` : nothing}
        <input class="unseen" type="text" autocomplete="username" .value=${this.account.username} tabindex="-1" aria-hidden="true" />
        ${input('current', t.current, 'current-password')} ${input('password', t.next, 'new-password', t.hint)}
        ${input('repeat', t.repeat, 'new-password')}
        <div class="buttons"><wa-button type="submit" size="s" variant="brand" ?loading=${this.#sending.isBusy}>${t.submit}</wa-button></div>
      </form>`;
  }

  async #change(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = fieldsOf(event);
    this.differs = given('password') !== given('repeat');
    if (this.differs || !(await this.#sending.send(() => changePassword(given('current'), given('password'))))) return;
    form.reset();
    toast({ text: t.done, tone: 'success' });
    this.send('sw-changed');
  }
}

define('sw-own-password', SwOwnPassword);
