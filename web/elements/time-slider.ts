import { css, html, svg, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { formatTime, timeZone } from '../texts/format.ts';
import { historyTexts as t } from '../texts/history.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import { fromFields, nextMark, toFields } from './time-slider-time.ts';

const steps = 1000;

/**
 * Chooses a moment between two, or now: by sliding, by going from mark to mark (when something changed), or exactly. Times are epoch ms; `at` is
 * undefined for now. Sends `sw-change` {at: RFC 3339, or undefined for now}.
 */
export class SwTimeSlider extends SwElement {
  static override properties = {
    from: { type: Number },
    until: { type: Number },
    at: { type: Number },
    marks: { attribute: false },
    moving: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(8rem, 1fr) auto auto auto;
        gap: var(--wa-space-xs);
        align-items: center;
      }
      .track {
        position: relative;
        padding-block-end: 0.6rem;
      }
      input[type='range'] {
        display: block;
        width: 100%;
        height: 1rem;
        margin: 0;
        padding: 0;
        appearance: none;
        background: none;
        border: 0;
        cursor: pointer;
      }
      input[type='range']::-webkit-slider-runnable-track {
        height: 0.3rem;
        border-radius: 0.15rem;
        background: var(--wa-color-neutral-fill-normal);
      }
      input[type='range']::-moz-range-track {
        height: 0.3rem;
        border-radius: 0.15rem;
        background: var(--wa-color-neutral-fill-normal);
      }
      input[type='range']::-webkit-slider-thumb {
        appearance: none;
        width: 1rem;
        height: 1rem;
        margin-block-start: -0.35rem;
        border: 2px solid var(--wa-color-surface-default);
        border-radius: 50%;
        background: var(--wa-color-brand-fill-loud);
      }
      input[type='range']::-moz-range-thumb {
        width: 0.8rem;
        height: 0.8rem;
        border: 2px solid var(--wa-color-surface-default);
        border-radius: 50%;
        background: var(--wa-color-brand-fill-loud);
      }
      .past input[type='range']::-webkit-slider-thumb {
        background: var(--wa-color-warning-fill-loud);
      }
      .past input[type='range']::-moz-range-thumb {
        background: var(--wa-color-warning-fill-loud);
      }
      svg {
        position: absolute;
        inset: auto 8px 0;
        width: calc(100% - 16px);
        height: 0.5rem;
        pointer-events: none;
      }
      line {
        stroke: var(--wa-color-text-quiet);
        vector-effect: non-scaling-stroke;
        stroke-width: 2;
      }
      .ends {
        display: flex;
        justify-content: space-between;
        font-size: var(--wa-font-size-xs);
        color: var(--wa-color-text-quiet);
      }
      input[type='datetime-local'] {
        padding: var(--wa-space-3xs) var(--wa-space-2xs);
        color: inherit;
        background: var(--wa-color-surface-default);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-s);
        font: inherit;
        font-size: var(--wa-font-size-s);
      }
      @media (max-width: 700px) {
        :host {
          display: flex;
          flex-wrap: wrap;
        }
        .track {
          flex: 1 1 55%;
        }
      }
    `,
  ];

  declare from: number;
  declare until: number;
  declare at: number | undefined;
  declare marks: readonly number[];
  /** Where the thumb is while it is being moved. */
  declare moving: number | undefined;

  constructor() {
    super();
    this.from = 0;
    this.until = Date.now();
    this.marks = [];
  }

  override render(): TemplateResult {
    const at = this.moving ?? this.at ?? this.until;
    const [earlier, later] = [nextMark(this.marks, at, 'earlier'), nextMark(this.marks, at, 'later')];
    const says = this.moving === undefined && this.at === undefined ? t.now : formatTime(at);
    return html`
      <wa-button size="s" appearance="plain" aria-label=${t.earlier} title=${t.earlier} class="earlier" ?disabled=${earlier === undefined} @click=${() => this.#tell(earlier)}
        ><sw-icon name="chevron-left"></sw-icon
      ></wa-button>
      <div class="track ${this.at === undefined ? '' : 'past'}">
        <input
          type="range"
          min="0"
          max=${steps}
          aria-label=${t.slider}
          aria-valuetext=${says}
          .value=${String(this.#stepOf(at))}
          @input=${(event: Event) => (this.moving = this.#timeOf(event))}
          @change=${(event: Event) => this.#tell(this.#timeOf(event))}
        />
        <svg viewBox="0 0 ${steps} 10" preserveAspectRatio="none" aria-hidden="true">
          ${this.marks.map((mark) => svg`<line x1=${this.#stepOf(mark)} x2=${this.#stepOf(mark)} y1="0" y2="10"></line>`)}
        </svg>
      </div>
      <wa-button size="s" appearance="plain" aria-label=${t.later} title=${t.later} class="later" ?disabled=${later === undefined && this.at === undefined} @click=${() => this.#tell(later)}
        ><sw-icon name="chevron-right"></sw-icon
      ></wa-button>
      <input
        type="datetime-local"
        step="1"
        aria-label=${t.exact}
        .value=${toFields(at, timeZone.value)}
        max=${toFields(Date.now(), timeZone.value)}
        @change=${(event: Event) => this.#exact(event)}
      />
      ${this.at === undefined ? html`<span class="quiet">${t.now}</span>` : html`<wa-button size="s" appearance="outlined" class="now" @click=${() => this.#tell(undefined)}>${t.now}</wa-button>`}
    `;
  }

  #stepOf(at: number): number {
    const share = (at - this.from) / Math.max(1, this.until - this.from);
    return Math.round(Math.min(1, Math.max(0, share)) * steps);
  }

  #timeOf(event: Event): number {
    const step = Number((event.target as HTMLInputElement).value);
    return step >= steps ? this.until : this.from + ((this.until - this.from) * step) / steps;
  }

  #exact(event: Event): void {
    const at = fromFields((event.target as HTMLInputElement).value, timeZone.value);
    if (at !== undefined) this.#tell(at);
  }

  /** The end of the track is now. */
  #tell(at: number | undefined): void {
    this.moving = undefined;
    const isNow = at === undefined || at >= this.until;
    this.send('sw-change', { at: isNow ? undefined : new Date(Math.ceil(at)).toISOString() });
  }
}

define('sw-time-slider', SwTimeSlider);
