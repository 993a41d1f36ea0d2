import { css } from 'lit';

export const appStyle = css`
  :host {
    height: 100%;
  }
  .frame {
    display: grid;
    grid-template: var(--sw-bar-height) auto minmax(0, 1fr) / var(--sw-nav-width) minmax(0, 1fr);
    height: 100%;
  }
  .frame.collapsed {
    grid-template-columns: 3.25rem minmax(0, 1fr);
  }
  sw-top-bar,
  sw-offline-bar {
    grid-column: 1 / -1;
  }
  sw-navigation {
    min-height: 0;
  }
  main {
    overflow: auto;
    padding: var(--wa-space-s) var(--wa-space-m) var(--wa-space-m);
    min-width: 0;
    position: relative;
    scrollbar-gutter: stable;
  }
  main:focus {
    outline: none;
  }
  .open {
    height: 100%;
    overflow: auto;
  }
  .skip {
    position: absolute;
    inset-block-start: -4rem;
    z-index: 10;
    padding: var(--wa-space-xs);
    background: var(--wa-color-surface-raised);
  }
  .skip:focus {
    inset-block-start: 0;
  }
  @media (max-width: 820px) {
    .frame,
    .frame.collapsed {
      grid-template-columns: minmax(0, 1fr);
    }
    sw-navigation {
      display: none;
    }
    main {
      padding: var(--wa-space-s);
      scrollbar-gutter: auto;
    }
  }
`;
