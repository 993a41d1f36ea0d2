import { preference, setPreference } from '../data/preferences.ts';
import { session } from '../data/session.ts';
import { setTimeZone, timeZone } from '../texts/format.ts';
import { type Language, language, languages, setLanguage } from '../texts/language.ts';
import { type Density, densities, density, setDensity } from './density.ts';
import { setTheme, type Theme, theme, themes } from './theme.ts';

/** How a person wants all pages to look; kept in this browser, which needs it before anybody is known, and for the others on the server. */
interface Display {
  readonly theme: Theme;
  readonly language: Language;
  readonly density: Density;
  /** IANA name; undefined: that of the browser. */
  readonly timeZone: string | undefined;
}

const key = 'display';

/** Holds at once; the other browsers of the person hear of it when they load. Throws Problem when the server did not keep it. */
export async function setDisplay(change: Partial<Display>): Promise<void> {
  apply(change);
  if (!session.value?.id) return;
  const { theme: shownTheme, language: shownLanguage, density: shownDensity, timeZone: shownZone } = display();
  await setPreference(key, {
    theme: shownTheme,
    language: shownLanguage,
    density: shownDensity,
    ...(shownZone !== undefined && { timeZone: shownZone }),
  });
}

export function display(): Display {
  return { theme: theme.value, language: language.value, density: density.value, timeZone: timeZone.value };
}

/** What elements that show these settings follow. */
export const displayParts = [theme, language, density, timeZone] as const;

/** Has this browser look as the person set it in another one. */
export function applyKept(): void {
  const kept = preference<Readonly<Record<string, unknown>>>(key);
  if (!kept) return;
  const of = <T extends string>(known: readonly T[], value: unknown) => known.find((one) => one === value);
  const wanted = { theme: of(themes, kept['theme']), language: of(languages, kept['language']), density: of(densities, kept['density']) };
  const zone = kept['timeZone'];
  apply({
    ...(wanted.theme && { theme: wanted.theme }),
    ...(wanted.language && { language: wanted.language }),
    ...(wanted.density && { density: wanted.density }),
    timeZone: typeof zone === 'string' && timeZones().includes(zone) ? zone : undefined,
  });
}

function apply(change: Partial<Display>): void {
  if (change.theme !== undefined && change.theme !== theme.value) setTheme(change.theme);
  if (change.language !== undefined && change.language !== language.value) setLanguage(change.language);
  if (change.density !== undefined && change.density !== density.value) setDensity(change.density);
  if ('timeZone' in change && change.timeZone !== timeZone.value) setTimeZone(change.timeZone);
}

/** Those a browser knows, UTC first. */
export function timeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}
