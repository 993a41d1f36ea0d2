import { html } from 'lit';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import { problemText } from '../elements/state.ts';
import { toast } from '../elements/toast.ts';
import { frameTexts } from '../texts/frame.ts';
import { languageName, languages } from '../texts/language.ts';
import { densities } from './density.ts';
import { display, setDisplay } from './display.ts';
import { themes } from './theme.ts';

/** Theme, language and density to choose. Whoever shows them follows `displayParts`. */
export function displayChoices() {
  const t = frameTexts.user;
  const now = display();
  return html`
    ${choice(
      t.theme,
      now.theme,
      themes.map((one) => [one, t.themes[one]]),
      (theme) => setDisplay({ theme }),
    )}
    ${choice(
      t.language,
      now.language,
      languages.map((one) => [one, languageName(one)]),
      (language) => setDisplay({ language }),
    )}
    ${choice(
      t.density,
      now.density,
      densities.map((one) => [one, t.densities[one]]),
      (density) => setDisplay({ density }),
    )}
  `;
}

/** One of a few, side by side. */
function choice<T extends string>(label: string, value: T, of: readonly (readonly [T, string])[], chosen: (value: T) => Promise<void>) {
  const change = (event: Event) => {
    const found = of.find(([one]) => one === (event.target as HTMLInputElement).value);
    if (found) chosen(found[0]).catch((error: unknown) => toast({ text: problemText(error), tone: 'danger' }));
  };
  return html`<wa-radio-group size="s" orientation="horizontal" label=${label} .value=${value} @change=${change}>
    ${of.map(([one, text]) => html`<wa-radio appearance="button" value=${one}>${text}</wa-radio>`)}
  </wa-radio-group>`;
}
