import { css } from 'lit';

export const dialogStyles = css`
  wa-dialog {
    --width: min(66rem, 94vw);
  }
  .body {
    display: grid;
    gap: var(--wa-space-m);
  }
  .form {
    display: grid;
    grid-template-columns: minmax(12rem, 1fr) 12rem auto;
    gap: var(--wa-space-s);
    align-items: start;
  }
  .error {
    color: var(--wa-color-danger-on-quiet);
    font-size: var(--wa-font-size-s);
  }
  ul {
    margin: var(--wa-space-2xs) 0 0;
    padding-inline-start: 1.2rem;
  }
  .footer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: var(--wa-space-s);
    width: 100%;
  }
  @media (max-width: 700px) {
    .form {
      grid-template-columns: 1fr;
    }
  }
`;
