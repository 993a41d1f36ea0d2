import { css } from 'lit';

/** The panel of actions: two columns, what removes things apart at the end. */
export const actionMenuStyles = css`
  :host {
    display: inline-block;
  }
  .panel {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 0;
    width: min(38rem, 96vw);
    max-height: min(46rem, 86vh);
    color: inherit;
    background: var(--wa-color-surface-raised);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    box-shadow: var(--wa-shadow-l);
  }
  .panel:popover-open {
    display: flex;
    flex-direction: column;
  }
  input {
    margin: var(--wa-space-xs);
    padding: var(--wa-space-2xs) var(--wa-space-xs);
    font: inherit;
    color: inherit;
    background: var(--wa-color-surface-default);
    border: 1px solid var(--wa-form-control-border-color);
    border-radius: var(--wa-border-radius-s);
  }
  [role='listbox'] {
    overflow: auto;
    columns: 2;
    column-gap: var(--wa-space-m);
    padding: 0 var(--wa-space-xs);
  }
  [role='group'] {
    break-inside: avoid;
    padding-block-end: var(--wa-space-xs);
  }
  .remove {
    column-span: all;
    border-block-start: 1px solid var(--wa-color-surface-border);
    padding-block-start: var(--wa-space-xs);
  }
  .heading {
    padding: var(--wa-space-3xs) var(--wa-space-xs);
    font-size: var(--wa-font-size-s);
    font-weight: 600;
    color: var(--wa-color-text-quiet);
  }
  [role='option'] {
    padding: var(--wa-space-3xs) var(--wa-space-xs);
    border-radius: var(--wa-border-radius-s);
    cursor: pointer;
  }
  [role='option'][aria-selected='true'] {
    background: var(--wa-color-neutral-fill-quiet);
    outline: 1px solid var(--wa-color-focus);
  }
  [role='option'][aria-disabled='true'] {
    color: var(--wa-color-text-quiet);
    cursor: not-allowed;
  }
  [aria-disabled='true'] .label {
    opacity: 0.75;
  }
  .remove [role='option']:not([aria-disabled='true']) {
    color: var(--wa-color-danger-on-quiet);
  }
  .why {
    min-height: 3.2em;
    padding: var(--wa-space-xs) var(--wa-space-s);
    border-block-start: 1px solid var(--wa-color-surface-border);
    color: var(--wa-color-text-quiet);
    font-size: var(--wa-font-size-s);
  }
  .told {
    padding: var(--wa-space-s);
  }
  @media (max-width: 560px) {
    [role='listbox'] {
      columns: 1;
    }
  }
`;
