import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { navigate } from '../app/router.ts';
import { type ActionOffer, type Begun, fetchActions } from '../data/actions.ts';
import { mayOpenTerminal } from '../data/session.ts';
import { terminalOffer, terminalsHref } from '../data/terminal-offer.ts';
import { actionName } from '../texts/action-names.ts';
import { actionTexts as t } from '../texts/actions.ts';
import { groupActions } from './action-groups.ts';
import { reasonOf, runAction } from './action-run.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import { actionMenuStyles } from './action-menu.styles.ts';
import { problemText } from './state.ts';

/** All that can be done with one resource, and why the rest cannot; found by typing, chosen by keys. Sends `sw-begun` with `{operation}`. */
export class SwActionMenu extends SwElement {
  static override properties = {
    type: { type: String },
    cluster: { type: String },
    id: { attribute: false },
    name: { type: String },
    compact: { type: Boolean, reflect: true },
    bare: { type: Boolean },
    offers: { state: true },
    failure: { state: true },
    words: { state: true },
    at: { state: true },
    isOpen: { state: true },
  };
  static override styles = [base, actionMenuStyles];

  declare type: string;
  declare cluster: string;
  declare id: string;
  /** What people call the resource. */
  declare name: string;
  /** Only an icon, for rows. */
  declare compact: boolean;
  /** No button of its own: `show` opens it. */
  declare bare: boolean;
  declare offers: readonly ActionOffer[] | undefined;
  declare failure: unknown;
  declare words: string;
  /** Name of the action that Enter would do. */
  declare at: string | undefined;
  declare isOpen: boolean;

  constructor() {
    super();
    this.compact = false;
    this.bare = false;
    this.words = '';
    this.isOpen = false;
  }

  override render() {
    const label = t.menuOf(this.name);
    return html`${this.bare ? nothing : this.#button(label)}
      <div class="panel" popover="auto" role="dialog" aria-label=${label} @toggle=${(event: ToggleEvent) => this.#toggled(event)}>
        ${this.isOpen ? this.#panel() : nothing}
      </div>`;
  }

  #button(label: string): TemplateResult {
    return html`<wa-button
        size="s"
        appearance=${this.compact ? 'plain' : 'outlined'}
        aria-label=${label}
        aria-haspopup="dialog"
        aria-expanded=${this.isOpen}
        @click=${(event: Event) => this.#toggle(event)}
      >
        ${
          this.compact
            ? html`<sw-icon name="ellipsis-vertical" .label=${label}></sw-icon>`
            : html`${t.menu}<sw-icon slot="end" name="chevron-down"></sw-icon>`
        }
      </wa-button>`;
  }

  #panel(): TemplateResult {
    return html`<input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="list"
        aria-activedescendant=${this.at ?? nothing}
        aria-label=${t.find}
        placeholder=${t.find}
        data-takes-keys
        .value=${this.words}
        @input=${(event: Event) => this.#search((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      />
      ${this.#list()}
      <div class="why" aria-hidden="true">${this.#why()}</div>`;
  }

  #list(): TemplateResult {
    if (this.failure !== undefined) {
      return html`<p class="told" role="alert">${problemText(this.failure)}</p>`;
    }
    if (!this.offers) return html`<p class="told quiet" role="status">${t.loading}</p>`;
    const found = this.#found();
    if (found.length === 0) return html`<p class="told quiet" role="status">${this.offers.length === 0 ? t.noneOfType : t.none}</p>`;
    return html`<div id="list" role="listbox" aria-label=${t.menu} tabindex="-1">
      ${groupActions(found).map(
        ([group, own]) =>
          html`<div role="group" class=${group} aria-label=${t.groups[group]}>
            <div class="heading" aria-hidden="true">${t.groups[group]}</div>
            ${own.map((offer) => this.#option(offer))}
          </div>`,
      )}
    </div>`;
  }

  #option(offer: ActionOffer): TemplateResult {
    const reason = reasonOf(offer);
    return html`<div
      role="option"
      id=${offer.name}
      aria-selected=${this.at === offer.name}
      aria-disabled=${reason === undefined ? nothing : 'true'}
      @pointermove=${() => (this.at = offer.name)}
      @click=${() => this.#run(offer)}
    >
      <span class="label">${actionName(offer.name)}</span>${reason === undefined ? nothing : html`<span class="unseen">: ${reason}</span>`}
    </div>`;
  }

  #why(): string {
    const offer = this.offers?.find(({ name }) => name === this.at);
    return offer === undefined
      ? t.hint
      : (reasonOf(offer) ?? (offer.danger === 'none' ? t.hint : offer.danger === 'loss' ? t.loses : t.interrupts));
  }

  #found(): readonly ActionOffer[] {
    const words = this.words.trim().toLowerCase();
    return (this.offers ?? []).filter(({ name }) => actionName(name).toLowerCase().includes(words) || name.toLowerCase().includes(words));
  }

  #search(words: string): void {
    this.words = words;
    const [first] = this.#inOrder();
    this.at = words === '' ? undefined : first?.name;
  }

  #inOrder(): readonly ActionOffer[] {
    return groupActions(this.#found()).flatMap(([, own]) => own);
  }

  #key(event: KeyboardEvent): void {
    const shown = this.#inOrder();
    const index = shown.findIndex(({ name }) => name === this.at);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      this.at = shown[(index + step + shown.length) % shown.length]?.name;
      void this.updateComplete.then(() => this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const offer = shown[index];
      if (offer) this.#run(offer);
    }
  }

  #run(offer: ActionOffer): void {
    if (reasonOf(offer) !== undefined) {
      this.at = offer.name;
      return;
    }
    this.#popover()?.hidePopover();
    const { type, cluster, id, name } = this;
    if (offer.name === terminalOffer.name) return navigate(terminalsHref(cluster, id));
    void runAction({ of: { type, cluster, id }, name, offer, begun: (operation: Begun) => this.send('sw-begun', { operation }) });
  }

  #toggle(event: Event): void {
    event.stopPropagation();
    this.#popover()?.togglePopover();
  }

  #toggled({ newState }: ToggleEvent): void {
    this.isOpen = newState === 'open';
    if (!this.isOpen) return;
    this.words = '';
    this.at = undefined;
    this.#place();
    void this.updateComplete.then(() => this.renderRoot.querySelector('input')?.focus());
    void this.#look();
  }

  async #look(): Promise<void> {
    this.failure = undefined;
    try {
      const { type, cluster, id } = this;
      const offers = await fetchActions({ type, cluster, id });
      this.offers = type === 'server' && mayOpenTerminal() ? [terminalOffer, ...offers] : offers;
    } catch (error) {
      this.failure = error;
    }
    await this.updateComplete;
    this.#place();
  }

  /** Opens it where it stands. */
  show(): void {
    this.#popover()?.showPopover();
  }

  #popover(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.panel');
  }

  /** Below its button, or above where there is more room; never outside of the window. */
  #place(): void {
    const panel = this.#popover();
    if (!panel) return;
    const button = this.getBoundingClientRect();
    const { width, height } = panel.getBoundingClientRect();
    const gap = 4;
    const fitsBelow = button.bottom + gap + height <= window.innerHeight || button.top < window.innerHeight / 2;
    const top = fitsBelow ? button.bottom + gap : button.top - gap - height;
    panel.style.setProperty('top', `${Math.max(gap, Math.min(top, window.innerHeight - height - gap))}px`);
    panel.style.setProperty('left', `${Math.max(gap, Math.min(button.right - width, window.innerWidth - width - gap))}px`);
  }
}

define('sw-action-menu', SwActionMenu);
