import { css } from 'lit';

/** Fields in two columns where there is room. */
export const schemaFormStyles = css`
  :host {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr));
    gap: var(--wa-space-s) var(--wa-space-m);
    align-items: start;
  }
  .wide {
    grid-column: 1 / -1;
  }
  .error {
    color: var(--wa-color-danger-on-quiet);
    margin-block-start: var(--wa-space-3xs);
  }
  .objects {
    display: grid;
    gap: var(--wa-space-xs);
    margin: 0;
    padding: 0;
    border: 0;
  }
  .object {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: end;
    gap: var(--wa-space-xs);
    padding: var(--wa-space-xs);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
  }
  legend {
    font-size: var(--wa-font-size-s);
    padding: 0 0 var(--wa-space-3xs);
  }
  .objects > wa-button {
    justify-self: start;
  }
  .chosen {
    display: flex;
    align-items: center;
    gap: var(--wa-space-2xs);
  }
`;
