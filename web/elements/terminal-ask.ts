import { html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import type { ServerFrame } from '#api/terminal/protocol.ts';
import { terminalTexts } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import { terminalPanelStyle } from './terminal-panel-style.ts';

export type Question = Extract<ServerFrame, { readonly type: 'ask' }>;

/** What the host wants to know while it lets somebody in. Sends `sw-answer` with the answers, or undefined when nothing is answered. */
export class SwTerminalAsk extends SwElement {
  static override properties = { question: { attribute: false } };
  static override styles = [base, terminalPanelStyle];

  declare question: Question;

  override firstUpdated(): void {
    void this.#focus();
  }

  override render() {
    const t = terminalTexts.ask;
    const { title, instructions, prompts } = this.question;
    return html`<form class="panel" role="group" aria-labelledby="title" @submit=${(event: Event) => this.#submit(event)} @keydown=${(event: KeyboardEvent) => this.#key(event)}>
      <h3 id="title">${title || t.title}</h3>
      ${instructions ? html`<p>${instructions}</p>` : nothing}
      ${prompts.map(
        ({ text, isSecret }) =>
          html`<wa-input
            size="s"
            type=${isSecret ? 'password' : 'text'}
            ?password-toggle=${isSecret}
            label=${text.trim().replace(/:$/, '') || t.answer}
            autocomplete="off"
            autocapitalize="off"
            autocorrect="off"
            spellcheck="false"
            maxlength="4096"
          ></wa-input>`,
      )}
      <div class="row">
        <wa-button size="s" variant="brand" type="submit">${t.go}</wa-button>
        <wa-button size="s" appearance="outlined" @click=${() => this.send('sw-answer')}>${t.cancel}</wa-button>
      </div>
    </form>`;
  }

  #inputs(): readonly WaInput[] {
    return [...this.renderRoot.querySelectorAll<WaInput>('wa-input')];
  }

  async #focus(): Promise<void> {
    const [first] = this.#inputs();
    await first?.updateComplete;
    (first ?? this.renderRoot.querySelector<HTMLElement>('wa-button'))?.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter' && event.target instanceof Element && event.target.localName === 'wa-input') this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const inputs = this.#inputs();
    const answers = inputs.map(({ value }) => value ?? '');
    for (const input of inputs) input.value = '';
    this.send('sw-answer', answers);
  }
}

define('sw-terminal-ask', SwTerminalAsk);
