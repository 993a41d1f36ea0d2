import { css } from 'lit';

export const screenStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr);
    min-height: 12rem;
    min-width: 0;
    height: 100%;
    background: var(--wa-color-surface-default);
    border: 1px solid var(--wa-color-surface-border);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-3xs) var(--wa-space-2xs);
    min-height: 2rem;
    padding-inline: var(--wa-space-xs) var(--wa-space-3xs);
    background: var(--wa-color-surface-raised);
    border-block-end: 1px solid var(--wa-color-surface-border);
    font-size: var(--wa-font-size-s);
  }
  .facts {
    display: flex;
    flex: 1 1 10rem;
    gap: var(--wa-space-3xs) var(--wa-space-s);
    align-items: center;
    min-width: 0;
    overflow: hidden;
    white-space: nowrap;
  }
  .bar button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--wa-space-3xs);
    min-width: 1.8rem;
    height: 1.8rem;
    flex: none;
    padding: 0 var(--wa-space-3xs);
    border: 1px solid transparent;
    border-radius: var(--wa-border-radius-s);
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  .bar button:hover:not(:disabled) {
    background: var(--wa-color-neutral-fill-quiet);
  }
  .bar button[aria-pressed='true'] {
    background: var(--wa-color-brand-fill-quiet);
    border-color: var(--wa-color-brand-border-normal);
    color: var(--wa-color-brand-on-quiet);
  }
  .bar button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  .note {
    grid-row: 2;
  }
  .screen {
    position: relative;
    min-height: 0;
    min-width: 0;
    overflow: hidden;
    grid-row: 3;
    background: #101014;
  }
  .host {
    position: absolute;
    inset: 0;
  }
  .screen:focus-within {
    box-shadow: inset 0 0 0 2px var(--wa-color-focus);
  }
  .waiting {
    position: absolute;
    inset: auto 0 0 0;
    z-index: 3;
    padding: var(--wa-space-2xs) var(--wa-space-s);
    background: var(--wa-color-surface-raised);
    font-size: var(--wa-font-size-s);
  }
`;
