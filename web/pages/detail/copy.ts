import { css, html, type TemplateResult } from 'lit';
import '../../elements/icon.ts';
import { toast } from '../../elements/toast.ts';
import { detailTexts as t } from '../../texts/detail.ts';

export const copyStyles = css`
  .copy {
    padding: 0 var(--wa-space-3xs);
    border: 0;
    background: none;
    color: var(--wa-color-text-quiet);
    cursor: pointer;
  }
  .copy:hover {
    color: var(--wa-color-text-link);
  }
`;

/** A button that copies a text; `label` says which. */
export function copyButton(text: string, label: string = t.copy): TemplateResult {
  return html`<button class="copy" type="button" title=${label} @click=${() => void copy(text)}><sw-icon name="copy" label=${label}></sw-icon></button>`;
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toast({ text: t.copied, stayMs: 2000 });
}
