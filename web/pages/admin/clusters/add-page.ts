import { css, html } from 'lit';
import { navigate } from '../../../app/router.ts';
import { base, define } from '../../../elements/element.ts';
import { SwPage } from '../../../elements/page.ts';
import { addCloudTexts as t } from '../../../texts/add-cloud.ts';
import './add-cloud.ts';

/** Connecting a cloud, and on to where it is seen. */
export class SwAddCloudPage extends SwPage {
  static override styles = [
    base,
    css`
      .narrow {
        max-width: 60rem;
      }
    `,
  ];

  override render() {
    return html`<sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.about}</p></sw-page-header>
      <div class="narrow"><sw-add-cloud @added=${(event: CustomEvent<{ names: readonly string[] }>) => go(event.detail.names)}></sw-add-cloud></div>`;
  }
}

function go(names: readonly string[]): void {
  const [only, ...others] = names;
  navigate(others.length === 0 && only !== undefined ? `/clusters/${encodeURIComponent(only)}` : '/clusters');
}

define('sw-add-cloud-page', SwAddCloudPage);
