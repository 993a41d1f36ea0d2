import { html } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { makeDirectory, removeFile, renameFile } from '../data/files.ts';
import { fileTexts as t } from '../texts/files.ts';
import type { Question } from './confirm.ts';
import { inside, isName } from './files-path.ts';
import { toast } from './toast.ts';

/** What to ask before a folder is made. */
export function newFolder(terminal: string, folder: string, done: () => void): Question {
  return named({ heading: t.newFolderTitle, confirm: t.create, before: '' }, async (name) => {
    await makeDirectory(terminal, inside(folder, name));
    done();
  });
}

/** What to ask before something is called otherwise. */
export function renaming(terminal: string, folder: string, before: string, done: () => void): Question {
  return named({ heading: t.renameTitle(before), confirm: t.rename, before }, async (name) => {
    await renameFile(terminal, inside(folder, before), inside(folder, name));
    done();
  });
}

/** What to ask before files are deleted. */
export function removal(terminal: string, folder: string, names: readonly string[], done: () => void): Question {
  return {
    heading: t.removeTitle(names.length, names[0] ?? ''),
    text: t.removeText,
    confirm: t.remove,
    isDangerous: true,
    run: async () => {
      try {
        for (const name of names) await removeFile(terminal, inside(folder, name));
        toast({ text: t.removed(names.length), tone: 'success' });
      } finally {
        // Those before the one that failed are gone.
        done();
      }
    },
  };
}

function named(
  { heading, confirm, before }: { readonly heading: string; readonly confirm: string; readonly before: string },
  run: (name: string) => Promise<void>,
): Question {
  let name = before;
  return {
    heading,
    text: '',
    more: html`<wa-input
      label=${t.newName}
      autocomplete="off"
      spellcheck="false"
      autofocus
      value=${before}
      @input=${(event: Event) => (name = (event.target as HTMLInputElement).value)}
    ></wa-input>`,
    confirm,
    run: async () => {
      if (!isName(name)) throw new Error(t.nameWrong);
      await run(name);
    },
  };
}
