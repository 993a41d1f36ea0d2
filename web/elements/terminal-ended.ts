import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import type { EndReason, TerminalEnd } from '#api/terminal/protocol.ts';
import { may } from '../data/session.ts';
import { terminalTexts } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import { compareCommand } from './host-key-command.ts';
import { keyFacts } from './terminal-host-key.ts';
import { terminalPanelStyle } from './terminal-panel-style.ts';

/** How a terminal ended, and what can be done about it. Sends `sw-offer` with `again`, `anew` or `close`. */
export class SwTerminalEnded extends SwElement {
  static override properties = { end: { attribute: false }, offers: { attribute: false } };
  static override styles = [base, terminalPanelStyle];

  declare end: TerminalEnd;
  declare offers: readonly ('again' | 'anew' | 'close')[];

  constructor() {
    super();
    this.offers = [];
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
  }

  override render() {
    const t = terminalTexts.ended;
    const { reason, detail, exitCode, hostKey } = this.end;
    return html`<div class="panel" role="group" aria-labelledby="title">
      <h3 id="title" tabindex="-1">${endText(reason)}</h3>
      ${hostKey ? this.#changed(hostKey) : nothing}
      ${detail ? html`<p class="quiet">${detail}</p>` : nothing}
      ${exitCode === undefined ? nothing : html`<p class="quiet">${t.exit(exitCode)}</p>`}
      <div class="row">
        ${this.offers.map(
          (offer, index) =>
            html`<wa-button size="s" variant=${index === 0 ? 'brand' : 'neutral'} appearance=${index === 0 ? 'accent' : 'outlined'} @click=${() => this.send('sw-offer', offer)}>${t[offer]}</wa-button>`,
        )}
      </div>
    </div>`;
  }

  #changed({ found, pinned, wasRebuilt }: NonNullable<TerminalEnd['hostKey']>): TemplateResult {
    const t = terminalTexts.changed;
    return html`<p>${t.text}</p>
      <strong>${t.found}</strong>${keyFacts(found)}
      <strong>${t.pinned}</strong>${pinned.map(keyFacts)}
      <p><strong>${wasRebuilt ? t.rebuilt : t.notRebuilt}</strong></p>
      <p>${t.todo}</p>
      <pre tabindex="0">${compareCommand(found.algorithm)}</pre>
      ${may('terminal.configure') ? html`<p><a href="/admin/terminals/profiles?tab=hosts">${t.toKeys}</a></p>` : nothing}`;
  }
}

/** A reason of a newer server is shown as it is. */
export function endText(reason: string): string {
  const { reasons } = terminalTexts.ended;
  return reasons[reason as EndReason] ?? reason;
}

define('sw-terminal-ended', SwTerminalEnded);
