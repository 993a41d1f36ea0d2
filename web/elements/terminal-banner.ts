import { css, html, nothing, type TemplateResult } from 'lit';
import type { Present } from '#api/terminal/protocol.ts';
import { hrefOfResource } from '../data/resource.ts';
import type { StreamState } from '../data/terminal-stream.ts';
import type { TerminalRow } from '../data/terminals.ts';
import { formatList } from '../texts/format.ts';
import { terminalTexts as t } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import type { IconName } from './icons.ts';
import { stateDot } from './terminal-marks.ts';

/** Who works where in a terminal, whether that is recorded, and who looks on. Sends `sw-menu-wanted` {anchor} and `sw-search-wanted`. */
export class SwTerminalBanner extends SwElement {
  static override properties = {
    row: { attribute: false },
    state: { attribute: false },
    people: { attribute: false },
    isWatching: { type: Boolean },
  };
  static override styles = [
    base,
    stateDot,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--wa-space-2xs);
        min-height: 2rem;
        padding-inline: var(--wa-space-xs) var(--wa-space-3xs);
        background: var(--wa-color-surface-raised);
        border-block-end: 1px solid var(--wa-color-surface-border);
        font-size: var(--wa-font-size-s);
      }
      .facts {
        display: flex;
        flex: 1;
        gap: var(--wa-space-3xs) var(--wa-space-s);
        align-items: center;
        min-width: 0;
        overflow: hidden;
        white-space: nowrap;
      }
      .facts > * {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .mark {
        display: inline-flex;
        align-items: center;
        gap: var(--wa-space-3xs);
        flex: none;
      }
      .mark sw-icon,
      .dot {
        flex: none;
      }
      .recorded {
        color: var(--wa-color-danger-on-quiet);
      }
      .watched {
        color: var(--wa-color-warning-on-quiet);
        font-weight: 600;
      }
      button {
        display: inline-grid;
        place-items: center;
        width: 1.8rem;
        height: 1.8rem;
        flex: none;
        border: 0;
        border-radius: var(--wa-border-radius-s);
        background: none;
        color: inherit;
        cursor: pointer;
      }
      button:hover {
        background: var(--wa-color-neutral-fill-quiet);
      }
    `,
  ];

  declare row: TerminalRow | undefined;
  declare state: StreamState;
  declare people: readonly Present[];
  declare isWatching: boolean;

  override render() {
    const { row, state } = this;
    const button = (name: 'sw-search-wanted' | 'sw-menu-wanted', icon: IconName, label: string) =>
      html`<button aria-label=${label} title=${label} @click=${(event: Event) => this.send(name, { anchor: event.currentTarget })}><sw-icon name=${icon}></sw-icon></button>`;
    return html`<span class="dot ${state.is}" title=${this.#stateText()}></span>
      <div class="facts">
        ${row ? this.#facts(row) : html`<span class="quiet">${this.#stateText()}</span>`}
      </div>
      ${button('sw-search-wanted', 'search', t.search.open)} ${button('sw-menu-wanted', 'ellipsis-vertical', t.menu.more)}`;
  }

  /** Where the keyboard lands that leaves the terminal. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('button:last-of-type')?.focus();
  }

  #facts(row: TerminalRow): TemplateResult {
    const watchers = this.people.filter(({ role }) => role === 'watches').map(({ user }) => user);
    const href = hrefOfResource({ type: 'server', cluster: row.cluster, id: row.serverId });
    const isRecorded = row.recording === 'running';
    return html`<strong class="mono">${row.remote ?? t.purposes[row.purpose]}</strong>
      <a href=${href}>${row.serverName}</a>
      <span class="quiet">${row.cluster}</span>
      ${
        // Before it is open nothing is recorded that could be.
        row.state === 'connecting'
          ? nothing
          : html`<span class="mark ${isRecorded ? 'recorded' : 'quiet'}" title=${isRecorded ? t.recordedLong : nothing}
            ><sw-icon name="circle-dot"></sw-icon>${isRecorded ? t.recorded : t.notRecorded}</span
          >`
      }
      ${this.isWatching ? html`<span class="mark watched"><sw-icon name="eye"></sw-icon>${t.onlyWatching(row.user)}</span>` : nothing}
      ${!this.isWatching && watchers.length > 0 ? html`<span class="mark watched"><sw-icon name="eye"></sw-icon>${t.watchedBy(formatList(watchers))}</span>` : nothing}`;
  }

  #stateText(): string {
    const { state } = this;
    if (state.is === 'connecting') return state.detail ?? t.states.connecting;
    return state.is === 'away' ? t.states.trying : t.states[state.is];
  }
}

define('sw-terminal-banner', SwTerminalBanner);
