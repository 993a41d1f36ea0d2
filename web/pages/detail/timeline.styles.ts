import { css } from 'lit';

/** A line for each thing that happened, its time beside it. */
export const timelineStyles = css`
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: 11.5rem minmax(0, 1fr);
    gap: var(--wa-space-2xs) var(--wa-space-m);
    padding: var(--wa-space-xs) 0;
    border-block-end: 1px solid var(--wa-color-surface-border);
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--wa-space-s);
    align-items: center;
  }
  .requests {
    overflow-wrap: anywhere;
  }
  details {
    margin-block-start: var(--wa-space-3xs);
  }
  summary {
    cursor: pointer;
    color: var(--wa-color-text-link);
  }
  .source {
    padding: 0 var(--wa-space-2xs);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-s);
    font-size: var(--wa-font-size-s);
  }
  @media (max-width: 640px) {
    li {
      grid-template-columns: 1fr;
    }
  }
`;
