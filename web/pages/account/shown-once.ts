import { css } from 'lit';
import { toast } from '../../elements/toast.ts';
import { accountTexts } from '../../texts/account.ts';

/** What is told once and never again: keys, codes, tokens. */
export const shownOnceStyle = css`
  .secret {
    display: block;
    margin: 0;
    padding: var(--wa-space-s);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    user-select: all;
    background: var(--wa-color-surface-lowered);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
  }
`;

export function copy(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast({ text: accountTexts.factor.copied, tone: 'success', stayMs: 3000 }),
    () => undefined,
  );
}

/** Has the browser save a text, without asking the server for it. */
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
