import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { listTexts as t } from '../../texts/list.ts';

/** Has changes shown no longer, and again. Sends `sw-pause` with whether to pause. */
export class SwListPause extends SwElement {
  static override properties = { isPaused: { type: Boolean } };
  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
    `,
  ];

  declare isPaused: boolean;

  constructor() {
    super();
    this.isPaused = false;
  }

  override render(): TemplateResult {
    const says = this.isPaused ? t.resume : t.pause;
    return html`<wa-button
      size="s"
      appearance=${this.isPaused ? 'filled-outlined' : 'plain'}
      variant=${this.isPaused ? 'warning' : 'neutral'}
      title=${says}
      @click=${() => this.send('sw-pause', !this.isPaused)}
    ><sw-icon name=${this.isPaused ? 'play' : 'pause'} .label=${says}></sw-icon>${this.isPaused ? html`<span>${t.paused}</span>` : nothing}</wa-button>`;
  }
}

define('sw-list-pause', SwListPause);
