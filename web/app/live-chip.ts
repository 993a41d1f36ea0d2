import { css, html } from 'lit';
import { follow } from '../data/stored.ts';
import { live } from '../data/watch.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { formatAgo } from '../texts/format.ts';
import { frameTexts } from '../texts/frame.ts';

/** Whether what one sees follows the server, and if not, since when. */
export class SwLiveChip extends SwElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: var(--wa-space-2xs);
        font-size: var(--wa-font-size-s);
        color: var(--wa-color-text-quiet);
        white-space: nowrap;
      }
      .dot {
        width: 0.55rem;
        height: 0.55rem;
        border-radius: 50%;
        border: 2px solid currentColor;
        flex: none;
      }
      .live .dot {
        background: var(--wa-color-success-fill-loud);
        border-color: var(--wa-color-success-fill-loud);
      }
      .lost {
        color: var(--wa-color-warning-on-quiet);
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: var(--wa-space-2xs);
      }
      @media (max-width: 820px) {
        .live .text,
        .connecting .text,
        .idle .text {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ];

  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    follow(this, live);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // How long ago it was changes without anything happening.
    this.#timer = setInterval(() => live.value.state === 'lost' && this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    const { state, since } = live.value;
    const t = frameTexts.live;
    const text = state === 'lost' ? t.lost(formatAgo(since)) : t[state];
    const about = state === 'lost' ? t.lostLong : state === 'live' ? t.liveLong : '';
    return html`<span class="chip ${state}" title=${about}><span class="dot"></span><span class="text">${text}</span></span>
      <span class="unseen" role="status">${state === 'lost' ? t.lostLong : ''}</span>`;
  }
}

define('sw-live-chip', SwLiveChip);
