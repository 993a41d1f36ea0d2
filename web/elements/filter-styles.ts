import { css } from 'lit';

export const filterStyles = css`
  :host {
    position: relative;
    min-width: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem;
    min-height: 2.25rem;
    padding: 0.2rem var(--wa-space-s);
    border: 1px solid var(--wa-form-control-border-color);
    border-radius: var(--wa-border-radius-m);
    background: var(--wa-form-control-background-color);
    cursor: text;
  }
  .bar:focus-within {
    outline: 2px solid var(--wa-color-focus);
    outline-offset: 1px;
  }
  .bar > sw-icon {
    color: var(--wa-color-text-quiet);
  }
  .tokens {
    display: contents;
    list-style: none;
  }
  .token {
    display: inline-flex;
    align-items: stretch;
    max-width: 100%;
    border-radius: var(--wa-border-radius-s);
    border: 1px solid var(--wa-color-brand-border-quiet);
    background: var(--wa-color-brand-fill-quiet);
    color: var(--wa-color-brand-on-quiet);
  }
  .token.wrong {
    border-color: var(--wa-color-danger-border-loud);
    background: var(--wa-color-danger-fill-quiet);
    color: var(--wa-color-danger-on-quiet);
    border-style: dashed;
  }
  .token button {
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    font-family: var(--wa-font-family-code);
    font-size: 0.93em;
    padding: 0.05rem 0.35rem;
    min-height: 1.5rem;
    cursor: pointer;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .token button + button {
    padding-inline: 0.2rem 0.3rem;
  }
  .token button:hover {
    text-decoration: underline;
  }
  .not {
    font-weight: 700;
  }
  .key {
    font-weight: 400;
  }
  input {
    flex: 1 1 9rem;
    min-width: 6rem;
    border: 0;
    outline: none;
    background: none;
    color: inherit;
    font: inherit;
    padding: 0.2rem 0;
  }
  input:focus-visible {
    outline: none;
  }
  input::placeholder {
    color: var(--wa-color-text-quiet);
    opacity: 1;
  }
  .clear {
    display: grid;
    place-items: center;
    width: 1.5rem;
    height: 1.5rem;
    border: 0;
    border-radius: var(--wa-border-radius-s);
    background: none;
    color: var(--wa-color-text-quiet);
    cursor: pointer;
  }
  .problems {
    margin: 0.25rem 0 0;
    padding: 0;
    list-style: none;
    color: var(--wa-color-danger-on-quiet);
    font-size: var(--wa-font-size-s);
  }
  .problems li {
    display: flex;
    gap: 0.35rem;
    align-items: center;
  }
  .suggestions {
    position: absolute;
    z-index: 20;
    inset: calc(100% + 2px) auto auto 0;
    min-width: min(22rem, 100%);
    max-width: 100%;
    max-height: 20rem;
    overflow: auto;
    margin: 0;
    padding: 0.25rem;
    background: var(--wa-color-surface-raised);
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    box-shadow: var(--wa-shadow-m);
  }
  .suggestion {
    display: flex;
    gap: var(--wa-space-m);
    justify-content: space-between;
    padding: 0.25rem 0.5rem;
    border-radius: var(--wa-border-radius-s);
    cursor: pointer;
  }
  .suggestion span:first-child {
    font-family: var(--wa-font-family-code);
    font-size: 0.93em;
    overflow-wrap: anywhere;
  }
  .suggestion span:last-child,
  .note {
    color: var(--wa-color-text-quiet);
    font-size: var(--wa-font-size-s);
    white-space: nowrap;
  }
  .note {
    padding: 0.25rem 0.5rem;
    white-space: normal;
  }
  .suggestion:hover {
    background: var(--wa-color-surface-lowered);
  }
  .suggestion[aria-selected='true'] {
    background: var(--wa-color-brand-fill-quiet);
    box-shadow: inset 3px 0 0 var(--wa-color-brand-fill-loud);
  }
`;
