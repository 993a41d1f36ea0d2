import { css } from 'lit';
import { base } from '../../elements/element.ts';

/** On a phone buttons show their icons alone; their texts stay for who does not see them. */
export const foldedLabels = css`
  @media (max-width: 700px) {
    .label {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
  }
`;

/** A field whose placeholder says what it is for, to who sees it. */
export const unlabelled = css`
  wa-input {
    max-width: 26rem;
  }
  wa-input::part(form-control-label) {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
`;

export const listStyles = [
  base,
  foldedLabels,
  css`
    :host {
      display: flex;
      flex-direction: column;
      gap: var(--wa-space-xs);
      height: 100%;
      min-height: 26rem;
    }
    sw-list-rows,
    sw-list-past {
      flex: 1 1 auto;
      height: auto;
      min-height: 14rem;
    }
    sw-page-header {
      padding-block-end: 0;
    }
    .stage {
      position: relative;
      display: grid;
      grid-template-rows: minmax(0, 1fr);
      flex: 1 1 auto;
      min-height: 12rem;
    }
    sw-action-menu {
      position: fixed;
    }
    .stage > :not(sw-table, .held) {
      align-self: start;
    }
    .held {
      position: absolute;
      z-index: 5;
      inset-block-start: 2.4rem;
      inset-inline: 0;
      display: flex;
      justify-content: center;
      pointer-events: none;
    }
    .held button {
      pointer-events: auto;
      display: inline-flex;
      align-items: center;
      gap: 0.4rem;
      padding: 0.25rem 0.8rem;
      border: 1px solid var(--wa-color-brand-border-normal);
      border-radius: 2rem;
      background: var(--wa-color-brand-fill-loud);
      color: var(--wa-color-brand-on-loud);
      font: inherit;
      cursor: pointer;
      box-shadow: var(--wa-shadow-m);
    }
  `,
];
