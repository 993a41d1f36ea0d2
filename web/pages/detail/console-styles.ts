import { css } from 'lit';

/** Colours of a terminal, in words of the page, so that they can be read on light and on dark. */
export const consoleStyles = css`
  pre {
    height: min(34rem, 62vh);
    white-space: pre;
    line-height: 1.4;
  }
  pre.wraps {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .line.found {
    background: var(--wa-color-warning-fill-quiet);
  }
  mark {
    background: var(--wa-color-warning-fill-normal);
    color: var(--wa-color-warning-on-normal);
  }
  mark.current {
    background: var(--wa-color-warning-fill-loud);
    color: var(--wa-color-warning-on-loud);
    outline: 2px solid var(--wa-color-focus);
  }
  .bold {
    font-weight: 700;
  }
  span.black {
    color: var(--wa-color-text-quiet);
  }
  span.red {
    color: var(--wa-color-danger-on-quiet);
  }
  span.green {
    color: var(--wa-color-success-on-quiet);
  }
  span.yellow {
    color: var(--wa-color-warning-on-quiet);
  }
  span.blue,
  span.cyan {
    color: var(--wa-color-brand-on-quiet);
  }
  span.magenta {
    font-style: italic;
  }
  wa-input {
    flex: 1 1 12rem;
  }
  wa-select {
    width: 9rem;
  }
  wa-switch {
    padding-block-end: var(--wa-space-2xs);
  }
`;
