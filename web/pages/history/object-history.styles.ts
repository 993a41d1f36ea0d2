import { css } from 'lit';

export const objectHistoryStyles = css`
  .columns {
    display: grid;
    grid-template-columns: 22rem minmax(0, 1fr);
    gap: var(--wa-space-m);
    align-items: start;
  }
  .main {
    min-width: 0;
    display: grid;
    gap: var(--wa-space-s);
  }
  h2 {
    font-size: var(--wa-font-size-m);
  }
  .links {
    display: flex;
    gap: var(--wa-space-m);
  }
  @media (max-width: 1000px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
