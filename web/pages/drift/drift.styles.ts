import { css } from 'lit';

export const pageStyles = css`
  nav.tabs {
    display: flex;
    gap: var(--wa-space-2xs);
    overflow-x: auto;
    border-block-end: 1px solid var(--wa-color-surface-border);
  }
  .tabs a {
    display: inline-flex;
    gap: var(--wa-space-xs);
    align-items: center;
    padding: var(--wa-space-xs) var(--wa-space-s);
    color: var(--wa-color-text-normal);
    white-space: nowrap;
    border-block-end: 2px solid transparent;
  }
  .tabs a:hover {
    background: var(--wa-color-neutral-fill-quiet);
    text-decoration: none;
  }
  .tabs a:focus-visible {
    outline-offset: -2px;
  }
  .tabs a[aria-current] {
    font-weight: 600;
    border-block-end-color: var(--wa-color-brand-fill-loud);
  }
  .count {
    font-variant-numeric: tabular-nums;
    color: var(--wa-color-text-quiet);
    font-weight: 400;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs) var(--wa-space-s);
    padding-block: var(--wa-space-s);
  }
  .controls wa-input {
    flex: 0 1 18rem;
    min-width: 10rem;
  }
  .controls wa-select {
    flex: 0 1 13rem;
    min-width: 10rem;
  }
  .controls .quiet {
    flex: 1 1 12rem;
  }
  .controls wa-input::part(form-control-label) {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .columns {
    display: grid;
    grid-template-columns: 17rem minmax(0, 1fr);
    gap: var(--wa-space-m);
    align-items: start;
  }
  .bulk {
    position: sticky;
    inset-block-start: calc(-1 * var(--wa-space-m));
    z-index: 2;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs);
    margin-block-end: var(--wa-space-xs);
    padding: var(--wa-space-2xs) var(--wa-space-s);
    min-height: 2.6rem;
    background: var(--wa-color-surface-lowered);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
  }
  .bulk.chosen {
    background: var(--wa-color-brand-fill-quiet);
    border-color: var(--wa-color-brand-border-normal);
  }
  .bulk .grow {
    flex: 1 1 0;
    white-space: nowrap;
  }
  wa-callout {
    margin-block: var(--wa-space-xs);
  }
  wa-callout ul {
    margin: var(--wa-space-2xs) 0 0;
    padding-inline-start: 1.2rem;
  }
  .items {
    display: grid;
    gap: var(--wa-space-xs);
  }
  .more {
    display: flex;
    justify-content: center;
    padding: var(--wa-space-s);
  }
  @media (max-width: 600px) {
    .controls wa-input {
      flex: 1 1 10rem;
    }
    .bulk {
      gap: var(--wa-space-2xs);
      padding-inline: var(--wa-space-xs);
    }
  }
  @media (max-width: 1000px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
