import { css } from 'lit';

export const paletteStyle = css`
  dialog {
    width: min(44rem, calc(100vw - 1rem));
    max-width: none;
    margin: min(10vh, 6rem) auto auto;
    padding: 0;
    color: var(--wa-color-text-normal);
    background: var(--wa-color-surface-raised);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-l);
    box-shadow: var(--wa-shadow-l);
    overflow: hidden;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
  .box {
    display: grid;
    grid-template-rows: auto minmax(4rem, 1fr) auto;
    max-height: min(34rem, 80dvh);
  }
  .field {
    display: flex;
    align-items: center;
    gap: var(--wa-space-s);
    padding: var(--wa-space-xs) var(--wa-space-m);
    border-block-end: 1px solid var(--wa-color-surface-border);
  }
  input {
    flex: 1;
    min-width: 0;
    padding: var(--wa-space-xs) 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    font-size: var(--wa-font-size-l);
  }
  /* The only thing there is to focus. */
  input:focus-visible {
    outline: none;
  }
  input::placeholder {
    color: var(--wa-color-text-quiet);
    font-size: var(--wa-font-size-m);
    opacity: 1;
  }
  #items {
    overflow: auto;
    padding: var(--wa-space-xs);
  }
  .group {
    padding: var(--wa-space-xs) var(--wa-space-xs) var(--wa-space-3xs);
    font-size: var(--wa-font-size-s);
    font-weight: 600;
    color: var(--wa-color-text-quiet);
  }
  .item {
    display: flex;
    align-items: center;
    gap: var(--wa-space-s);
    min-height: 2rem;
    padding: 0.15rem var(--wa-space-xs);
    border-radius: var(--wa-border-radius-m);
    border-inline-start: 3px solid transparent;
    cursor: pointer;
  }
  .item[aria-selected='true'] {
    background: var(--wa-color-brand-fill-quiet);
    border-inline-start-color: var(--wa-color-brand-fill-loud);
  }
  .item .text {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .item .about {
    flex: 1 1 0;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    text-align: end;
    font-size: var(--wa-font-size-s);
    color: var(--wa-color-text-quiet);
  }
  .foot {
    display: flex;
    justify-content: space-between;
    gap: var(--wa-space-m);
    padding: var(--wa-space-xs) var(--wa-space-m);
    border-block-start: 1px solid var(--wa-color-surface-border);
    font-size: var(--wa-font-size-s);
  }
`;
