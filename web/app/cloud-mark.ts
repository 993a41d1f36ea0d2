import { css, html } from 'lit';
import type { CloudHealth } from '../data/cloud-states.ts';

/** How a cloud is, as a small sign: by its shape, for who sees no colours. The text stands beside it. */
export const cloudMark = (health: CloudHealth) => html`<span class="mark ${health}" aria-hidden="true"></span>`;

export const cloudMarkStyle = css`
  .mark {
    flex: none;
    width: 0.65rem;
    height: 0.65rem;
    border: 2px solid currentColor;
    box-sizing: border-box;
  }
  .mark.up {
    border-radius: 50%;
    color: var(--wa-color-success-fill-loud);
    background: currentColor;
  }
  .mark.partly {
    border-radius: 50%;
    color: var(--wa-color-warning-fill-loud);
    background: linear-gradient(90deg, currentColor 50%, transparent 50%);
  }
  .mark.connecting {
    border-radius: 50%;
    color: var(--wa-color-brand-fill-loud);
  }
  .mark.down {
    color: var(--wa-color-danger-fill-loud);
    background: currentColor;
  }
  .mark.off {
    height: 0;
    color: var(--wa-color-text-quiet);
    border-width: 1.5px;
  }
`;
