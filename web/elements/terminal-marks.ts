import { css } from 'lit';

/** `.dot` with the state of a terminal as its class. */
export const stateDot = css`
  .dot {
    width: 0.6rem;
    height: 0.6rem;
    flex: none;
    border-radius: 50%;
    background: var(--wa-color-neutral-fill-loud);
  }
  .dot.open {
    background: var(--wa-color-success-fill-loud);
  }
  .dot.away,
  .dot.connecting {
    background: var(--wa-color-warning-fill-loud);
  }
`;

/** `.note`: a line above what is shown, with buttons. */
export const noteLine = css`
  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-3xs) var(--wa-space-s);
    padding: var(--wa-space-3xs) var(--wa-space-xs);
    background: var(--wa-color-warning-fill-quiet);
    color: var(--wa-color-warning-on-quiet);
    font-size: var(--wa-font-size-s);
  }
  .note button {
    min-height: 1.6rem;
    padding: 0 var(--wa-space-xs);
    border: 1px solid currentColor;
    border-radius: var(--wa-border-radius-s);
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
`;
