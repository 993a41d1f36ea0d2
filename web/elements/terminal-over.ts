import { html, nothing, type TemplateResult } from 'lit';
import { formatTime } from '../texts/format.ts';
import { terminalTexts as t } from '../texts/terminal.ts';
import { problemText } from './state.ts';
import './terminal-ask.ts';
import './terminal-ended.ts';
import './terminal-host-key.ts';
import type { TerminalSession } from './terminal-session.ts';

/** A line above a terminal that is not connected, or that is about to end. `settled` gives the keyboard back. */
export function noteOf(session: TerminalSession, settled: () => void): TemplateResult | typeof nothing {
  const { state, warning } = session;
  const note = (text: string, label: string, act: () => void) =>
    html`<div class="note"><span>${text}</span><button @click=${() => {
      act();
      settled();
    }}>${label}</button></div>`;
  if (state.is === 'away') return note(awayText(state.retryAt), t.tryNow, () => session.again());
  if (state.is === 'taken') return note(t.states.taken, t.takeBack, () => session.again());
  if (!warning || state.is !== 'open') return nothing;
  const text = t.warnings[warning.reason](formatTime(warning.endsAt, { withSeconds: true }));
  if (warning.reason === 'total') return html`<div class="note">${text}</div>`;
  return note(text, t.stay, () => session.stay());
}

interface OverOptions {
  readonly failure: unknown;
  readonly offers: readonly ('again' | 'anew' | 'close')[];
  readonly offered: (offer: string) => void;
  readonly settled: () => void;
}

/** What has to be settled before one can work: a question, or how it ended. */
export function overOf(session: TerminalSession, { failure, offers, offered, settled }: OverOptions): TemplateResult | typeof nothing {
  const { state, question } = session;
  if (failure !== undefined) return html`<div class="waiting" role="alert">${problemText(failure)}</div>`;
  if (state.is === 'ended')
    return html`<sw-terminal-ended .end=${state.end} .offers=${offers} @sw-offer=${(event: CustomEvent<string>) => offered(event.detail)}></sw-terminal-ended>`;
  if (question?.type === 'ask')
    return html`<sw-terminal-ask .question=${question} @sw-answer=${(event: CustomEvent<readonly string[] | null>) => {
      session.answer(question, event.detail ?? undefined);
      settled();
    }}></sw-terminal-ask>`;
  if (question)
    return html`<sw-terminal-host-key .question=${question} @sw-answer=${(event: CustomEvent<boolean>) => {
      session.accept(question, event.detail);
      settled();
    }}></sw-terminal-host-key>`;
  return state.is === 'connecting' ? html`<div class="waiting">${state.detail ?? t.states.connecting}</div>` : nothing;
}

function awayText(retryAt: number): string {
  const seconds = Math.ceil((retryAt - Date.now()) / 1000);
  return seconds > 0 ? t.states.away(seconds) : t.states.trying;
}
