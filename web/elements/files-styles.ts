import { css } from 'lit';

export const filesStyles = css`
  :host {
    display: block;
    height: 100%;
    min-height: 16rem;
    min-width: 0;
  }
  .files {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: var(--wa-space-2xs);
    height: 100%;
    min-height: 0;
    padding: var(--wa-space-2xs);
  }
  .over {
    outline: 2px dashed var(--wa-color-brand-fill-loud);
    outline-offset: -2px;
  }
  .drop {
    position: absolute;
    inset: auto 0 var(--wa-space-m);
    text-align: center;
    pointer-events: none;
    color: var(--wa-color-brand-on-quiet);
    font-weight: 600;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: var(--wa-space-2xs) var(--wa-space-m);
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    min-width: 0;
  }
  .crumb {
    padding: var(--wa-space-3xs) var(--wa-space-2xs);
    border: 0;
    background: none;
    color: var(--wa-color-text-link);
    font: inherit;
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  .crumb + .crumb::before {
    content: '/ ';
    color: var(--wa-color-text-quiet);
  }
  .crumb[aria-current] {
    color: var(--wa-color-text-normal);
    font-weight: 600;
  }
  .list {
    flex: 1;
    min-height: 8rem;
    display: flex;
    flex-direction: column;
  }
  sw-table {
    flex: 1;
    min-height: 0;
  }
`;
