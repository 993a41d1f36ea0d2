import { css, html, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { listTexts as t } from '../../texts/list.ts';
import { foldedLabels } from './list-styles.ts';

const formats = { csv: 'CSV', jsonl: 'JSON Lines' } as const;
type Format = keyof typeof formats;

/** Brings what is shown as a file, streamed by the server. */
export class SwListExport extends SwElement {
  static override properties = { hrefOf: { attribute: false } };
  static override styles = [
    base,
    foldedLabels,
    css`
      :host {
        display: inline-block;
      }
    `,
  ];

  declare hrefOf: (format: Format) => string;

  override render(): TemplateResult {
    return html`<wa-dropdown @wa-select=${(event: CustomEvent<{ item: { value: Format } }>) => this.#fetch(event.detail.item.value)}>
      <wa-button slot="trigger" size="s" appearance="outlined" with-caret><sw-icon name="download"></sw-icon><span class="label">&nbsp;${t.export}</span></wa-button>
      ${Object.entries(formats).map(([format, name]) => html`<wa-dropdown-item value=${format}>${t.exportAs(name)}</wa-dropdown-item>`)}
    </wa-dropdown>`;
  }

  #fetch(format: Format): void {
    const link = document.createElement('a');
    link.href = this.hrefOf(format);
    link.download = '';
    link.click();
  }
}

define('sw-list-export', SwListExport);
