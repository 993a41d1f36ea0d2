import { css } from 'lit';

export const thenListStyles = css`
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs) var(--wa-space-m);
    padding-block-end: var(--wa-space-s);
  }
  .controls wa-select {
    width: 15rem;
  }
  .switch {
    display: flex;
    gap: var(--wa-space-m);
  }
  .switch a[aria-current] {
    color: inherit;
    font-weight: 600;
  }
  sw-table {
    height: max(16rem, calc(100dvh - 19rem));
  }
  .more {
    display: flex;
    align-items: center;
    gap: var(--wa-space-s);
    padding-block: var(--wa-space-s);
  }
  wa-drawer {
    --size: min(40rem, 96vw);
  }
  pre {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
`;
