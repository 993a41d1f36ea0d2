import { css } from 'lit';

export const overviewStyles = css`
  .tiles,
  .charts,
  .halves {
    display: grid;
    gap: var(--wa-space-m);
    margin-block-end: var(--wa-space-m);
  }
  .tiles {
    grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr));
  }
  .charts {
    grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
  }
  .halves {
    grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr));
  }
  .card {
    min-width: 0;
    padding: var(--wa-space-s) var(--wa-space-m) var(--wa-space-m);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    background: var(--wa-color-surface-default);
  }
  h2 {
    display: flex;
    align-items: center;
    gap: var(--wa-space-xs);
    min-height: 1.6rem;
    margin-block-end: var(--wa-space-2xs);
    font-size: var(--wa-font-size-m);
  }
  h2 a {
    margin-inline-start: auto;
    font-weight: 400;
  }
  .small {
    font-size: var(--wa-font-size-s);
  }
  .figure {
    display: inline-block;
    font-size: var(--wa-font-size-l);
    font-weight: 600;
    color: inherit;
  }
  .plain {
    list-style: none;
    margin: var(--wa-space-2xs) 0 0;
    padding: 0;
  }
  .plain li {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: var(--wa-space-s);
    padding-block: var(--wa-space-3xs);
    border-block-start: 1px solid var(--wa-color-surface-border);
  }
  .plain li:first-child {
    border: 0;
  }
  .plain a {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .number {
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }
  .counts .number {
    font-size: var(--wa-font-size-l);
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: var(--wa-space-2xs);
    white-space: nowrap;
  }
  .state.success sw-icon {
    color: var(--wa-color-success-on-quiet);
  }
  .state.warning sw-icon {
    color: var(--wa-color-warning-on-quiet);
  }
  .state.danger sw-icon {
    color: var(--wa-color-danger-on-quiet);
  }
  .state.brand sw-icon {
    color: var(--wa-color-brand-on-quiet);
  }
  .state.neutral sw-icon,
  .state.none sw-icon {
    color: var(--wa-color-text-quiet);
  }
  .badge {
    padding: 0 var(--wa-space-2xs);
    border-radius: var(--wa-border-radius-s);
    font-size: var(--wa-font-size-s);
    background: var(--wa-color-danger-fill-quiet);
    color: var(--wa-color-danger-on-quiet);
  }
  wa-callout {
    margin-block-end: var(--wa-space-m);
  }
  .scroll {
    overflow-x: auto;
    margin-inline: calc(-1 * var(--wa-space-m));
    padding-inline: var(--wa-space-m);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--wa-font-size-s);
  }
  th,
  td {
    padding: var(--wa-space-3xs) var(--wa-space-s) var(--wa-space-3xs) 0;
    text-align: start;
    font-weight: 400;
    border-block-end: 1px solid var(--wa-color-surface-border);
    vertical-align: baseline;
  }
  thead th {
    color: var(--wa-color-text-quiet);
    white-space: nowrap;
  }
  tbody tr:last-child > * {
    border-block-end: 0;
  }
  .short {
    white-space: nowrap;
  }
  .why {
    max-width: 22rem;
    overflow: hidden;
    text-overflow: ellipsis;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .capacity td {
    min-width: 6.5rem;
  }
  .capacity th {
    white-space: nowrap;
  }
  .use {
    display: flex;
    justify-content: space-between;
    gap: var(--wa-space-xs);
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .bar {
    display: block;
    height: 4px;
    margin-block: 2px 4px;
    border-radius: 2px;
    background: var(--wa-color-neutral-fill-quiet);
    overflow: hidden;
  }
  .bar span {
    display: block;
    height: 100%;
    background: var(--wa-color-brand-fill-loud);
  }
  .bar .warning {
    background: var(--wa-color-warning-fill-loud);
  }
  .bar .danger {
    background: var(--wa-color-danger-fill-loud);
  }
  .link {
    border: 0;
    padding: var(--wa-space-2xs) 0;
    background: none;
    color: var(--wa-color-text-link);
    font: inherit;
    font-size: var(--wa-font-size-s);
    cursor: pointer;
  }
  .link:hover {
    text-decoration: underline;
  }
  @media (min-width: 45rem) and (max-width: 85.99rem) {
    .tiles > sw-capacity {
      grid-column: 1 / -1;
    }
  }
  @media (min-width: 56rem) and (max-width: 85.99rem) {
    .tiles {
      grid-template-columns: repeat(3, 1fr);
    }
  }
  @media (min-width: 45rem) and (max-width: 71.99rem) {
    .charts {
      grid-template-columns: 1fr 1fr;
    }
    .charts > :last-child {
      grid-column: 1 / -1;
    }
  }
  @media (min-width: 86rem) {
    .tiles {
      grid-template-columns: 1fr 1.15fr 0.9fr 2.1fr;
    }
  }
  @media (max-width: 30rem) {
    .range a {
      padding-inline: var(--wa-space-xs);
    }
  }
`;
