import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { navigate } from '../../app/router.ts';
import { giveSecondFactor, signIn } from '../../data/session.ts';
import { base, define } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import { problemText } from '../../elements/state.ts';
import { frameTexts } from '../../texts/frame.ts';
import { signInTexts as t } from '../../texts/sign-in.ts';

/** Signing in, and back to where one was. */
export class SwSignIn extends SwPage {
  static override properties = { stage: { state: true }, problem: { state: true }, isBusy: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        place-items: center;
        min-height: 100%;
        padding: var(--wa-space-m);
      }
      form {
        display: grid;
        gap: var(--wa-space-m);
        width: min(22rem, 100%);
      }
    `,
  ];

  declare stage: 'password' | 'second-factor';
  declare problem: unknown;
  declare isBusy: boolean;

  constructor() {
    super();
    this.stage = 'password';
    this.isBusy = false;
  }

  override render() {
    return html`<form @submit=${(event: SubmitEvent) => this.#submit(event)}>
      <h1>${frameTexts.product}</h1>
      ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`}
      ${
        this.stage === 'password'
          ? html`<wa-input name="username" label=${t.username} autocomplete="username" required autofocus></wa-input>
              <wa-input name="password" label=${t.password} type="password" autocomplete="current-password" required></wa-input>`
          : html`<wa-input name="code" label=${t.code} hint=${t.codeHint} autocomplete="one-time-code" required autofocus></wa-input>`
      }
      <wa-button type="submit" variant="brand" ?loading=${this.isBusy}>${t.submit}</wa-button>
    </form>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => (given.get(name) ?? '') as string;
    this.problem = undefined;
    this.isBusy = true;
    try {
      if (this.stage === 'second-factor') await giveSecondFactor(text('code'));
      else if ((await signIn(text('username'), text('password'))) === 'second-factor') {
        this.stage = 'second-factor';
        return;
      }
      navigate(backOf(this.query.get('back')), { replace: true });
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }
}

/** Only paths inside this origin: anything else could lead people away after they gave their password. */
function backOf(wanted: string | null): string {
  return wanted !== null && /^\/(?![/\\])/.test(wanted) ? wanted : '/';
}

define('sw-sign-in', SwSignIn);
