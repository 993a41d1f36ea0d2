import { css } from 'lit';

/** Buttons of the bar on top, and the panels they open. */
export const barStyle = css`
  :host {
    display: block;
  }
  button.bar {
    display: inline-flex;
    align-items: center;
    gap: var(--wa-space-xs);
    min-height: 2rem;
    min-width: 2rem;
    justify-content: center;
    padding: 0 var(--wa-space-xs);
    border: 1px solid transparent;
    border-radius: var(--wa-border-radius-m);
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
    white-space: nowrap;
  }
  button.bar:hover {
    background: var(--wa-color-neutral-fill-quiet);
  }
  [popover] {
    position: fixed;
    inset: calc(var(--sw-bar-height) + 0.3rem) 0.5rem auto auto;
    margin: 0;
    width: min(24rem, calc(100vw - 1rem));
    max-height: calc(100dvh - var(--sw-bar-height) - 1rem);
    overflow: auto;
    padding: var(--wa-space-s);
    color: var(--wa-color-text-normal);
    background: var(--wa-color-surface-raised);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-l);
    box-shadow: var(--wa-shadow-l);
  }
  .panel-head {
    display: flex;
    align-items: center;
    gap: var(--wa-space-s);
    padding-block-end: var(--wa-space-xs);
  }
  .panel-head h2 {
    flex: 1;
    font-size: var(--wa-font-size-m);
  }
`;
