import { html, nothing, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { Problem } from '../data/http.ts';
import { loadPreferences } from '../data/preferences.ts';
import { isSessionOver, loadSession, session } from '../data/session.ts';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/state.ts';
import '../elements/toast.ts';
import { insidePath } from '../pages/sign-in/inside-path.ts';
import { frameTexts } from '../texts/frame.ts';
import { appStyle } from './app-style.ts';
import './breadcrumbs.ts';
import './cheat-sheet.ts';
import { applyKept } from './display.ts';
import './drawer.ts';
import type { SwDrawer } from './drawer.ts';
import { lackedFor } from './entries.ts';
import { FrameLife } from './frame-life.ts';
import { isCollapsed } from './navigation.ts';
import './offline-bar.ts';
import { focusHeading, keepScroll, restoreScroll } from './page-change.ts';
import './palette/palette.ts';
import type { Route } from './route.ts';
import { beforeLeaving, here, isBack, navigate } from './router.ts';
import './sandbox-hint.ts';
import './session-over.ts';
import './top-bar.ts';

const retryMs = 5000;

/** The frame: bar on top, navigation at the side, the page of the address in the middle. Without a session it shows only open pages. */
export class SwApp extends SwElement {
  static override properties = { failure: { state: true }, ready: { state: true } };
  static override styles = [base, appStyle];

  declare failure: unknown;
  /** The route whose element has been brought. */
  declare ready: Route | undefined;
  #path = '';
  #username: string | undefined;

  constructor() {
    super();
    follow(this, here, session, isSessionOver, isCollapsed);
    this.addController(new FrameLife());
    beforeLeaving(() => keepScroll(this.#main()));
    here.subscribe(() => void this.#bring());
    session.subscribe(() => void this.#welcome());
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
      <div class="frame ${isCollapsed.value ? 'collapsed' : ''}">
        <sw-top-bar @sw-menu=${() => this.renderRoot.querySelector<SwDrawer>('sw-drawer')?.open()}></sw-top-bar>
        <sw-offline-bar></sw-offline-bar>
        <sw-navigation></sw-navigation>
        <main id="main" tabindex="-1"><sw-breadcrumbs></sw-breadcrumbs><sw-sandbox-hint></sw-sandbox-hint>${this.#page()}</main>
      </div>
      <sw-drawer></sw-drawer>
      <sw-palette></sw-palette>
      <sw-cheat-sheet></sw-cheat-sheet>
      <sw-toasts></sw-toasts>
      ${isSessionOver.value ? html`<sw-session-over></sw-session-over>` : nothing}
    `;
  }

  #page(): TemplateResult {
    const { route, params, query } = here.value;
    if (!route) {
      const { title, text, home } = frameTexts.notFound;
      return html`<sw-empty icon="search" .heading=${title} .text=${text}><a href="/">${home}</a></sw-empty>`;
    }
    const lacked = route.isOpen ? undefined : lackedFor(route, params);
    if (lacked !== undefined)
      return html`<sw-empty icon="lock" .heading=${frameTexts.forbidden.title} .text=${`${frameTexts.forbidden.text} ${frameTexts.forbidden.needs(lacked)}`}></sw-empty>`;
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#bring()}></sw-problem>`;
    if (this.ready !== route) return html`<sw-loading></sw-loading>`;
    const tag = unsafeStatic(route.tag);
    return staticHtml`<${tag} .params=${params} .query=${query}></${tag}>`;
  }

  /** A server that does not answer yet may be about to start. */
  async #begin(): Promise<void> {
    this.failure = undefined;
    try {
      await loadSession();
    } catch (error) {
      this.failure = error;
      setTimeout(() => session.value === undefined && void this.#begin(), retryMs);
    }
  }

  /** Somebody signed in, or nobody is any more. */
  async #welcome(): Promise<void> {
    const username = session.value?.username;
    if (username !== undefined && username !== this.#username) {
      // How pages look must not keep them from being shown.
      await loadPreferences().then(applyKept, () => undefined);
    }
    this.#username = username;
    await this.#bring();
  }

  /** Brings the element of the route, and sends who has to sign in there first. */
  async #bring(): Promise<void> {
    const { route, path, query } = here.value;
    if (session.value === undefined) return undefined;
    if (session.value === null && !route?.isOpen) {
      const back = query.size > 0 ? `${path}?${query}` : path;
      return navigate(`/sign-in?${new URLSearchParams(back === '/' ? {} : { back })}`, { replace: true });
    }
    if (session.value && path === '/sign-in') return navigate(insidePath(query.get('back')), { replace: true });
    // Of the same page in another state, what it called itself stays.
    if (path !== this.#path) document.title = this.#titleOf(route);
    if (route) await this.#load(route);
    return here.value.path === path ? this.#shown(path) : undefined;
  }

  #titleOf(route: Route | undefined): string {
    return `${route ? route.title(here.value.params) : frameTexts.notFound.title} · ${frameTexts.product}`;
  }

  async #load(route: Route): Promise<void> {
    try {
      await route.load();
      // Who went on meanwhile, or back, waits for another page.
      if (here.value.route !== route) return;
      this.failure = undefined;
      this.ready = route;
    } catch (error) {
      // A chunk of a version that was replaced meanwhile is gone.
      if (here.value.route === route) this.failure = error instanceof Problem ? error : new Problem(0, {});
    }
  }

  /** Another page, not another state of the same one: begins at its heading, and where it was left for who comes back. */
  async #shown(path: string): Promise<void> {
    const isFirst = this.#path === '';
    if (path === this.#path) return;
    this.#path = path;
    await this.updateComplete;
    const main = this.#main();
    const isStill = () => here.value.path === path;
    if (!main) return;
    if (isBack()) await restoreScroll(main, isStill);
    else main.scrollTop = 0;
    if (!isFirst) await focusHeading(main, isStill);
  }

  #main(): HTMLElement | null {
    return this.renderRoot?.querySelector('main') ?? null;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.#main()?.focus();
  }
}

define('sw-app', SwApp);
