import { html } from 'lit';
import { define } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import { overviewTexts as t } from '../../texts/overview.ts';

/** How all clouds are, at a glance. */
export class SwOverview extends SwPage {
  override render() {
    return html`<sw-page-header .heading=${t.title}></sw-page-header>`;
  }
}

define('sw-overview', SwOverview);
