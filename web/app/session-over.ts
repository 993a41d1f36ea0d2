import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { urlOf } from '../data/http.ts';
import { forget, isSessionOver, session } from '../data/session.ts';
import { type WaysIn, waysIn } from '../data/sign-in.ts';
import { watchAgain } from '../data/watch.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../pages/sign-in/sign-in-form.ts';
import { frameTexts } from '../texts/frame.ts';
import { signInTexts } from '../texts/sign-in.ts';

/** Signing in again over the page as it is, so that nothing somebody typed is lost. */
export class SwSessionOver extends SwElement {
  static override properties = { ways: { state: true } };
  static override styles = [
    base,
    css`
      dialog {
        width: min(24rem, calc(100vw - 2rem));
        padding: var(--wa-space-xl);
        color: var(--wa-color-text-normal);
        background: var(--wa-color-surface-raised);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-l);
        box-shadow: var(--wa-shadow-l);
      }
      dialog::backdrop {
        background: color-mix(in oklab, var(--wa-color-surface-lowered) 70%, transparent);
        backdrop-filter: blur(2px);
      }
      .inside {
        display: grid;
        gap: var(--wa-space-m);
      }
    `,
  ];

  declare ways: WaysIn | undefined;
  readonly #username = session.value?.username ?? '';

  constructor() {
    super();
    waysIn().then(
      (ways) => (this.ways = ways),
      () => undefined,
    );
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render() {
    const { title, text, leave } = frameTexts.sessionOver;
    const provider = this.ways?.provider;
    const back = window.location.pathname + window.location.search;
    return html`<dialog aria-labelledby="title" @cancel=${(event: Event) => event.preventDefault()}>
      <div class="inside">
        <h2 id="title">${title}</h2>
        <p>${text}</p>
        <sw-sign-in-form .username=${this.#username} @sw-signed-in=${() => this.#goOn()}></sw-sign-in-form>
        ${provider ? html`<wa-button href=${urlOf(provider.url, { to: back })}>${signInTexts.provider(new URL(provider.issuer).host)}</wa-button>` : nothing}
        <wa-button appearance="plain" @click=${() => forget()}>${leave}</wa-button>
      </div>
    </dialog>`;
  }

  /** What somebody else was shown is not for this person. */
  #goOn(): void {
    if (session.value?.username !== this.#username) return window.location.reload();
    isSessionOver.set(false);
    watchAgain();
  }
}

define('sw-session-over', SwSessionOver);
