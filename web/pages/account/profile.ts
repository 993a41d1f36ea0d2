import { html } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { type Account, changeAccount } from '../../data/account.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { toast } from '../../elements/toast.ts';
import { accountTexts } from '../../texts/account.ts';
import { formatTime } from '../../texts/format.ts';
import { ago, listTable, textsIn } from '../admin/parts.ts';
import { adminStyles } from '../admin/styles.ts';
import { Sending } from './form.ts';

const t = accountTexts.profile;

/** Name and e-mail, and the roles one has where. Sends `sw-changed`. */
export class SwOwnProfile extends SwElement {
  static override properties = { account: { attribute: false } };
  static override styles = [base, adminStyles];

  declare account: Account;
  readonly #sending = new Sending(this);

  override render() {
    const { username, displayName, email, createdAt, lastLoginAt } = this.account;
    return html`<div class="halves">
      <section class="card">
        <h2>${t.heading}</h2>
        <dl>
          <dt>${t.username}</dt><dd>${username}</dd>
          <dt>${t.since}</dt><dd>${formatTime(createdAt)}</dd>
          <dt>${t.lastLogin}</dt><dd>${ago(lastLoginAt, t.never)}</dd>
        </dl>
        <form @submit=${(event: SubmitEvent) => this.#save(event)}>
          ${this.#sending.shown()}
          <wa-input name="displayName" label=${t.displayName} .value=${displayName ?? ''} autocomplete="name" maxlength="200"></wa-input>
          <wa-input name="email" type="email" label=${t.email} .value=${email ?? ''} autocomplete="email" maxlength="254"></wa-input>
          <div class="buttons"><wa-button type="submit" size="s" variant="brand" ?loading=${this.#sending.isBusy}>${accountTexts.save}</wa-button></div>
        </form>
      </section>
      <section class="card">
        <h2>${t.roles}</h2>
        ${this.account.bindings.length === 0 ? html`<p class="quiet">${t.noRoles}</p>` : this.#roles()}
      </section>
    </div>`;
  }

  #roles() {
    const where = (place: string) => (place === '*' ? html`<span class="quiet">${t.everywhere}</span>` : place);
    return listTable(
      t.roles,
      [t.role, t.cluster, t.namespace],
      this.account.bindings.map(
        ({ role, cluster, namespace }) =>
          html`<tr><th scope="row">${role}</th><td data-label=${t.cluster}>${where(cluster)}</td><td data-label=${t.namespace}>${where(namespace)}</td></tr>`,
      ),
    );
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { displayName, email } = textsIn(event.target as HTMLFormElement);
    const isDone = await this.#sending.send(async () => {
      await changeAccount({ displayName: displayName?.trim() ?? null, email: email?.trim() ?? null });
    });
    if (!isDone) return;
    toast({ text: accountTexts.saved, tone: 'success' });
    this.send('sw-changed');
  }
}

define('sw-own-profile', SwOwnProfile);
