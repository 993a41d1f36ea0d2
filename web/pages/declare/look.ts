import { css } from 'lit';

/** What the pages that declare have in common. */
export const declareLook = css`
  .panes {
    display: grid;
    grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr);
    gap: var(--wa-space-m);
    align-items: start;
  }
  .panes > * {
    min-width: 0;
  }
  sw-yaml-editor {
    height: calc(100vh - var(--sw-bar-height) - 8rem);
    min-height: 16rem;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr));
    gap: var(--wa-space-s) var(--wa-space-m);
    align-items: start;
    max-width: 62rem;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--wa-space-s);
    justify-items: stretch;
    align-content: start;
  }
  .error {
    color: var(--wa-color-danger-on-quiet);
  }
  fieldset {
    border: 0;
    margin: 0;
    padding: 0;
    min-width: 0;
  }
  legend {
    padding: 0;
    font-weight: 600;
  }
  table {
    border-collapse: collapse;
    width: 100%;
  }
  th,
  td {
    text-align: start;
    padding: var(--wa-space-3xs) var(--wa-space-s) var(--wa-space-3xs) 0;
    border-block-end: 1px solid var(--wa-color-surface-border);
    vertical-align: middle;
  }
  th {
    font-weight: 500;
    color: var(--wa-color-text-quiet);
    white-space: nowrap;
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .scroll {
    overflow: auto;
    max-height: 26rem;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    padding-inline-start: var(--wa-space-s);
  }
  .scroll thead th {
    position: sticky;
    inset-block-start: 0;
    background: var(--wa-color-surface-default);
    z-index: 1;
  }
  @media (max-width: 1000px) {
    .panes {
      grid-template-columns: minmax(0, 1fr);
    }
    sw-yaml-editor {
      height: 24rem;
    }
  }
`;
