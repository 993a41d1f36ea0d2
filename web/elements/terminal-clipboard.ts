import { terminalLook } from '../data/terminal-look.ts';
import { terminalTexts } from '../texts/terminal.ts';
import type { Doubt } from './terminal-confirm.ts';
import { keep } from './terminal-settings.ts';
import { linesIn, pastable, webAddress } from './terminal-text.ts';
import { toast } from './toast.ts';

/** So many lines are shown before they are pasted. */
const shownLines = 200;

/** What there is to ask before a text is pasted; undefined: nothing, it was pasted or refused. `go` pastes. */
export function doubtOfPaste(text: string, go: (text: string) => void): Doubt | undefined {
  const t = terminalTexts.paste;
  const clean = pastable(text);
  if (clean === undefined) {
    toast({ text: t.tooLong, tone: 'warning' });
    return undefined;
  }
  const lines = linesIn(clean);
  if (lines === 0 || !terminalLook().asksBeforePaste) {
    go(clean);
    return undefined;
  }
  return {
    title: t.title,
    text: lines === 1 ? t.one : t.text(lines),
    shown: clean.split('\n').slice(0, shownLines).join('\n'),
    ...(lines > shownLines && { more: t.more(lines - shownLines) }),
    go: t.go,
    never: t.never,
    confirmed(isNever) {
      if (isNever) keep({ asksBeforePaste: false });
      go(clean);
    },
  };
}

/** An address that a terminal shows is opened only after somebody saw the whole of it. */
export function doubtOfLink(text: string): Doubt | undefined {
  const t = terminalTexts.link;
  const address = webAddress(text);
  if (address === undefined) return undefined;
  return {
    title: t.title,
    text: t.text,
    shown: address,
    go: t.go,
    confirmed: () => void window.open(address, '_blank', 'noopener,noreferrer'),
  };
}

/** Undefined, and told, where the browser does not let the page. */
export async function readClipboard(): Promise<string | undefined> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    toast({ text: terminalTexts.menu.noClipboard, tone: 'warning' });
    return undefined;
  }
}
