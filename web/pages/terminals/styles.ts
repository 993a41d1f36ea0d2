import { css } from 'lit';

export const terminalsStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: calc(100dvh - var(--sw-bar-height) - 2rem);
    min-height: 20rem;
  }
  .strip {
    display: flex;
    flex: none;
    align-items: end;
    gap: var(--wa-space-3xs);
    min-width: 0;
  }
  .tabs {
    display: flex;
    flex: 0 1 auto;
    min-width: 0;
    gap: 2px;
    overflow-x: auto;
  }
  .tab {
    display: flex;
    align-items: center;
    flex: none;
    max-width: 16rem;
    border: 1px solid var(--wa-color-surface-border);
    border-block-end: 0;
    border-radius: var(--wa-border-radius-m) var(--wa-border-radius-m) 0 0;
    background: var(--wa-color-surface-lowered);
  }
  .tab.current {
    background: var(--wa-color-surface-raised);
    box-shadow: inset 0 2px 0 var(--wa-color-brand-fill-loud);
  }
  button {
    display: inline-flex;
    align-items: center;
    gap: var(--wa-space-2xs);
    min-width: 0;
    min-height: 2rem;
    padding: 0 var(--wa-space-2xs);
    border: 0;
    border-radius: var(--wa-border-radius-s);
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    background: var(--wa-color-neutral-fill-quiet);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button:focus-visible {
    outline-offset: -2px;
  }
  .tab button:first-child {
    padding-inline-start: var(--wa-space-s);
  }
  .label {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tools {
    display: flex;
    flex: none;
    margin-inline-start: auto;
  }
  .area {
    position: relative;
    flex: 1;
    min-height: 0;
    min-width: 0;
    border-block-start: 1px solid var(--wa-color-surface-border);
    background: var(--wa-color-surface-default);
  }
  .place {
    position: absolute;
  }
  .place.several.active {
    outline: 2px solid var(--wa-color-brand-border-loud);
    outline-offset: -2px;
    z-index: 1;
  }
  .place.away {
    visibility: hidden;
  }
  .border {
    position: absolute;
    z-index: 2;
    touch-action: none;
  }
  .border::after {
    content: '';
    position: absolute;
    inset: 3px;
    background: var(--wa-color-surface-border);
  }
  .border:hover::after,
  .border:focus-visible::after {
    background: var(--wa-color-brand-fill-loud);
  }
  .border.right {
    width: 7px;
    margin-inline-start: -3.5px;
    cursor: col-resize;
  }
  .border.down {
    height: 7px;
    margin-block-start: -3.5px;
    cursor: row-resize;
  }
  .start {
    display: grid;
    justify-items: center;
    gap: var(--wa-space-m);
    padding: var(--wa-space-l) var(--wa-space-m);
  }
  .back {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    align-items: center;
    gap: var(--wa-space-2xs);
  }
  .back button {
    border: 1px solid var(--wa-color-surface-border);
  }
  .note {
    margin: 0;
    padding: var(--wa-space-3xs) var(--wa-space-xs);
  }
  :host(:fullscreen) {
    height: 100vh;
    padding: var(--wa-space-2xs);
    background: var(--wa-color-surface-default);
  }
  @media (max-width: 820px) {
    .place {
      inset: 0 !important;
      width: auto !important;
      height: auto !important;
    }
    .place.several:not(.active) {
      visibility: hidden;
    }
    .border {
      display: none;
    }
    .wide {
      display: none;
    }
  }
`;
