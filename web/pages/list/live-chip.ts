import { css, html, type TemplateResult } from 'lit';
import { follow } from '../../data/stored.ts';
import { live } from '../../data/watch.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { listTexts as t } from '../../texts/list.ts';

/** Whether what is shown follows the world; pressing it pauses and goes on. Sends `sw-pause` with whether to pause. */
export class SwLiveChip extends SwElement {
  static override properties = { isPaused: { type: Boolean } };
  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
        padding: 0.2rem 0.7rem;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 2rem;
        background: none;
        color: var(--wa-color-text-quiet);
        font: inherit;
        font-size: var(--wa-font-size-s);
        cursor: pointer;
      }
      .live sw-icon {
        color: var(--wa-color-success-fill-loud);
      }
      .paused,
      .lost {
        background: var(--wa-color-warning-fill-quiet);
        color: var(--wa-color-warning-on-quiet);
        border-color: var(--wa-color-warning-border-quiet);
      }
    `,
  ];

  declare isPaused: boolean;

  constructor() {
    super();
    this.isPaused = false;
    follow(this, live);
  }

  override render(): TemplateResult {
    const [state, icon, text, says] = this.#shown();
    return html`<button class=${state} aria-pressed=${String(this.isPaused)} title=${says} @click=${() => this.send('sw-pause', !this.isPaused)}>
      <sw-icon name=${icon}></sw-icon>${text}
    </button>`;
  }

  #shown(): readonly [state: string, icon: IconName, text: string, says: string] {
    if (this.isPaused) return ['paused', 'pause', t.paused, t.resume];
    const { state } = live.value;
    if (state === 'lost') return ['lost', 'unlink', t.lost, t.isLost];
    return state === 'live' ? ['live', 'activity', t.live, t.pause] : ['idle', 'refresh-cw', t.connecting, t.pause];
  }
}

define('sw-live-chip', SwLiveChip);
