import { css } from 'lit';

export const tableStyles = css`
  :host {
    display: grid;
    min-height: 6rem;
    max-height: 100%;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    background: var(--wa-color-surface-default);
    overflow: hidden;
    contain: layout paint style;
  }
  .grid {
    overflow: auto;
    overscroll-behavior: contain;
    position: relative;
    min-height: 0;
  }
  .grid:focus-visible {
    outline: 2px solid var(--wa-color-focus);
    outline-offset: -2px;
  }
  .head {
    position: sticky;
    inset-block-start: 0;
    z-index: 3;
    background: var(--wa-color-surface-lowered);
    border-block-end: 1px solid var(--wa-color-surface-border);
    min-width: max-content;
  }
  .body {
    position: relative;
    overflow: clip;
    overflow-clip-margin: 0;
    contain: style;
  }
  .row {
    display: grid;
    grid-template-columns: var(--sw-tracks);
    flex-wrap: nowrap;
    gap: 0;
    align-items: stretch;
    background: var(--wa-color-surface-default);
  }
  .body .row {
    border-block-end: 1px solid color-mix(in srgb, var(--wa-color-surface-border) 55%, transparent);
    contain: strict;
    position: absolute;
    inset-inline: 0;
  }
  .body .row:hover {
    background: var(--wa-color-surface-lowered);
  }
  .row[aria-selected='true'],
  .row[aria-selected='true']:hover {
    background: var(--wa-color-brand-fill-quiet);
  }
  .row.gone .cell {
    color: var(--wa-color-text-quiet);
    text-decoration: line-through;
  }
  .cell {
    display: flex;
    align-items: center;
    min-width: 0;
    padding-inline: var(--wa-space-s);
    overflow: hidden;
    white-space: nowrap;
  }
  .cell > * {
    min-width: 0;
  }
  .said {
    overflow: hidden;
    text-overflow: ellipsis;
    display: block;
    width: 100%;
  }
  .end {
    justify-content: flex-end;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .select,
  .menu {
    padding: 0;
    justify-content: center;
  }
  /* Only where there is something to scroll sideways: what sticks costs a layer of its own. */
  .is-wide .pinned {
    position: sticky;
    inset-inline-start: var(--sw-pinned-at, 0px);
    z-index: 1;
    background: inherit;
    border-inline-end: 1px solid transparent;
  }
  .is-wide .select.pinned {
    inset-inline-start: 0;
  }
  .is-aside .pinned:not(.select) {
    border-inline-end-color: var(--wa-color-surface-border);
  }
  .by-keys:focus .here {
    outline: 2px solid var(--wa-color-focus);
    outline-offset: -2px;
  }
  .by-keys:focus .row.active > :first-child {
    box-shadow: inset 3px 0 0 var(--wa-color-focus);
  }
  .head .cell {
    position: relative;
    font-weight: 600;
    font-size: var(--wa-font-size-s);
    color: var(--wa-color-text-quiet);
  }
  .is-wide .head .pinned {
    position: sticky;
  }
  .head button {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    min-width: 0;
    width: 100%;
    height: 100%;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
    text-align: start;
  }
  .head .end button {
    justify-content: flex-end;
  }
  .head button:hover,
  .head [aria-sort]:not([aria-sort='none']) button {
    color: var(--wa-color-text-normal);
  }
  .handle {
    position: absolute;
    inset-block: 20%;
    inset-inline-end: 0;
    width: 9px;
    cursor: col-resize;
    touch-action: none;
    border-inline-end: 2px solid var(--wa-color-surface-border);
  }
  .handle:hover {
    border-color: var(--wa-color-brand-border-loud);
  }
  .bar {
    height: 0.6em;
    width: 60%;
    border-radius: 1em;
    background: var(--wa-color-neutral-fill-quiet);
  }
  input[type='checkbox'] {
    width: 1rem;
    height: 1rem;
    margin: 0;
    accent-color: var(--wa-color-brand-fill-loud);
    cursor: pointer;
  }
  .menu button {
    display: grid;
    place-items: center;
    width: 1.75rem;
    height: 1.75rem;
    border: 0;
    border-radius: var(--wa-border-radius-s);
    background: none;
    color: var(--wa-color-text-quiet);
    cursor: pointer;
  }
  .menu button:hover {
    background: var(--wa-color-neutral-fill-quiet);
    color: var(--wa-color-text-normal);
  }
  .flash {
    animation: flash 1.2s ease-out;
  }
  @keyframes flash {
    from {
      background: var(--wa-color-warning-fill-normal);
    }
  }
  .status {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
  }
  .status {
    vertical-align: bottom;
  }
  .status sw-icon {
    width: 1em;
    height: 1em;
  }
  .good sw-icon {
    color: var(--wa-color-success-fill-loud);
  }
  .busy sw-icon {
    color: var(--wa-color-brand-fill-loud);
  }
  .warn sw-icon {
    color: var(--wa-color-warning-fill-loud);
  }
  .bad {
    color: var(--wa-color-danger-on-quiet);
    font-weight: 600;
  }
  .bad sw-icon {
    color: var(--wa-color-danger-fill-loud);
  }
  .off sw-icon {
    color: var(--wa-color-text-quiet);
  }
  .tag {
    display: inline-block;
    padding: 0 0.45em;
    margin-inline-end: 0.25em;
    border-radius: 1em;
    background: var(--wa-color-neutral-fill-quiet);
    font-size: 0.92em;
  }
  .name {
    font-weight: 500;
  }
`;
