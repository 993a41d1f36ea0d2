import { css, html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import { formatNumber } from '../texts/format.ts';
import { playerTexts as t } from '../texts/player.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import { clockText, placesOf } from './player-clock.ts';
import { styled } from './styled.ts';

export const speeds = [0.5, 1, 1.5, 2, 4, 8] as const;

/** What a player is worked with. Sends `sw-play`, `sw-seek` {atMs}, `sw-skip` {byMs}, `sw-speed`, `sw-idle`, `sw-copy`. */
export class SwPlayerBar extends SwElement {
  static override properties = {
    atMs: { type: Number },
    durationMs: { type: Number },
    marks: { attribute: false },
    isPlaying: { type: Boolean },
    isBusy: { type: Boolean },
    speed: { type: Number },
    skipsIdle: { type: Boolean },
  };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-2xs);
      }
      .line {
        position: relative;
        height: 1.6rem;
      }
      input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        margin: 0;
        accent-color: var(--wa-color-brand-fill-loud);
        cursor: pointer;
      }
      .ticks {
        position: absolute;
        inset: auto 0.5rem 0;
        height: 0.35rem;
        pointer-events: none;
      }
      .ticks i {
        position: absolute;
        width: 2px;
        height: 100%;
        background: var(--wa-color-warning-fill-loud);
      }
      .time {
        font-variant-numeric: tabular-nums;
        min-width: 8rem;
      }
      wa-select {
        width: 6.5rem;
      }
      wa-select::part(form-control-label) {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    `,
  ];

  declare atMs: number;
  declare durationMs: number;
  /** Times to be ticked off on the line. */
  declare marks: readonly number[];
  declare isPlaying: boolean;
  declare isBusy: boolean;
  declare speed: number;
  declare skipsIdle: boolean;

  constructor() {
    super();
    this.atMs = 0;
    this.durationMs = 0;
    this.marks = [];
    this.isPlaying = false;
    this.isBusy = false;
    this.speed = 1;
    this.skipsIdle = true;
  }

  override render(): TemplateResult {
    const [at, all] = [clockText(this.atMs, { withTenths: !this.isPlaying }), clockText(this.durationMs)];
    return html`
      <div class="line">
        <input
          type="range"
          min="0"
          max=${this.durationMs}
          step="100"
          .value=${live(String(this.atMs))}
          aria-label=${t.position}
          aria-valuetext=${t.positionOf(clockText(this.atMs), all)}
          @input=${(event: Event) => this.send('sw-seek', { atMs: Number((event.target as HTMLInputElement).value) })}
        />
        <div class="ticks" aria-hidden="true">
          ${placesOf(this.marks, this.durationMs).map((place) => html`<i ${styled({ left: `${place * 100}%` })}></i>`)}
        </div>
      </div>
      <div class="row">
        ${this.#button('arrow-left', t.back, () => this.send('sw-skip', { byMs: -5000 }))}
        <wa-button size="s" variant="brand" ?loading=${this.isBusy} @click=${() => this.send('sw-play')}
          ><sw-icon name=${this.isPlaying ? 'pause' : 'play'} label=${this.isPlaying ? t.pause : t.play}></sw-icon
        ></wa-button>
        ${this.#button('arrow-right', t.on, () => this.send('sw-skip', { byMs: 5000 }))}
        <span class="time">${at} / ${all}</span>
        <wa-select
          size="s"
          label=${t.speed}
          .value=${String(this.speed)}
          @change=${(event: Event) => this.send('sw-speed', Number((event.target as HTMLSelectElement).value))}
        >
          ${speeds.map((speed) => html`<wa-option value=${speed}>${t.speedOf(formatNumber(speed))}</wa-option>`)}
        </wa-select>
        <wa-switch
          size="s"
          title=${t.skipIdleHint}
          .checked=${live(this.skipsIdle)}
          @change=${(event: Event) => this.send('sw-idle', (event.target as HTMLInputElement).checked)}
          >${t.skipIdle}</wa-switch
        >
        <span class="grow"></span>
        <wa-button size="s" appearance="outlined" @click=${() => this.send('sw-copy')}
          ><sw-icon slot="start" name="copy"></sw-icon>${t.copy}</wa-button
        >
        <slot></slot>
      </div>
    `;
  }

  #button(icon: 'arrow-left' | 'arrow-right', label: string, run: () => void): TemplateResult {
    return html`<wa-button size="s" appearance="plain" @click=${run}><sw-icon name=${icon} label=${label}></sw-icon></wa-button>`;
  }
}

define('sw-player-bar', SwPlayerBar);
