import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import type { Credentials } from '#api/terminal/protocol.ts';
import { readOwnTerminals } from '../data/own-terminals.ts';
import { lastChoice } from '../data/terminal-choices.ts';
import type { StreamState } from '../data/terminal-stream.ts';
import { createTerminal, type TerminalRow } from '../data/terminals.ts';
import { base, define, SwElement } from './element.ts';
import './state.ts';
import { wishOf } from './terminal-choice.ts';
import './terminal-connect.ts';
import type { ConnectWish } from './terminal-connect.ts';
import './terminal-find.ts';
import type { TerminalMenuItem } from './terminal-menu.ts';
import type { ShownTerminal } from './terminal-session.ts';

/** What stands in a pane; what of it is undefined has yet to be chosen. */
export interface PaneState {
  readonly kind: 'terminal' | 'files';
  readonly target?: { readonly cluster: string; readonly server: string };
  readonly purpose?: 'ssh' | 'serial' | 'vnc';
  readonly terminal?: string;
  readonly isWatched?: boolean;
  readonly name?: string;
}

const loaders = {
  'sw-terminal': () => import('./terminal.ts'),
  'sw-screen': () => import('./screen.ts'),
  'sw-files': () => import('./files.ts'),
} as const;

/**
 * One pane: chooses an instance, connects to it, and shows the terminal, the screen or the files. Sends `sw-pane` with what stands in it now,
 * `sw-live` {is, bell}, and `sw-wanted` with what is for the page around.
 */
export class SwTerminalPane extends SwElement {
  static override properties = {
    pane: { attribute: false },
    extras: { attribute: false },
    isLasting: { type: Boolean },
    failure: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        height: 100%;
        min-height: 0;
        min-width: 0;
        background: var(--wa-color-surface-default);
      }
      :host > *,
      .middle {
        min-height: 0;
        min-width: 0;
      }
      .middle {
        display: grid;
        justify-items: center;
        align-content: start;
        overflow: auto;
        padding: var(--wa-space-l) var(--wa-space-m);
        border: 1px solid var(--wa-color-surface-border);
      }
      sw-terminal-connect {
        border: 1px solid var(--wa-color-surface-border);
      }
    `,
  ];

  declare pane: PaneState;
  declare extras: readonly TerminalMenuItem[];
  /** It stays where it is: nothing closes it. */
  declare isLasting: boolean;
  declare failure: unknown;
  declare isBusy: boolean;
  /** Just made, with its ticket; secrets are handed on once. */
  #fresh: (ShownTerminal & { readonly credentials?: Credentials }) | undefined;
  #shown: ShownTerminal = { id: '' };
  #brought: keyof typeof loaders | undefined;

  constructor() {
    super();
    Object.assign(this, { extras: [], isLasting: false, isBusy: false });
  }

  override willUpdate(changed: PropertyValues): void {
    const { terminal } = this.pane;
    if (changed.has('pane') && terminal !== undefined && terminal !== this.#shown.id)
      this.#shown = this.#fresh?.id === terminal ? this.#fresh : { id: terminal };
    if (terminal !== undefined && this.#brought !== this.#tag()) void this.#bring();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('sw-terminal, sw-screen, sw-files, sw-terminal-find')?.focus();
  }

  override render(): TemplateResult {
    const { pane } = this;
    if (!pane.target)
      return html`<div class="middle"><sw-terminal-find @sw-found=${(event: CustomEvent<{ cluster: string; server: string; name: string }>) => this.#found(event.detail)}></sw-terminal-find></div>`;
    if (pane.terminal === undefined)
      return html`<sw-terminal-connect .target=${pane.target} .failure=${this.failure} ?isBusy=${this.isBusy} @sw-connect=${(event: CustomEvent<ConnectWish>) => void this.#connect(event.detail)} @sw-named=${(event: CustomEvent<string>) => this.#named(event.detail)}></sw-terminal-connect>`;
    if (this.#brought !== this.#tag()) return html`<sw-loading></sw-loading>`;
    if (pane.kind === 'files') return html`<sw-files .terminalId=${pane.terminal}></sw-files>`;
    const lives = (event: CustomEvent<{ state: StreamState; row?: TerminalRow }>) => this.#lives(event.detail);
    const wanted = (event: CustomEvent<string>) => this.#wanted(event);
    if (pane.purpose === 'vnc')
      return html`<sw-screen .terminal=${this.#shown} .offers=${this.#offers()} @sw-state=${lives} @sw-wanted=${wanted}></sw-screen>`;
    return html`<sw-terminal
      .terminal=${this.#shown}
      .mode=${pane.isWatched ? 'watch' : 'attach'}
      .credentials=${this.#fresh?.id === pane.terminal ? this.#fresh.credentials : undefined}
      .extras=${pane.purpose === 'ssh' ? this.extras : this.extras.filter((one) => one !== 'files')}
      .offers=${this.#offers()}
      @sw-state=${lives}
      @sw-wanted=${wanted}
    ></sw-terminal>`;
  }

  #tag(): keyof typeof loaders {
    if (this.pane.kind === 'files') return 'sw-files';
    return this.pane.purpose === 'vnc' ? 'sw-screen' : 'sw-terminal';
  }

  async #bring(): Promise<void> {
    const tag = this.#tag();
    await loaders[tag]();
    if (tag !== this.#tag()) return;
    this.#brought = tag;
    this.requestUpdate();
  }

  #offers(): readonly ('again' | 'anew' | 'close')[] {
    const close = this.isLasting ? [] : (['close'] as const);
    return this.pane.isWatched ? close : ['again', 'anew', ...close];
  }

  #found({ cluster, server, name }: { readonly cluster: string; readonly server: string; readonly name: string }): void {
    this.send('sw-pane', { kind: 'terminal', target: { cluster, server }, name });
  }

  #named(name: string): void {
    if (name !== this.pane.name) this.send('sw-pane', { ...this.pane, name });
  }

  async #connect({ wish, credentials, name }: ConnectWish): Promise<void> {
    this.isBusy = true;
    this.failure = undefined;
    try {
      const made = await createTerminal(wish);
      this.#fresh = { ...made, ...(credentials && { credentials }) };
      const { cluster, server, purpose } = wish;
      this.send('sw-pane', { kind: 'terminal', target: { cluster, server }, purpose, terminal: made.id, name });
    } catch (error) {
      this.failure = error;
      this.#anew();
    } finally {
      this.isBusy = false;
    }
  }

  #lives({ state, row }: { readonly state: StreamState; readonly row?: TerminalRow }): void {
    // Secrets were used; they are not kept beside the page.
    if (state.is !== 'connecting' && this.#fresh) this.#fresh = { id: this.#fresh.id };
    if (row) this.#named(row.serverName);
    this.send('sw-live', { is: state.is });
    if (state.is === 'open' || state.is === 'ended') void readOwnTerminals();
  }

  #wanted(event: CustomEvent<string>): void {
    if (event.detail === 'anew') {
      event.stopPropagation();
      this.#anew();
    }
    if (event.detail === 'again') {
      event.stopPropagation();
      void this.#again();
    }
  }

  /** As last time; where a key was given by hand, it has to be given again. */
  async #again(): Promise<void> {
    const { target, name = '' } = this.pane;
    const choice = target && lastChoice(target);
    if (!target || !choice || choice.signIn === 'key' || (choice.purpose === 'ssh' && !choice.user && !choice.profile)) return this.#anew();
    await this.#connect({ wish: wishOf(target, choice), name });
  }

  #anew(): void {
    const { terminal: _, purpose: __, ...others } = this.pane;
    this.send('sw-pane', { ...others, kind: 'terminal' });
  }
}

define('sw-terminal-pane', SwTerminalPane);
