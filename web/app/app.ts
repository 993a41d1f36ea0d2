import type { nothing } from 'lit';
import { css, html, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { Problem } from '../data/http.ts';
import { loadPreferences } from '../data/preferences.ts';
import { loadSession, may, mayEverywhere, session } from '../data/session.ts';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/state.ts';
import '../elements/toast.ts';
import { frameTexts } from '../texts/frame.ts';
import './navigation.ts';
import { here, navigate } from './router.ts';
import type { Route } from './routes.ts';
import './top-bar.ts';

/** The frame: bar on top, navigation at the side, the page of the address in the middle. Without a session it shows only open pages. */
export class SwApp extends SwElement {
  static override properties = { failure: { state: true }, ready: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        height: 100%;
      }
      .frame {
        display: grid;
        grid-template: var(--sw-bar-height) 1fr / var(--sw-nav-width) 1fr;
        height: 100%;
      }
      sw-top-bar {
        grid-column: 1 / -1;
      }
      main {
        overflow: auto;
        padding: var(--wa-space-m);
        min-width: 0;
        position: relative;
      }
      main:focus {
        outline: none;
      }
      .open {
        height: 100%;
        overflow: auto;
      }
      .skip {
        position: absolute;
        inset-block-start: -4rem;
        z-index: 10;
        padding: var(--wa-space-xs);
        background: var(--wa-color-surface-raised);
      }
      .skip:focus {
        inset-block-start: 0;
      }
      @media (max-width: 820px) {
        .frame {
          grid-template-columns: 1fr;
        }
        sw-navigation {
          display: none;
        }
        main {
          padding: var(--wa-space-s);
        }
      }
    `,
  ];

  declare failure: unknown;
  /** The route whose element has been brought. */
  declare ready: Route | undefined;

  constructor() {
    super();
    follow(this, here, session);
    here.subscribe(() => void this.#bring());
    session.subscribe(() => void this.#bring());
    void this.#begin();
  }

  override render(): TemplateResult {
    if (this.failure !== undefined && session.value === undefined)
      return html`<div class="open"><sw-problem .problem=${this.failure} @retry=${() => this.#begin()}></sw-problem></div>`;
    if (session.value === undefined) return html``;
    const { route } = here.value;
    if (route?.isOpen) return html`<div class="open">${this.#page()}</div><sw-toasts></sw-toasts>`;
    if (session.value === null) return html``;
    return html`
      <a class="skip" href="#main" @click=${(event: Event) => this.#skip(event)}>${frameTexts.skip}</a>
      <div class="frame">
        <sw-top-bar></sw-top-bar>
        <sw-navigation></sw-navigation>
        <main id="main" tabindex="-1">${this.#page()}</main>
      </div>
      <sw-toasts></sw-toasts>
    `;
  }

  #page(): TemplateResult | typeof nothing {
    const { route, params, query } = here.value;
    if (!route) {
      const { title, text, home } = frameTexts.notFound;
      return html`<sw-empty icon="search" .heading=${title} .text=${text}><a href="/">${home}</a></sw-empty>`;
    }
    const { permission } = route;
    const isAllowed = permission === undefined || (route.isEverywhere ? mayEverywhere(permission) : may(permission));
    if (!isAllowed && !route.isOpen)
      return html`<sw-empty icon="lock" .heading=${frameTexts.forbidden.title} .text=${`${frameTexts.forbidden.text} ${frameTexts.forbidden.needs(permission)}`}></sw-empty>`;
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#bring()}></sw-problem>`;
    if (this.ready !== route) return html`<sw-loading></sw-loading>`;
    const tag = unsafeStatic(route.tag);
    return staticHtml`<${tag} .params=${params} .query=${query}></${tag}>`;
  }

  async #begin(): Promise<void> {
    this.failure = undefined;
    try {
      await loadSession();
      if (session.value) await loadPreferences();
      await this.#bring();
    } catch (error) {
      this.failure = error;
    }
  }

  /** Brings the element of the route, and sends who has to sign in there first. */
  async #bring(): Promise<void> {
    const { route, path, query } = here.value;
    if (session.value === null && !route?.isOpen) {
      const back = query.size > 0 ? `${path}?${query}` : path;
      return navigate(`/sign-in?${new URLSearchParams(back === '/' ? {} : { back })}`, { replace: true });
    }
    if (!route) return undefined;
    document.title = `${route.title(here.value.params)} · ${frameTexts.product}`;
    try {
      await route.load();
      this.failure = undefined;
      this.ready = route;
    } catch (error) {
      // A chunk of a version that was replaced meanwhile is gone.
      this.failure = error instanceof Problem ? error : new Problem(0, {});
    }
    return undefined;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector('main')?.focus();
  }
}

define('sw-app', SwApp);
