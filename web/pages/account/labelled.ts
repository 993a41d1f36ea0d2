import { html, type TemplateResult } from 'lit';

/** What a button shows, and what it says to who does not see beside what it stands; `label` begins with the text. */
export function labelled(text: string, label: string): TemplateResult {
  return html`<span aria-hidden="true">${text}</span><span class="unseen">${label}</span>`;
}
