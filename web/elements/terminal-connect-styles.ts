import { css } from 'lit';

export const connectStyles = css`
  :host {
    overflow: auto;
    height: 100%;
    padding: var(--wa-space-m);
  }
  form {
    display: grid;
    gap: var(--wa-space-s);
    max-width: 40rem;
    margin-inline: auto;
  }
  form > * {
    min-width: 0;
  }
  .pair {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 7rem;
    gap: var(--wa-space-s);
    align-items: start;
  }
  .purposes {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr));
    gap: var(--wa-space-2xs);
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0 0 var(--wa-space-2xs);
    font-weight: var(--wa-font-weight-semibold, 600);
  }
  .purposes label {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0 var(--wa-space-2xs);
    align-items: baseline;
    align-content: start;
    padding: var(--wa-space-2xs) var(--wa-space-xs);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    cursor: pointer;
  }
  .purposes label:has(:checked) {
    border-color: var(--wa-color-brand-border-loud);
    background: var(--wa-color-brand-fill-quiet);
  }
  .purposes label:has(:disabled) {
    cursor: default;
  }
  .purposes input {
    margin: 0;
  }
  .why {
    grid-column: 2;
    font-size: var(--wa-font-size-s);
    color: var(--wa-color-text-quiet);
  }
  .facts {
    display: grid;
    gap: var(--wa-space-3xs);
    font-size: var(--wa-font-size-s);
  }
  wa-textarea::part(textarea) {
    font-family: var(--wa-font-family-code);
    font-size: var(--wa-font-size-s);
  }
`;
