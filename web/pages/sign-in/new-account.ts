import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { base } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import { signInTexts as t } from '../../texts/sign-in.ts';
import { card, fieldsOf } from './open-page.ts';
import './refused.ts';
import { waitOf } from './refused.ts';
import { openPage } from './style.ts';

type Given = (name: string) => string;

/** What asking for an account and accepting an invitation share: a form that says twice which password is meant. */
export abstract class NewAccountPage extends SwPage {
  static override properties = {
    ...SwPage.properties,
    problem: { state: true },
    isBusy: { state: true },
    isDone: { state: true },
    mustWait: { state: true },
    differs: { state: true },
  };
  static override styles = [base, openPage];

  declare problem: unknown;
  declare isBusy: boolean;
  declare isDone: boolean;
  declare mustWait: boolean;
  declare differs: boolean;

  constructor() {
    super();
    this.isBusy = false;
    this.isDone = false;
    this.mustWait = false;
    this.differs = false;
  }

  protected abstract texts(): { readonly title: string; readonly text: string; readonly submit: string; readonly done: string };
  /** Throws Problem. */
  protected abstract make(person: { username: string; password: string; displayName: string | null }, given: Given): Promise<void>;
  protected more(): TemplateResult | typeof nothing {
    return nothing;
  }
  /** Why there can be no form. */
  protected missing(): string | undefined {
    return undefined;
  }

  override render() {
    const { title, text, done } = this.texts();
    const missing = this.missing();
    const back = html`<a href="/sign-in">${t.haveAccount}</a>`;
    if (this.isDone)
      return card(title, html`<wa-callout variant="success" size="s"><span role="status">${done}</span></wa-callout>${back}`);
    if (missing !== undefined) return card(title, html`<wa-callout variant="warning" size="s">${missing}</wa-callout>${back}`);
    return card(title, html`<p class="quiet">${text}</p>${this.#form()}${back}`);
  }

  #form() {
    return html`<form @submit=${(event: SubmitEvent) => this.#submit(event)}>
      <sw-sign-in-refused .problem=${this.problem} @sw-over=${() => (this.mustWait = false)}></sw-sign-in-refused>
      <wa-input name="username" label=${t.username} autocomplete="username" autocapitalize="off" maxlength="100" required></wa-input>
      <wa-input name="displayName" label="${t.displayName} (${t.optional})" autocomplete="name" maxlength="200"></wa-input>
      ${this.more()}
      <wa-input name="password" type="password" label=${t.newPassword} hint=${t.newPasswordHint} autocomplete="new-password" minlength="12" required></wa-input>
      <wa-input name="repeat" type="password" label=${t.repeat} autocomplete="new-password" required></wa-input>
      ${this.differs ? html`<wa-callout variant="danger" size="s"><span role="alert">${t.differs}</span></wa-callout>` : nothing}
      <wa-button type="submit" variant="brand" ?loading=${this.isBusy} ?disabled=${this.mustWait}>${this.texts().submit}</wa-button>
    </form>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = fieldsOf(event);
    this.problem = undefined;
    this.differs = given('password') !== given('repeat');
    if (this.differs || this.isBusy || this.mustWait) return;
    this.isBusy = true;
    try {
      const person = { username: given('username').trim(), password: given('password'), displayName: given('displayName').trim() || null };
      await this.make(person, given);
      this.isDone = true;
    } catch (error) {
      this.problem = error;
      this.mustWait = waitOf(error) > 0;
    } finally {
      this.isBusy = false;
    }
  }
}
