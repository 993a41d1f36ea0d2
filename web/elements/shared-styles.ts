import { css } from 'lit';

/** Links of which one is chosen, in one box: `class="segments"`, the chosen one `aria-current`. */
export const segments = css`
  .segments {
    display: inline-flex;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    overflow: hidden;
  }
  .segments a {
    padding: var(--wa-space-3xs) var(--wa-space-s);
    color: var(--wa-color-text-normal);
    white-space: nowrap;
  }
  .segments a + a {
    border-inline-start: 1px solid var(--wa-color-surface-border);
  }
  .segments a:hover {
    background: var(--wa-color-neutral-fill-quiet);
    text-decoration: none;
  }
  .segments a:focus-visible {
    outline-offset: -2px;
  }
  .segments a[aria-current] {
    background: var(--wa-color-brand-fill-quiet);
    color: var(--wa-color-brand-on-quiet);
    font-weight: 600;
  }
`;

/** Selects below `.controls` have their label beside them. */
export const besideLabels = css`
  .controls wa-select::part(form-control) {
    display: flex;
    align-items: center;
    gap: var(--wa-space-xs);
  }
  .controls wa-select::part(form-control-label) {
    flex: none;
    margin: 0;
    color: var(--wa-color-text-quiet);
    font-weight: 400;
  }
  .controls wa-select::part(form-control-input) {
    flex: 1;
    min-width: 0;
  }
`;

/** A row of fields to filter by, below `.filter`: labels of selects stand beside them, those of texts are read out; below `.more` all stand above. */
export const filterFields = css`
  .filter {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs);
  }
  .filter wa-input {
    flex: 0 1 10rem;
    min-width: 8rem;
  }
  .filter wa-select {
    flex: 0 1 14rem;
    min-width: 12rem;
  }
  .filter:not(.more) wa-select::part(form-control) {
    display: flex;
    align-items: center;
    gap: var(--wa-space-xs);
  }
  .filter wa-select::part(form-control-label) {
    flex: none;
    margin: 0;
    color: var(--wa-color-text-quiet);
    font-size: var(--wa-font-size-s);
  }
  .filter wa-select::part(form-control-input) {
    flex: 1;
    min-width: 0;
  }
  .filter:not(.more) wa-input::part(form-control-label) {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (max-width: 60rem) {
    .filter wa-input,
    .filter wa-select {
      flex-grow: 1;
    }
  }
`;
