import { css, html, nothing } from 'lit';
import { base, define, SwElement } from '../../elements/element.ts';
import { wizardTexts as t } from '../../texts/wizard.ts';

/** What is used of a quota, what is wanted beside it, and what there is. */
export class SwQuotaBar extends SwElement {
  static override properties = {
    label: { type: String },
    used: { type: Number },
    wanted: { type: Number },
    limit: { attribute: false },
    format: { attribute: false },
  };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-3xs);
        font-size: var(--wa-font-size-s);
      }
      .words {
        display: grid;
      }
      svg {
        display: block;
        width: 100%;
        height: 0.5rem;
        border-radius: var(--wa-border-radius-pill);
        background: var(--wa-color-neutral-fill-normal);
      }
      .used {
        fill: var(--wa-color-neutral-fill-loud);
      }
      .wanted {
        fill: var(--wa-color-brand-fill-loud);
      }
      .over {
        fill: var(--wa-color-danger-fill-loud);
      }
      .error {
        color: var(--wa-color-danger-on-quiet);
      }
    `,
  ];

  declare label: string;
  declare used: number;
  declare wanted: number;
  /** Null: there is none. */
  declare limit: number | null;
  declare format: (value: number) => string;

  override render() {
    const { used, wanted, limit, format } = this;
    const isOver = limit !== null && used + wanted > limit;
    const percent = (value: number) => (limit === null || limit === 0 ? 0 : Math.min(100, (100 * value) / limit));
    const start = percent(used);
    const width = isOver ? Math.max(2, 100 - start) : percent(wanted);
    return html`
      <div class="words">
        <strong>${this.label}</strong>
        <span>${limit === null ? t.flavor.unlimited(format(used), format(wanted)) : t.flavor.bar(format(used), format(wanted), format(limit))}</span>
      </div>
      <svg aria-hidden="true">
        <rect class="used" width="${start}%" height="100%"></rect>
        <rect class=${isOver ? 'over' : 'wanted'} x="${Math.min(start, 98)}%" width="${width}%" height="100%"></rect>
      </svg>
      ${isOver && wanted > 0 ? html`<span class="error" role="alert">! ${t.flavor.over}</span>` : nothing}
    `;
  }
}

define('sw-quota-bar', SwQuotaBar);
