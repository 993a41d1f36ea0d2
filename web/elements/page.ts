import { css, html, type PropertyDeclarations } from 'lit';
import { base, define, SwElement } from './element.ts';

/** Base of pages: the router gives what the address says. */
export class SwPage extends SwElement {
  static override properties: PropertyDeclarations = { params: { attribute: false }, query: { attribute: false } };

  declare params: Readonly<Record<string, string>>;
  declare query: URLSearchParams;

  constructor() {
    super();
    this.params = {};
    this.query = new URLSearchParams();
  }
}

/** What every page begins with: its heading, in the slot `about` a line under it, and in the slot `actions` its buttons. */
export class SwPageHeader extends SwElement {
  static override properties = { heading: { type: String } };
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs) var(--wa-space-m);
        padding-block-end: var(--wa-space-s);
      }
      .titles {
        flex: 1 1 16rem;
        min-width: 0;
      }
      h1 {
        overflow-wrap: anywhere;
      }
      /* It is focused when the page changes, and nothing can be done with it. */
      h1:focus {
        outline: none;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-xs);
      }
    `,
  ];

  declare heading: string;

  override render() {
    return html`
      <div class="titles">
        <h1 tabindex="-1">${this.heading}</h1>
        <slot name="about"></slot>
      </div>
      <div class="actions"><slot name="actions"></slot></div>
    `;
  }
}

define('sw-page-header', SwPageHeader);
