import { html, type TemplateResult } from 'lit';
import { frameTexts } from '../../texts/frame.ts';
import { language, languageName, languages, setLanguage } from '../../texts/language.ts';
import { signInTexts as t } from '../../texts/sign-in.ts';

/** A card in the middle, with the product above and the languages below: nobody known could set theirs elsewhere. */
export function card(heading: string, content: TemplateResult): TemplateResult {
  return html`
    <main class="card">
      <div class="product"><img src="/icon.svg" alt="" />${frameTexts.product}</div>
      <h1 tabindex="-1">${heading}</h1>
      ${content}
    </main>
    <div class="foot" role="group" aria-label=${t.language}>
      ${languages.map(
        (one) =>
          html`<button lang=${one} aria-pressed=${one === language.value} @click=${() => setLanguage(one)}>${languageName(one)}</button>`,
      )}
    </div>
  `;
}

/** What a form holds, by name. */
export function fieldsOf(event: SubmitEvent): (name: string) => string {
  const given = new FormData(event.target as HTMLFormElement);
  return (name) => (given.get(name) ?? '') as string;
}
