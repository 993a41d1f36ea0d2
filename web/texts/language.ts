import { Stored } from '../data/stored.ts';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What `lang` says and `Intl` goes by. */
const tags: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };
const names: Readonly<Record<Language, string>> = { en: 'English', zh: '简体中文' };

/** The language of the page; every element that shows texts renders again when it changes. */
export const language = new Stored<Language>(first());

/** Changes the language without a reload, and remembers it in this browser. */
export function setLanguage(chosen: Language): void {
  localStorage.setItem('language', chosen);
  document.documentElement.lang = tags[chosen];
  language.set(chosen);
}

/** The BCP 47 tag of the language of the page. */
export const languageTag = (): string => tags[language.value];

/** What a language calls itself. */
export const languageName = (one: Language): string => names[one];

function first(): Language {
  const kept = globalThis.localStorage?.getItem('language');
  const wanted = languages.find((one) => one === kept) ?? (globalThis.navigator?.language.startsWith('zh') ? 'zh' : 'en');
  if (globalThis.document) document.documentElement.lang = tags[wanted];
  return wanted;
}
