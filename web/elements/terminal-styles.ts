import { css } from 'lit';

export const terminalStyles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    min-height: 12rem;
    min-width: 0;
    height: 100%;
    background: var(--wa-color-surface-default);
    border: 1px solid var(--wa-color-surface-border);
  }
  .screen {
    position: relative;
    min-height: 0;
    min-width: 0;
    overflow: hidden;
  }
  .host {
    position: absolute;
    inset: 0;
  }
  /* Not around it: what fits is reckoned from the size of the host. */
  .host .xterm {
    height: 100%;
    padding: 4px 0 0 6px;
  }
  /* The host has the colour of the theme. */
  .host .xterm .xterm-viewport {
    background: none;
  }
  .bell::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 4;
    pointer-events: none;
    box-shadow: inset 0 0 0 3px var(--wa-color-warning-fill-loud);
  }
  .note {
    /* Over the text: a size that changes with each hiccup would be told to the other side. */
    position: absolute;
    inset: 0 0 auto 0;
    z-index: 5;
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
