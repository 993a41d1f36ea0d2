import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { navigate } from '../../app/router.ts';
import { urlOf } from '../../data/http.ts';
import { type WaysIn, waysIn } from '../../data/sign-in.ts';
import { base, define } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import { signInProblem, signInTexts as t } from '../../texts/sign-in.ts';
import { insidePath } from './inside-path.ts';
import { card } from './open-page.ts';
import './sign-in-form.ts';
import { openPage } from './style.ts';

/** Signing in, and back to where one was. */
export class SwSignIn extends SwPage {
  static override properties = { ...SwPage.properties, ways: { state: true } };
  static override styles = [
    base,
    openPage,
    css`
      .or {
        display: flex;
        align-items: center;
        gap: var(--wa-space-s);
        color: var(--wa-color-text-quiet);
      }
      .or::before,
      .or::after {
        content: '';
        flex: 1;
        border-block-start: 1px solid var(--wa-color-surface-border);
      }
      .other {
        text-align: center;
      }
    `,
  ];

  declare ways: WaysIn | undefined;

  constructor() {
    super();
    void this.#ask();
  }

  override render() {
    const problem = this.query.get('problem');
    return card(
      t.title,
      html`
        ${problem === null ? nothing : html`<wa-callout variant="danger" size="s"><span role="alert">${fromProvider(problem)}</span></wa-callout>`}
        <sw-sign-in-form @sw-signed-in=${() => navigate(this.#back(), { replace: true })}></sw-sign-in-form>
        ${this.#otherWays()}
      `,
    );
  }

  #otherWays() {
    const { ways } = this;
    if (!ways) return nothing;
    const { provider } = ways;
    return html`
      ${
        provider
          ? html`<span class="or">${t.or}</span>
              <wa-button href=${urlOf(provider.url, { to: this.#back() })}>${t.provider(nameOf(provider.issuer))}</wa-button>`
          : nothing
      }
      ${ways.registration ? html`<a class="other" href="/register">${t.register}</a>` : nothing}
    `;
  }

  #back(): string {
    return insidePath(this.query.get('back'));
  }

  async #ask(): Promise<void> {
    try {
      this.ways = await waysIn();
    } catch {
      // A password works without knowing what else would.
    }
  }
}

/** Whom people know the provider as. */
function nameOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}

/** The same title means another thing behind a form. */
function fromProvider(title: string): string {
  if (title === 'SignInFailed') return t.fromProvider;
  return signInProblem(title) ?? t.fromProvider;
}

define('sw-sign-in', SwSignIn);
