import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

const dir = resolve(import.meta.dirname, '../../web/texts');

type Texts = { readonly [name: string]: unknown };

/**
 * English texts of all catalogues that read otherwise in Chinese. Texts made of what they speak of are left out, and single small words, which
 * may be names of things.
 */
export async function englishTexts(): Promise<ReadonlySet<string>> {
  const language = (await import(join(dir, 'language.ts'))) as { language: { set(language: 'en' | 'zh'): void } };
  const files = readdirSync(dir).filter((name) => name.endsWith('.ts') && !/\.test\.ts$|^(?:catalogue|format|language)\.ts$/.test(name));
  const parts = await Promise.all(files.map(async (name) => (await import(join(dir, name))) as Texts));
  const read = (as: 'en' | 'zh') => {
    language.language.set(as);
    return parts.map((part) => flatten(part, ''));
  };
  const [english, chinese] = [read('en'), read('zh')];
  return new Set(
    english.flatMap((texts, part) =>
      [...texts].filter(([name, text]) => chinese[part]?.get(name) !== text && /[A-Z ]/.test(text)).map(([, text]) => text),
    ),
  );
}

function flatten(texts: Texts, prefix: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text === 'string') found.set(`${prefix}${name}`, text.trim());
    if (typeof text === 'object' && text !== null)
      for (const [deeper, inner] of flatten(text as Texts, `${prefix}${name}.`)) found.set(deeper, inner);
  }
  return found;
}

/** Every text a person can read on the page now, in shadow roots too, and what is read out for them; code and what is typed left out. */
export async function textsOn(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const found = new Set();
    const add = (text) => { const shown = (text ?? '').replaceAll(/\\s+/g, ' ').trim(); if (shown) found.add(shown); };
    const silent = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'PRE', 'CODE', 'KBD', 'TEXTAREA']);
    const read = (root) => {
      for (const node of root.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) add(node.textContent);
        if (node.nodeType !== Node.ELEMENT_NODE || silent.has(node.nodeName) || node.classList.contains('mono')) continue;
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) add(node.getAttribute(name));
        if (node.shadowRoot) read(node.shadowRoot);
        read(node);
      }
    };
    read(document.body);
    return [...found];
  })()`);
}

/** Keeps what the server answers to a page from now on: words of its own, such as names of conditions, are the same in every language. */
export function hearServer(page: Page): { readonly said: () => Promise<string>; readonly forget: () => void } {
  let answers: Promise<string>[] = [];
  page.on('response', (response) => {
    if (!/json/.test(response.headers()['content-type'] ?? '')) return;
    // An answer to a page that was left meanwhile is gone.
    answers.push(response.text().catch(() => ''));
  });
  return {
    said: async () => (await Promise.all(answers)).join('\n'),
    forget: () => {
      answers = [];
    },
  };
}
