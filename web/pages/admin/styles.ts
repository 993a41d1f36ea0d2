import { css } from 'lit';

/** What the pages of the administration look like alike: tables, bars above them, facts, forms. */
export const adminStyles = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs) var(--wa-space-s);
    padding-block-end: var(--wa-space-s);
  }
  .bar wa-input {
    flex: 0 1 20rem;
    min-width: 10rem;
  }
  .bar wa-select {
    flex: 0 1 16rem;
  }
  /* The label before the control: above it a bar would grow. */
  .beside::part(form-control) {
    display: flex;
    align-items: center;
    gap: var(--wa-space-xs);
  }
  .beside::part(form-control-label) {
    flex: none;
    margin: 0;
    color: var(--wa-color-text-quiet);
    white-space: nowrap;
  }
  .beside::part(form-control-input) {
    flex: 1 1 auto;
    min-width: 8rem;
  }
  .unlabelled::part(form-control-label) {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .scroll {
    overflow-x: auto;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    background: var(--wa-color-surface-raised);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--wa-font-size-m);
  }
  th,
  td {
    padding: var(--wa-space-2xs) var(--wa-space-s);
    text-align: start;
    vertical-align: middle;
    border: 0;
    border-block-end: 1px solid var(--wa-color-surface-border);
  }
  thead th {
    font-size: var(--wa-font-size-s);
    font-weight: 600;
    color: var(--wa-color-text-quiet);
    white-space: nowrap;
    background: var(--wa-color-surface-lowered);
  }
  tbody th {
    font-weight: 600;
  }
  tbody th .quiet {
    font-weight: 400;
  }
  tbody tr:last-child > * {
    border-block-end: 0;
  }
  tbody tr:hover {
    background: var(--wa-color-neutral-fill-quiet);
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .end {
    text-align: end;
    white-space: nowrap;
  }
  .short {
    white-space: nowrap;
  }
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: var(--wa-space-2xs);
    border-block-end: 1px solid var(--wa-color-surface-border);
    margin-block-end: var(--wa-space-m);
  }
  .tabs a {
    padding: var(--wa-space-2xs) var(--wa-space-s);
    border-block-end: 2px solid transparent;
    margin-block-end: -1px;
    color: var(--wa-color-text-quiet);
  }
  .tabs a:hover {
    color: var(--wa-color-text-normal);
    text-decoration: none;
  }
  .tabs a[aria-current] {
    border-color: var(--wa-color-brand-fill-loud);
    color: var(--wa-color-text-normal);
    font-weight: 600;
  }
  .card {
    display: grid;
    gap: var(--wa-space-s);
    align-content: start;
    min-width: 0;
    padding: var(--wa-space-m);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    background: var(--wa-color-surface-raised);
  }
  .card > .scroll {
    border-inline: 0;
    border-radius: 0;
    margin-inline: calc(-1 * var(--wa-space-m));
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--wa-space-xs);
    min-height: 2rem;
  }
  .halves {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr));
    gap: var(--wa-space-m);
    align-items: start;
  }
  .stack {
    display: grid;
    gap: var(--wa-space-m);
    min-width: 0;
  }
  dl {
    display: grid;
    grid-template-columns: fit-content(12rem) minmax(0, 1fr);
    gap: var(--wa-space-2xs) var(--wa-space-m);
    margin: 0;
  }
  dt {
    color: var(--wa-color-text-quiet);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  form,
  .form {
    display: grid;
    gap: var(--wa-space-m);
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
    gap: var(--wa-space-m);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: var(--wa-space-xs);
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: var(--wa-space-2xs);
    white-space: nowrap;
    vertical-align: middle;
  }
  .state sw-icon {
    color: var(--wa-color-text-quiet);
  }
  .state.good sw-icon {
    color: var(--wa-color-success-on-quiet);
  }
  .state.warning sw-icon {
    color: var(--wa-color-warning-on-quiet);
  }
  .state.bad sw-icon {
    color: var(--wa-color-danger-on-quiet);
  }
  .tag {
    display: inline-flex;
    align-items: center;
    gap: var(--wa-space-2xs);
    padding: 0 var(--wa-space-xs);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-s);
    background: var(--wa-color-surface-lowered);
    font-size: var(--wa-font-size-s);
    line-height: 1.6;
    max-width: 100%;
    overflow-wrap: anywhere;
  }
  /* Where it is narrow each row is a card of its own. */
  @media (max-width: 700px) {
    table.cards thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    table.cards tr {
      display: grid;
      gap: var(--wa-space-3xs);
      padding: var(--wa-space-s);
      border-block-end: 1px solid var(--wa-color-surface-border);
    }
    table.cards :is(th, td) {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--wa-space-s);
      padding: 0;
      border: 0;
      text-align: start;
      white-space: normal;
    }
    table.cards td[data-label] {
      flex-wrap: nowrap;
    }
    table.cards td > * {
      min-width: 0;
    }
    table.cards td[data-label]::before {
      content: attr(data-label);
      flex: 0 0 7.5rem;
      color: var(--wa-color-text-quiet);
    }
  }
  .small {
    font-size: var(--wa-font-size-s);
  }
`;
