import { css } from 'lit';

export const operationsStyle = css`
  .columns {
    display: flex;
    gap: var(--wa-space-m);
    align-items: flex-start;
  }
  .list {
    flex: 1;
    min-width: 0;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    font-size: var(--wa-font-size-s);
    font-weight: 600;
    color: var(--wa-color-text-quiet);
    text-align: start;
  }
  th,
  td {
    padding: 0.25rem var(--wa-space-s);
    border-block-end: 1px solid var(--wa-color-surface-border);
    height: var(--sw-row-height);
    overflow-wrap: anywhere;
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  tbody tr {
    cursor: pointer;
  }
  tbody tr:hover {
    background: var(--wa-color-neutral-fill-quiet);
  }
  tbody tr.chosen {
    background: var(--wa-color-brand-fill-quiet);
    box-shadow: inset 3px 0 0 var(--wa-color-brand-fill-loud);
  }
  .more {
    padding: var(--wa-space-m);
    text-align: center;
  }
  sw-operation-detail {
    flex: 0 0 min(28rem, 40%);
    position: sticky;
    inset-block-start: 0;
  }
  @media (max-width: 820px) {
    .columns {
      flex-direction: column-reverse;
      align-items: stretch;
    }
    sw-operation-detail {
      position: static;
    }
    thead {
      display: none;
    }
    table,
    tbody,
    tr,
    td {
      display: block;
    }
    tr {
      display: grid;
      grid-template-columns: 1fr 1fr;
      padding: var(--wa-space-xs) var(--wa-space-2xs);
      border-block-end: 1px solid var(--wa-color-surface-border);
    }
    td {
      border: 0;
      height: auto;
      padding: 0.1rem 0;
      text-align: start;
      font-size: var(--wa-font-size-s);
    }
    td.main {
      grid-column: 1 / -1;
      grid-row: 1;
      font-size: var(--wa-font-size-m);
      font-weight: 600;
    }
    td:empty {
      display: none;
    }
  }
`;
