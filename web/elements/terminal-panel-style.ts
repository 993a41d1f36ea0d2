import { css } from 'lit';

/** What stands over a terminal while something has to be settled first. */
export const terminalPanelStyle = css`
  :host {
    display: grid;
    place-items: center;
    align-content: safe center;
    position: absolute;
    inset: 0;
    z-index: 6;
    overflow: auto;
    padding: var(--wa-space-m);
    background: color-mix(in srgb, var(--wa-color-surface-lowered) 82%, transparent);
  }
  .panel {
    display: grid;
    gap: var(--wa-space-s);
    width: min(36rem, 100%);
    padding: var(--wa-space-m);
    background: var(--wa-color-surface-raised);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    box-shadow: var(--wa-shadow-m);
  }
  .panel > * {
    min-width: 0;
  }
  p,
  dd,
  code {
    overflow-wrap: anywhere;
  }
  p {
    white-space: pre-line;
  }
  dl {
    display: grid;
    gap: var(--wa-space-3xs) var(--wa-space-s);
    grid-template-columns: max-content minmax(0, 1fr);
    margin: 0;
  }
  dt {
    color: var(--wa-color-text-quiet);
  }
  dd {
    margin: 0;
  }
  pre {
    margin: 0;
    padding: var(--wa-space-xs);
    overflow: auto;
    max-height: 20rem;
    background: var(--wa-color-surface-lowered);
    border-radius: var(--wa-border-radius-s);
    user-select: all;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  @media (max-width: 560px) {
    :host {
      padding: var(--wa-space-2xs);
    }
    dl {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
