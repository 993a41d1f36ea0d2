import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/copy-button/copy-button.js';
import { setQuery, withQuery } from '../../app/router.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import '../../elements/time-slider.ts';
import { formatTime } from '../../texts/format.ts';
import { historyTexts as t } from '../../texts/history.ts';

/** The moment a page shows, from the parameter `at` of the address; and while that is not now, a banner that says so. */
export class SwAsOf extends SwElement {
  static override properties = { at: { type: String }, knownSince: { type: String }, marks: { attribute: false } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-xs);
        padding-block-end: var(--wa-space-s);
      }
      wa-callout {
        position: sticky;
        inset-block-start: 0;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-2xs) var(--wa-space-m);
      }
    `,
  ];

  /** RFC 3339; undefined for now. */
  declare at: string | undefined;
  declare knownSince: string | undefined;
  /** RFC 3339: when something changed. */
  declare marks: readonly string[];

  constructor() {
    super();
    this.marks = [];
  }

  override render(): TemplateResult {
    const marks = this.marks.map((one) => Date.parse(one));
    const begin = this.knownSince === undefined ? Date.now() - 86_400_000 : Date.parse(this.knownSince);
    const at = this.at === undefined ? undefined : Date.parse(this.at);
    return html`
      <sw-time-slider
        .from=${Math.min(begin, ...marks)}
        .until=${Date.now()}
        .at=${at}
        .marks=${marks}
        @sw-change=${(event: CustomEvent<{ at?: string }>) => setQuery({ at: event.detail.at }, { replace: false })}
      ></sw-time-slider>
      ${
        this.at === undefined
          ? nothing
          : html`<wa-callout variant="warning" size="s" class="as-of" role="status">
              <sw-icon slot="icon" name="clock"></sw-icon>
              <div class="line">
                <strong>${t.asOf(formatTime(this.at))}</strong>
                <span>${t.asOfSays}</span>
                <a href=${withQuery({ at: undefined })}>${t.toNow}</a>
                <wa-copy-button value=${window.location.href} copy-label=${t.copyLink} success-label=${t.copied}></wa-copy-button>
              </div>
            </wa-callout>`
      }
    `;
  }
}

/** A moment of the address that can be read; anything else is now. */
export function momentIn(query: URLSearchParams): string | undefined {
  const at = Date.parse(query.get('at') ?? '');
  return Number.isNaN(at) || at >= Date.now() ? undefined : new Date(at).toISOString();
}

define('sw-as-of', SwAsOf);
