import { css } from 'lit';

export const wizardLook = css`
  .wizard {
    display: grid;
    grid-template-columns: 11rem minmax(0, 1fr);
    gap: var(--wa-space-m) var(--wa-space-l);
    align-items: start;
  }
  ol {
    list-style: none;
    margin: 0;
    padding: 0;
    display: grid;
    gap: 1px;
  }
  ol a {
    display: flex;
    align-items: center;
    gap: var(--wa-space-xs);
    padding: var(--wa-space-2xs) var(--wa-space-xs);
    border-radius: var(--wa-border-radius-m);
    color: inherit;
  }
  ol a:hover {
    background: var(--wa-color-neutral-fill-quiet);
    text-decoration: none;
  }
  ol a[aria-current] {
    background: var(--wa-color-brand-fill-quiet);
    color: var(--wa-color-brand-on-quiet);
    font-weight: 600;
  }
  .mark {
    display: inline-grid;
    place-items: center;
    width: 1.35rem;
    height: 1.35rem;
    border: 1px solid currentColor;
    border-radius: 50%;
    font-size: var(--wa-font-size-s);
    flex: none;
  }
  .done .mark {
    color: var(--wa-color-success-on-quiet);
  }
  .faulty .mark {
    color: var(--wa-color-danger-on-quiet);
    font-weight: 700;
  }
  h2:focus {
    outline: none;
  }
  .ways {
    padding-block-start: var(--wa-space-m);
  }
  .quotas {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr));
    gap: var(--wa-space-s) var(--wa-space-m);
  }
  .entry {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--wa-space-xs);
    align-items: end;
    padding: var(--wa-space-xs) var(--wa-space-s);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
  }
  .wizard sw-yaml-editor {
    height: calc(100vh - var(--sw-bar-height) - 15rem);
  }
  @media (max-width: 820px) {
    .wizard {
      grid-template-columns: minmax(0, 1fr);
    }
    ol {
      display: flex;
      flex-wrap: wrap;
    }
    /* Still read out: a number alone names no step. */
    ol a:not([aria-current]) .name {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .wizard sw-yaml-editor {
      height: 20rem;
    }
  }
`;
