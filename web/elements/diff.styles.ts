import { css } from 'lit';

/** Blue for what came and amber for what went: told apart by whoever cannot tell red from green; the signs say it without any colour. */
export const diffStyles = css`
  :host {
    --came: var(--wa-color-brand-fill-quiet);
    --came-mark: var(--wa-color-brand-fill-normal);
    --went: var(--wa-color-warning-fill-quiet);
    --went-mark: var(--wa-color-warning-fill-normal);
    min-width: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: var(--wa-space-xs) var(--wa-space-m);
    padding-block-end: var(--wa-space-2xs);
    font-size: var(--wa-font-size-s);
  }
  .sum {
    margin-inline-end: auto;
  }
  .frame {
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-m);
    overflow: hidden;
  }
  table {
    width: 100%;
    margin: 0;
    border-collapse: collapse;
    table-layout: fixed;
    font-size: var(--wa-font-size-s);
    line-height: 1.5;
  }
  th {
    padding: var(--wa-space-2xs) var(--wa-space-s);
    background: var(--wa-color-surface-lowered);
    color: var(--wa-color-text-quiet);
    font-weight: 600;
    text-align: start;
    border: 0;
  }
  td {
    padding: 0;
    border: 0;
    vertical-align: top;
  }
  tr {
    border: 0;
    background: none;
  }
  .number {
    width: 3.2em;
    padding-inline: var(--wa-space-2xs);
    text-align: end;
    color: var(--wa-color-text-quiet);
    user-select: none;
  }
  .sign {
    width: 1.6em;
    text-align: center;
    font-weight: 700;
    user-select: none;
  }
  .text {
    padding-inline: var(--wa-space-2xs) var(--wa-space-s);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .code td {
    font-family: var(--wa-font-family-code);
  }
  .came {
    background: var(--came);
  }
  .went {
    background: var(--went);
  }
  .none {
    background: var(--wa-color-surface-lowered);
  }
  td.second {
    border-inline-start: 1px solid var(--wa-color-surface-border);
  }
  mark {
    color: inherit;
    border-radius: 2px;
    font-weight: 600;
    text-decoration-thickness: 1px;
  }
  .came mark {
    background: var(--came-mark);
    text-decoration: underline;
  }
  .went mark {
    background: var(--went-mark);
    text-decoration: line-through;
  }
  .hidden td {
    background: var(--wa-color-surface-lowered);
    border-block: 1px solid var(--wa-color-surface-border);
  }
  .hidden button {
    display: flex;
    flex-wrap: wrap;
    gap: var(--wa-space-2xs) var(--wa-space-s);
    width: 100%;
    padding: var(--wa-space-3xs) var(--wa-space-s);
    border: 0;
    background: none;
    color: var(--wa-color-text-quiet);
    font: inherit;
    text-align: start;
    cursor: pointer;
  }
  .hidden button:hover {
    color: var(--wa-color-text-normal);
    text-decoration: underline;
  }
  .changes tbody + tbody {
    border-block-start: 1px solid var(--wa-color-surface-border);
  }
  .field {
    width: 30%;
  }
  .path {
    padding: 0 var(--wa-space-s);
    font-family: var(--wa-font-family-body);
    overflow-wrap: anywhere;
  }
  .crumb + .crumb::before {
    content: '›';
    padding-inline: 0.35em;
    color: var(--wa-color-text-quiet);
  }
  .crumb:last-child {
    font-weight: 600;
  }
  .kind {
    display: inline-block;
    width: 1.4em;
    font-family: var(--wa-font-family-code);
    font-weight: 700;
    text-align: center;
  }
  .absent {
    color: var(--wa-color-text-quiet);
    font-style: italic;
    font-family: var(--wa-font-family-body);
  }
`;
