import { css, html, nothing, type TemplateResult } from 'lit';
import '../../elements/icon.ts';
import { toneIcons, toneOf } from '../list/status.ts';

/** Looks of a status; the icon tells what the colour does. */
export const statusStyles = css`
  .status {
    display: inline-flex;
    align-items: center;
    gap: var(--wa-space-2xs);
    white-space: nowrap;
  }
  .good sw-icon {
    color: var(--wa-color-success-on-quiet);
  }
  .bad,
  .bad sw-icon {
    color: var(--wa-color-danger-on-quiet);
  }
  .warn,
  .warn sw-icon {
    color: var(--wa-color-warning-on-quiet);
  }
  .busy sw-icon {
    color: var(--wa-color-brand-on-quiet);
  }
  .off sw-icon {
    color: var(--wa-color-text-quiet);
  }
`;

/** A status in the words of the cloud. */
export function statusOf(status: unknown): TemplateResult | typeof nothing {
  if (typeof status !== 'string' || status === '') return nothing;
  const tone = toneOf(status);
  return html`<span class="status ${tone}"><sw-icon name=${toneIcons[tone]}></sw-icon>${status}</span>`;
}
