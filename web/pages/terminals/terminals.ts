import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { setQuery } from '../../app/router.ts';
import { draft, keepDraft } from '../../data/drafts.ts';
import { ownTerminals, readOwnTerminals } from '../../data/own-terminals.ts';
import { follow } from '../../data/stored.ts';
import type { StreamState } from '../../data/terminal-stream.ts';
import { fetchTerminal, type TerminalRow } from '../../data/terminals.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { SwPage } from '../../elements/page.ts';
import { problemText } from '../../elements/state.ts';
import { styled } from '../../elements/styled.ts';
import '../../elements/terminal-find.ts';
import type { PaneState, SwTerminalPane } from '../../elements/terminal-pane.ts';
import '../../elements/terminal-pane.ts';
import { stateDot } from '../../elements/terminal-marks.ts';
import { toast } from '../../elements/toast.ts';
import { terminalTexts } from '../../texts/terminal.ts';
import { terminalsTexts as t } from '../../texts/terminals.ts';
import { borderKeys, draggedTo } from './border.ts';
import { readWorkspace } from './kept-layout.ts';
import {
  activate,
  addTab,
  beside,
  close,
  fill,
  isFull,
  moveBorder,
  type Pane,
  panesIn,
  placed,
  show,
  split,
  type Tab,
  tabOf,
  type Workspace,
} from './layout.ts';
import { terminalsStyles } from './styles.ts';

const kept = 'terminals';

/** Terminals, screens and files in tabs and panes. A reload comes back to the same terminals; leaving leaves them running. */
export class SwTerminals extends SwPage {
  static override properties = { ...SwPage.properties, workspace: { state: true }, states: { state: true } };
  static override styles = [base, stateDot, terminalsStyles];

  declare workspace: Workspace;
  /** How it stands with the terminal of each pane. */
  declare states: ReadonlyMap<number, StreamState['is']>;

  constructor() {
    super();
    this.workspace = readWorkspace(draft(kept));
    this.states = new Map();
    follow(this, ownTerminals);
    void readOwnTerminals();
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.#arrive();
  }

  override render() {
    const { workspace } = this;
    return html`<sw-page-header class="unseen" .heading=${t.title}></sw-page-header>
      ${this.#strip()}
      ${workspace.tabs.length === 0 ? this.#start() : html`<div class="area">${this.#panes()} ${this.#borders()}</div>`}`;
  }

  #strip(): TemplateResult {
    const { workspace } = this;
    const tab = tabOf(workspace);
    const several = tab ? panesIn(tab.root) : [];
    const tool = (icon: IconName, text: string, run: () => void, { isOff = false, isWide = false } = {}) =>
      html`<button class=${isWide ? 'wide' : ''} aria-label=${text} title=${isOff ? t.tooMany : text} ?disabled=${isOff} @click=${run}><sw-icon name=${icon}></sw-icon></button>`;
    return html`<div class="strip">
      <div class="tabs" role="group" aria-label=${t.tabs}>${repeat(
        workspace.tabs,
        ({ key }) => key,
        (one) => this.#tab(one),
      )}</div>
      ${tool('plus', t.tab, () => this.#add({ kind: 'terminal' }), { isOff: isFull(workspace) })}
      <div class="tools">
        ${
          tab
            ? html`${several.length > 1 ? tool('arrow-right', t.nextPane, () => this.#activate(beside(tab, 1))) : nothing}
              ${tool('panel-right', t.splitRight, () => this.#split(tab, 'right'), { isOff: isFull(workspace, tab), isWide: true })}
              ${tool('panel-bottom', t.splitDown, () => this.#split(tab, 'down'), { isOff: isFull(workspace, tab), isWide: true })}
              ${several.length > 1 ? tool('x', t.closePane, () => this.#close(tab.active)) : nothing}
              ${tool('maximize', t.full, () => void this.#full())}`
            : nothing
        }
      </div>
    </div>`;
  }

  #tab(tab: Tab): TemplateResult {
    const keys = panesIn(tab.root);
    const name = `${this.#nameOf(tab.active)}${keys.length > 1 ? ` +${keys.length - 1}` : ''}`;
    const state = this.states.get(tab.active);
    const isCurrent = tab.key === this.workspace.current;
    return html`<div class="tab ${isCurrent ? 'current' : ''}">
      <button aria-current=${isCurrent ? 'true' : nothing} title=${state ? `${name}: ${stateText(state)}` : name} @click=${() => this.#show(tab)}>
        ${state ? html`<span class="dot ${state}"></span>` : nothing}<span class="label">${name}</span>
      </button>
      <button aria-label=${t.closeTab(name)} title=${t.closeTab(name)} @click=${() => keys.forEach((key) => this.#close(key))}><sw-icon name="x"></sw-icon></button>
    </div>`;
  }

  /** All of them, also of other tabs, which go on meanwhile; in an order that nothing changes, for one that moves begins anew. */
  #panes() {
    const { workspace } = this;
    const tab = tabOf(workspace);
    const { panes } = tab ? placed(tab.root) : { panes: new Map() };
    return repeat(
      workspace.panes,
      ({ key }) => key,
      (pane) => {
        const box = panes.get(pane.key);
        const isActive = tab?.active === pane.key;
        const classes = `place ${box ? '' : 'away'} ${panes.size > 1 ? 'several' : ''} ${isActive ? 'active' : ''}`;
        const at = box ?? { left: 0, top: 0, width: 100, height: 100 };
        const styles = { left: `${at.left}%`, top: `${at.top}%`, width: `${at.width}%`, height: `${at.height}%` };
        return html`<div class=${classes} ?inert=${!box} ${styled(styles)} @focusin=${() => this.#activate(pane.key, false)} @pointerdown=${() => this.#activate(pane.key, false)}>
          <sw-terminal-pane data-pane=${pane.key} .pane=${pane} .extras=${['files', 'newWindow', 'full']}
            @sw-pane=${(event: CustomEvent<PaneState>) => this.#fill(pane, event.detail)}
            @sw-live=${(event: CustomEvent<{ is: StreamState['is'] }>) => this.#lives(pane, event.detail.is)}
            @sw-wanted=${(event: CustomEvent<string>) => this.#wanted(pane, event.detail)}
          ></sw-terminal-pane>
        </div>`;
      },
    );
  }

  #borders() {
    const tab = tabOf(this.workspace);
    return (tab ? placed(tab.root).borders : []).map(({ split: of, within }) => {
      const isRight = of.way === 'right';
      const styles = isRight
        ? { left: `${within.left + within.width * of.at}%`, top: `${within.top}%`, height: `${within.height}%`, width: '' }
        : { left: `${within.left}%`, top: `${within.top + within.height * of.at}%`, width: `${within.width}%`, height: '' };
      const move = (at: number) => this.#become(moveBorder(this.workspace, of.key, at));
      return html`<div class="border ${of.way}" role="separator" tabindex="0" aria-label=${t.border} aria-orientation=${isRight ? 'vertical' : 'horizontal'}
        aria-valuenow=${Math.round(of.at * 100)} aria-valuemin="10" aria-valuemax="90" ${styled(styles)}
        @keydown=${(event: KeyboardEvent) => borderKeys(event, of, move)}
        @pointerdown=${(event: PointerEvent) => draggedTo(event, { way: of.way, within, area: this.#area(), move })}
      ></div>`;
    });
  }

  #start(): TemplateResult {
    return html`<div class="start">
      <sw-empty icon="terminal" .heading=${t.empty.title} .text=${t.empty.text}></sw-empty>
      ${this.#running()}
      <sw-terminal-find @sw-found=${(event: CustomEvent<{ cluster: string; server: string; name: string }>) => {
        const { cluster, server, name } = event.detail;
        this.#add({ kind: 'terminal', target: { cluster, server }, name });
      }}></sw-terminal-find>
    </div>`;
  }

  /** Those that nothing here shows. */
  #running(): TemplateResult | typeof nothing {
    const shown = new Set(this.workspace.panes.map(({ terminal }) => terminal));
    const running = (ownTerminals.value ?? []).filter(({ id }) => !shown.has(id));
    if (running.length === 0) return nothing;
    return html`<div class="back">
      <span>${t.back}</span>
      ${running.map((row) => html`<button @click=${() => this.#add(paneOf(row))}><sw-icon name="terminal"></sw-icon>${row.serverName} <span class="quiet">${terminalTexts.purposes[row.purpose]}</span></button>`)}
    </div>`;
  }

  /** The address says what to open, once: an instance, or a terminal that runs. */
  async #arrive(): Promise<void> {
    const { query } = this;
    const [cluster, server, id] = [query.get('cluster'), query.get('server'), query.get('attach')];
    if (id === null && (cluster === null || server === null)) return;
    setQuery({ cluster: undefined, server: undefined, attach: undefined });
    if (id === null) {
      this.#add({ kind: 'terminal', target: { cluster: cluster as string, server: server as string } });
      return;
    }
    const here = this.workspace.panes.find(({ terminal }) => terminal === id);
    if (here) {
      this.#activate(here.key);
      return;
    }
    try {
      this.#add(paneOf(await fetchTerminal(id)));
    } catch (error) {
      toast({ text: `${t.attachFailed}: ${problemText(error)}`, tone: 'danger' });
    }
  }

  #nameOf(key: number): string {
    const pane = this.workspace.panes.find((one) => one.key === key);
    const name = pane?.name ?? pane?.target?.server ?? t.fresh;
    return pane?.kind === 'files' ? t.files(name) : name;
  }

  #wanted({ key, terminal, target, name }: Pane, wanted: string): void {
    const tab = tabOf(this.workspace);
    if (wanted === 'close') this.#close(key);
    if (wanted === 'full') void this.#full();
    if (wanted === 'files' && tab && terminal !== undefined)
      this.#become(
        split(this.workspace, key, 'right', { kind: 'files', terminal, ...(target && { target }), ...(name !== undefined && { name }) }),
      );
    if (wanted !== 'newWindow' || terminal === undefined) return;
    window.open(`/terminals?attach=${encodeURIComponent(terminal)}`, '_blank', 'noopener');
    this.#close(key);
  }

  #add(content: PaneState): void {
    if (isFull(this.workspace)) toast({ text: t.tooMany, tone: 'warning' });
    this.#become(addTab(this.workspace, content));
    void this.#focus();
  }

  #split(tab: Tab, way: 'right' | 'down'): void {
    const { target, name } = this.workspace.panes.find(({ key }) => key === tab.active) ?? {};
    this.#become(
      split(this.workspace, tab.active, way, { kind: 'terminal', ...(target && { target }), ...(name !== undefined && { name }) }),
    );
    void this.#focus();
  }

  #close(key: number): void {
    this.#become(close(this.workspace, key));
    this.states = new Map([...this.states].filter(([pane]) => pane !== key));
    void readOwnTerminals();
    void this.#focus();
  }

  #fill(pane: Pane, content: PaneState): void {
    this.#become(fill(this.workspace, pane.key, content));
  }

  #show(tab: Tab): void {
    this.#become(show(this.workspace, tab.key));
    void this.#focus();
  }

  #activate(key: number, isFocused = true): void {
    const tab = tabOf(this.workspace);
    if (tab?.active !== key) this.#become(activate(this.workspace, key));
    if (isFocused) void this.#focus();
  }

  #lives(pane: Pane, is: StreamState['is']): void {
    this.states = new Map([...this.states, [pane.key, is]]);
  }

  #become(workspace: Workspace): void {
    this.workspace = workspace;
    keepDraft(kept, workspace);
  }

  async #focus(): Promise<void> {
    await this.updateComplete;
    const active = tabOf(this.workspace)?.active;
    this.renderRoot.querySelector<SwTerminalPane>(`[data-pane="${active}"]`)?.focus();
  }

  async #full(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.requestFullscreen().catch(() => undefined);
  }

  #area(): HTMLElement {
    return this.renderRoot.querySelector('.area') as HTMLElement;
  }
}

function paneOf({ id, cluster, serverId, serverName, purpose, isMine }: TerminalRow): PaneState {
  const watched = isMine ? {} : { isWatched: true };
  return { kind: 'terminal', terminal: id, target: { cluster, server: serverId }, name: serverName, purpose, ...watched };
}

function stateText(state: StreamState['is']): string {
  const { states } = terminalTexts;
  return state === 'away' ? states.trying : states[state];
}

define('sw-terminals', SwTerminals);
