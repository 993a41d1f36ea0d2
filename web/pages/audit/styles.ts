import { css } from 'lit';

export const auditStyles = css`
  :host(sw-audit) {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 26rem;
  }
  .about {
    display: block;
    max-width: 60rem;
    font-size: var(--wa-font-size-s);
  }
  .small {
    font-size: var(--wa-font-size-s);
  }
  .tools,
  .live {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs);
  }
  .filter {
    padding-block-end: var(--wa-space-xs);
  }
  .more wa-input::part(form-control-label) {
    flex: none;
    margin: 0;
    color: var(--wa-color-text-quiet);
    font-size: var(--wa-font-size-s);
  }
  .body {
    flex: 1;
    display: flex;
    gap: var(--wa-space-m);
    min-height: 0;
  }
  .list {
    flex: 1;
    min-width: 0;
    min-height: 0;
  }
  sw-table {
    height: 100%;
  }
  sw-audit-entry {
    flex: 0 0 min(32rem, 42%);
    min-width: 0;
    overflow: auto;
    border-inline-start: 1px solid var(--wa-color-surface-border);
    padding-inline-start: var(--wa-space-m);
  }
  aside {
    display: grid;
    gap: var(--wa-space-s);
    padding-block-end: var(--wa-space-m);
  }
  header {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    gap: var(--wa-space-2xs);
    padding-block-end: var(--wa-space-2xs);
    background: var(--wa-color-surface-default);
  }
  header h2 {
    flex: 1;
  }
  header h2:focus-visible {
    outline: none;
  }
  .what {
    display: flex;
    flex-wrap: wrap;
    gap: var(--wa-space-s);
  }
  .what,
  .message {
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    grid-template-columns: fit-content(9rem) minmax(0, 1fr);
    gap: var(--wa-space-3xs) var(--wa-space-m);
    margin: 0;
  }
  dt {
    color: var(--wa-color-text-quiet);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .related {
    margin: 0;
    padding-inline-start: var(--wa-space-l);
  }
  .related li {
    padding-block: var(--wa-space-3xs);
    overflow-wrap: anywhere;
  }
  .hash {
    overflow-wrap: anywhere;
  }
  wa-callout {
    margin-block-start: var(--wa-space-xs);
  }
  @media (max-width: 60rem) {
    sw-audit-entry {
      position: fixed;
      inset: var(--sw-bar-height) 0 0;
      z-index: 20;
      padding: var(--wa-space-m);
      border: 0;
      background: var(--wa-color-surface-default);
    }
    header {
      inset-block-start: calc(-1 * var(--wa-space-m));
    }
    .results {
      max-width: 100%;
      overflow-x: auto;
    }
  }
`;
