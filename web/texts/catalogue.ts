import { type Language, language } from './language.ts';

/** Texts of one part of the web: plain, or made of what they speak of. */
export interface Texts {
  readonly [name: string]: string | ((...about: never[]) => string) | Texts;
}

/** The same names, with texts of another language. */
type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...about: infer A) => string
      ? (...about: A) => string
      : Translated<T[K]>;
};

/**
 * Texts in both languages; reading one gives it in the language of the page. A text that one language lacks is an error of the type checker,
 * so what runs is complete. Read them while rendering, not before: the language changes without a reload.
 */
export function catalogue<T extends Texts>(texts: { readonly en: T; readonly zh: Translated<T> }): Translated<T> {
  return reading(texts) as Translated<T>;
}

function reading(texts: Readonly<Record<Language, Texts>>): Texts {
  return new Proxy(texts.en, {
    get(_, name) {
      const found = texts[language.value][name as string];
      if (typeof found !== 'object') return found;
      return reading({ en: texts.en[name as string] as Texts, zh: texts.zh[name as string] as Texts });
    },
  });
}
