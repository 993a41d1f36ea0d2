import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { isWriting } from '../app/keys.ts';
import { chunkEvents, getKeyframe, type RecordingIndex } from '../data/recordings.ts';
import { frameTexts } from '../texts/frame.ts';
import { playerTexts as t } from '../texts/player.ts';
import { base, define, SwElement } from './element.ts';
import { Playback } from './playback.ts';
import './player-bar.ts';
import { clockText } from './player-clock.ts';
import { deedOf, type PlayerDeed } from './player-keys.ts';
import { openScreen, type ShownScreen } from './player-screen.ts';
import './player-side.ts';
import type { SwPlayerSide } from './player-side.ts';
import { problemText } from './state.ts';
import { toast } from './toast.ts';
import { xtermStyle } from './xterm-view.ts';

/** More than this between two pictures was no time somebody watched: the page was hidden. */
const longestFrameMs = 250;

/** Replays the recording of a terminal, of which it holds a small window at any time. Sends `sw-at` {atMs} whenever it stands still somewhere. */
export class SwPlayer extends SwElement {
  static override properties = { terminalId: { type: String }, index: { attribute: false }, startMs: { type: Number } };
  static override styles = [
    base,
    xtermStyle,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) min(22rem, 30%);
        gap: var(--wa-space-s) var(--wa-space-m);
        min-height: 0;
      }
      .screen {
        overflow: auto;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        padding: var(--wa-space-2xs);
      }
      sw-player-side {
        grid-row: 1 / 3;
        grid-column: 2;
      }
      .small {
        font-size: var(--wa-font-size-s);
      }
      @media (max-width: 60rem) {
        :host {
          grid-template: auto / minmax(0, 1fr);
        }
        .screen {
          height: 50vh;
        }
        sw-player-side {
          grid-row: auto;
          grid-column: auto;
          height: 24rem;
        }
      }
    `,
  ];

  declare terminalId: string;
  declare index: RecordingIndex;
  /** Where it begins, standing still; undefined: from the beginning, playing. */
  declare startMs: number | undefined;

  readonly #host = createRef<HTMLElement>();
  readonly #side = createRef<SwPlayerSide>();
  readonly #resized = new ResizeObserver(() => this.#screen?.fit());
  readonly #pressed = (event: KeyboardEvent) => this.#press(event);
  #screen: ShownScreen | undefined;
  #playback: Playback | undefined;
  #frame = 0;
  #shownAt = 0;

  /** What is on the screen now, or what of it is selected. */
  get screenText(): string {
    return this.#screen?.text() ?? '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#pressed);
    if (this.hasUpdated) void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#pressed);
    this.#close();
  }

  protected override firstUpdated(): void {
    void this.#open();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('index') && changed.get('index') !== undefined) void this.#open();
  }

  override render(): TemplateResult {
    const { durationMs, marks } = this.index;
    const playback = this.#playback;
    return html`
      <div class="screen" role="region" aria-label=${t.screen} tabindex="0" data-takes-keys><div ${ref(this.#host)}></div></div>
      <div>
        ${this.#notes()}
        <sw-player-bar
          role="group"
          aria-label=${t.controls}
          .atMs=${playback?.atMs ?? 0}
          .durationMs=${durationMs}
          .marks=${marks.map(({ atMs }) => atMs)}
          .isPlaying=${playback?.isPlaying ?? false}
          .isBusy=${playback?.isBusy ?? true}
          .speed=${playback?.speed ?? 1}
          .skipsIdle=${playback?.skipsIdle ?? true}
          @sw-play=${() => this.#do({ play: true })}
          @sw-seek=${(event: CustomEvent<{ atMs: number }>) => this.#do({ seek: event.detail.atMs })}
          @sw-skip=${(event: CustomEvent<{ byMs: number }>) => this.#do({ skip: event.detail.byMs })}
          @sw-speed=${(event: CustomEvent<number>) => this.#set({ speed: event.detail })}
          @sw-idle=${(event: CustomEvent<boolean>) => this.#set({ skipsIdle: event.detail })}
          @sw-copy=${() => void this.#copy()}
          ><slot></slot
        ></sw-player-bar>
        <p class="quiet small">${t.keys}</p>
        <p class="unseen" role="status">${this.#state()}</p>
      </div>
      <sw-player-side
        ${ref(this.#side)}
        role="group"
        aria-label=${t.side}
        .terminalId=${this.terminalId}
        .marks=${marks}
        @sw-seek=${(event: CustomEvent<{ atMs: number }>) => this.#do({ seek: event.detail.atMs })}
      ></sw-player-side>
    `;
  }

  #notes(): TemplateResult | typeof nothing {
    const { interrupted, isSealed, durationMs, chunks } = this.index;
    const problem = this.#playback?.problem;
    if (problem !== undefined)
      return html`<wa-callout size="s" variant="danger" role="alert"
        >${problemText(problem)} <wa-button size="s" @click=${() => this.#playback?.retry()}>${frameTexts.retry}</wa-button></wa-callout
      >`;
    if (chunks.length === 0 || durationMs === 0) return html`<wa-callout size="s">${t.empty}</wa-callout>`;
    if (interrupted) return html`<wa-callout size="s" variant="warning">${t.interrupted}</wa-callout>`;
    return isSealed ? nothing : html`<wa-callout size="s">${t.running}</wa-callout>`;
  }

  #state(): string {
    const playback = this.#playback;
    if (!playback) return t.loading;
    return playback.isPlaying ? t.playing : t.paused(clockText(playback.atMs));
  }

  async #open(): Promise<void> {
    this.#close();
    const host = this.#host.value;
    if (!host) return;
    const { terminalId: id, index } = this;
    const screen = await openScreen(host);
    if (!this.isConnected || this.index !== index) return screen.dispose();
    this.#screen = screen;
    this.#resized.observe(host);
    const playback = new Playback({
      index,
      screen,
      chunks: (from, limit, signal) => chunkEvents(id, from, limit, signal),
      keyframe: (seq, signal) => getKeyframe(id, seq, signal),
      changed: () => this.#changed(),
    });
    this.#playback = playback;
    await playback.seek(this.startMs ?? 0);
    if (this.startMs !== undefined) this.#stands();
    if (this.startMs === undefined && !matchMedia('(prefers-reduced-motion: reduce)').matches) playback.play();
  }

  #close(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#resized.disconnect();
    this.#playback?.close();
    this.#screen?.dispose();
    this.#playback = undefined;
    this.#screen = undefined;
  }

  #changed(): void {
    this.requestUpdate();
    if (!this.#playback?.isPlaying || this.#frame !== 0) return;
    this.#shownAt = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#next(now));
  }

  #next(now: number): void {
    this.#frame = 0;
    const elapsed = Math.max(0, Math.min(longestFrameMs, now - this.#shownAt));
    this.#playback?.tick(elapsed);
    this.#shownAt = now;
    if (!this.#playback?.isPlaying) return this.#stands();
    this.#frame ||= requestAnimationFrame((next) => this.#next(next));
    return undefined;
  }

  #press(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
    const isOfScreen = target.classList.contains('xterm-helper-textarea');
    if (isWriting(event) && !isOfScreen && !target.hasAttribute('data-takes-keys')) return;
    // Space on a button presses the button, and arrows move a slider.
    if (/^(?:BUTTON|INPUT|A)$/.test(target.tagName) || target.role === 'grid' || target.localName.startsWith('wa-')) return;
    const deed = deedOf(event, { ...this.index, atMs: this.#playback?.atMs ?? 0 });
    if (!deed) return;
    event.preventDefault();
    event.stopPropagation();
    this.#do(deed);
  }

  #do(deed: PlayerDeed): void {
    const playback = this.#playback;
    if (!playback) return;
    if ('find' in deed) this.#side.value?.focus();
    else if ('play' in deed) {
      if (playback.isPlaying) playback.pause();
      else playback.play();
      this.#stands();
    } else {
      const moved = 'step' in deed ? playback.step(deed.step) : playback.seek('seek' in deed ? deed.seek : playback.atMs + deed.skip);
      void moved.then(() => this.#stands());
    }
  }

  #set(choice: { readonly speed?: number; readonly skipsIdle?: boolean }): void {
    if (this.#playback) Object.assign(this.#playback, choice);
    this.requestUpdate();
  }

  #stands(): void {
    const playback = this.#playback;
    if (!playback || playback.isPlaying || playback.isBusy) return;
    this.dataset['at'] = String(playback.atMs);
    this.send('sw-at', { atMs: playback.atMs });
  }

  async #copy(): Promise<void> {
    await navigator.clipboard.writeText(this.screenText);
    toast({ text: t.copied, tone: 'success', key: 'copied' });
  }
}

define('sw-player', SwPlayer);
