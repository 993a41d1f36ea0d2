import { type CSSResultGroup, css, LitElement } from 'lit';
import { follow } from '../data/stored.ts';
import { timeZone } from '../texts/format.ts';
import { language } from '../texts/language.ts';

/** What every element looks like where it says nothing else. */
export const base = css`
  :host {
    display: block;
    color: var(--wa-color-text-normal);
    font-family: var(--wa-font-family-body);
    font-size: var(--wa-font-size-m);
    line-height: 1.45;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  h4 {
    margin: 0;
    font-weight: var(--wa-font-weight-heading);
    line-height: 1.25;
  }
  h1 {
    font-size: var(--wa-font-size-xl);
  }
  h2 {
    font-size: var(--wa-font-size-l);
  }
  h3,
  h4 {
    font-size: var(--wa-font-size-m);
  }
  p {
    margin: 0;
  }
  a {
    color: var(--wa-color-text-link);
    text-decoration: none;
  }
  a:hover {
    text-decoration: underline;
  }
  :focus-visible {
    outline: 2px solid var(--wa-color-focus);
    outline-offset: 1px;
    border-radius: var(--wa-border-radius-s);
  }
  code,
  pre,
  .mono {
    font-family: var(--wa-font-family-code);
    font-size: 0.93em;
  }
  .quiet {
    color: var(--wa-color-text-quiet);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs);
  }
  .grow {
    flex: 1 1 auto;
    min-width: 0;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 0.01ms !important;
      transition-duration: 0.01ms !important;
    }
  }
`;

/** Base of all elements: renders again when the language or time zone changes, and starts from the shared styles. */
export class SwElement extends LitElement {
  static override styles: CSSResultGroup = base;

  constructor() {
    super();
    follow(this, language, timeZone);
  }

  /** Sends an event with `detail` that leaves shadow roots. */
  protected send(name: string, detail?: unknown): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

/** Defines a custom element once; its name must begin with `sw-`. */
export function define(tag: `sw-${string}`, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
