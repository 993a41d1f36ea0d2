import { css } from 'lit';

/** What the parts of the page share: dense tables, lists of facts, sections. */
export const detailStyles = css`
  .sections {
    display: grid;
    gap: var(--wa-space-l);
  }
  .sections > * {
    min-width: 0;
  }
  section h2 {
    font-size: var(--wa-font-size-m);
    padding-block-end: var(--wa-space-2xs);
  }
  .scroll {
    overflow-x: auto;
  }
  .scroll table {
    min-width: 36rem;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    text-align: start;
    vertical-align: top;
    padding: var(--wa-space-2xs) var(--wa-space-s) var(--wa-space-2xs) 0;
    border-block-end: 1px solid var(--wa-color-surface-border);
    overflow-wrap: anywhere;
  }
  th {
    font-weight: 500;
    color: var(--wa-color-text-quiet);
    white-space: nowrap;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr);
    margin: 0;
  }
  dt,
  dd {
    margin: 0;
    padding: var(--wa-space-3xs) var(--wa-space-m) var(--wa-space-3xs) 0;
    border-block-end: 1px solid var(--wa-color-surface-border);
    overflow-wrap: anywhere;
  }
  dt {
    color: var(--wa-color-text-quiet);
  }
  pre {
    margin: 0;
    padding: var(--wa-space-s);
    overflow: auto;
    background: var(--wa-color-surface-lowered);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--wa-space-s);
    padding-block-end: var(--wa-space-s);
  }
`;
