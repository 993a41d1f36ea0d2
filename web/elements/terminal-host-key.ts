import { html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import type WaCheckbox from '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import type { HostKeyFound, ServerFrame } from '#api/terminal/protocol.ts';
import { terminalTexts } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import { compareCommand } from './host-key-command.ts';
import { terminalPanelStyle } from './terminal-panel-style.ts';

export type HostKeyQuestion = Extract<ServerFrame, { readonly type: 'host-key' }>;

/** The key of a host nobody knows yet, and how to compare it. Sends `sw-answer` with true or false. */
export class SwTerminalHostKey extends SwElement {
  static override properties = { question: { attribute: false }, isCompared: { state: true } };
  static override styles = [base, terminalPanelStyle];

  declare question: HostKeyQuestion;
  declare isCompared: boolean;

  constructor() {
    super();
    this.isCompared = false;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
  }

  override render() {
    const t = terminalTexts.hostKey;
    const { mayAccept, algorithm } = this.question;
    return html`<div class="panel" role="group" aria-labelledby="title">
      <h3 id="title" tabindex="-1">${t.title}</h3>
      <p>${t.text}</p>
      ${keyFacts(this.question)}
      <p>${t.compare}</p>
      <pre tabindex="0">${compareCommand(algorithm)}</pre>
      ${
        mayAccept
          ? html`<wa-checkbox size="s" @change=${(event: Event) => (this.isCompared = (event.target as WaCheckbox).checked)}>${t.check}</wa-checkbox>`
          : html`<p><strong>${t.mayNot}</strong></p>`
      }
      <div class="row">
        ${
          mayAccept
            ? html`<wa-button size="s" variant="brand" ?disabled=${!this.isCompared} @click=${() => this.send('sw-answer', true)}>${t.accept}</wa-button>`
            : nothing
        }
        <wa-button size="s" appearance="outlined" @click=${() => this.send('sw-answer', false)}>${t.cancel}</wa-button>
      </div>
    </div>`;
  }
}

/** Fingerprint and algorithm of a key, for people to compare. */
export function keyFacts({ fingerprint, algorithm }: HostKeyFound) {
  const t = terminalTexts.hostKey;
  return html`<dl>
    <dt>${t.fingerprint}</dt><dd><code>${fingerprint}</code></dd>
    <dt>${t.algorithm}</dt><dd><code>${algorithm}</code></dd>
  </dl>`;
}

define('sw-terminal-host-key', SwTerminalHostKey);
