import { css } from 'lit';

/** What the pages that are open to nobody known share: one narrow card. */
export const openPage = css`
  :host {
    display: grid;
    place-items: center;
    align-content: center;
    gap: var(--wa-space-m);
    min-height: 100%;
    padding: var(--wa-space-m);
    background: var(--wa-color-surface-lowered);
  }
  .card {
    display: grid;
    gap: var(--wa-space-m);
    width: min(24rem, 100%);
    padding: var(--wa-space-xl);
    background: var(--wa-color-surface-raised);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-l);
    box-shadow: var(--wa-shadow-s);
  }
  .product {
    display: flex;
    align-items: center;
    gap: var(--wa-space-xs);
    font-weight: 600;
    color: var(--wa-color-text-quiet);
  }
  .product img {
    width: 1.4rem;
    height: 1.4rem;
  }
  form {
    display: grid;
    gap: var(--wa-space-s);
  }
  .foot {
    display: flex;
    justify-content: center;
    gap: var(--wa-space-m);
  }
  .foot button {
    border: 0;
    background: none;
    padding: var(--wa-space-2xs);
    color: var(--wa-color-text-link);
    font: inherit;
    cursor: pointer;
  }
  .foot button[aria-pressed='true'] {
    color: var(--wa-color-text-normal);
    font-weight: 600;
    cursor: default;
  }
`;
