import { css } from 'lit';

export const chartStyles = css`
  figure {
    margin: 0;
    display: flex;
    flex-direction: column;
    gap: var(--wa-space-2xs);
    min-width: 0;
  }
  figcaption {
    display: flex;
    align-items: center;
    gap: var(--wa-space-xs);
    min-height: 1.6rem;
  }
  .label {
    flex: 1;
    font-weight: 600;
    min-width: 0;
  }
  .switch {
    border: 0;
    background: none;
    color: var(--wa-color-text-quiet);
    cursor: pointer;
    padding: var(--wa-space-3xs) var(--wa-space-2xs);
    border-radius: var(--wa-border-radius-s);
  }
  .switch:hover {
    background: var(--wa-color-neutral-fill-quiet);
    color: var(--wa-color-text-normal);
  }
  .nothing {
    display: grid;
    place-items: center;
    min-height: var(--sw-chart-height, 10rem);
    text-align: center;
  }
  .body {
    display: flex;
    flex-direction: column;
    gap: var(--wa-space-2xs);
    min-width: 0;
  }
  .plot {
    position: relative;
    height: var(--sw-chart-height, 10rem);
    min-width: 0;
  }
  .doughnut {
    flex-direction: row;
    align-items: center;
    gap: var(--wa-space-m);
  }
  .doughnut .plot {
    flex: none;
    width: var(--sw-chart-height, 8rem);
    height: var(--sw-chart-height, 8rem);
  }
  .sum {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    font-size: var(--wa-font-size-l);
    font-weight: 600;
    pointer-events: none;
    font-variant-numeric: tabular-nums;
  }
  canvas {
    position: absolute;
    inset: 0;
  }
  canvas.leads {
    cursor: pointer;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--wa-space-3xs) var(--wa-space-m);
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: var(--wa-font-size-s);
    min-width: 0;
  }
  .legend li {
    display: inline-flex;
    gap: var(--wa-space-2xs);
    min-width: 0;
  }
  .legend a {
    color: inherit;
  }
  .legend a,
  .legend li > span:first-child {
    overflow-wrap: anywhere;
  }
  .segments {
    flex: 1;
    flex-direction: column;
    flex-wrap: nowrap;
    max-height: var(--sw-chart-height, 8rem);
    overflow: auto;
  }
  .segments li {
    justify-content: space-between;
  }
  .segments li > :first-child {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .swatch {
    display: inline-block;
    height: 0.6em;
    margin-inline-end: 0.45em;
    vertical-align: baseline;
  }
  .number,
  td {
    font-variant-numeric: tabular-nums;
  }
  .table {
    max-height: calc(var(--sw-chart-height, 10rem) + 2rem);
    overflow: auto;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: var(--wa-font-size-s);
  }
  th,
  td {
    padding: var(--wa-space-3xs) var(--wa-space-xs);
    text-align: end;
    border-block-end: 1px solid var(--wa-color-surface-border);
    white-space: nowrap;
  }
  thead th {
    position: sticky;
    inset-block-start: 0;
    background: var(--wa-color-surface-default);
  }
  th:first-child {
    text-align: start;
    font-weight: 400;
  }
`;
