import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import type WaSelect from '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import type WaSwitch from '@awesome.me/webawesome/dist/components/switch/switch.js';
import { setQuery } from '../../app/router.ts';
import { fetchConsoleLog } from '../../data/instance.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { download } from '../../elements/secret-once.ts';
import '../../elements/state.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { linesOf, partsOf } from './console-lines.ts';
import { nameOf } from './header.ts';
import { SwDetailPart } from './part.ts';
import { detailStyles } from './styles.ts';

const followMs = 3000;
const choices = [100, 500, 2000, 10_000] as const;

/** What an instance wrote to its console: the last lines, followed if wanted, searched, downloaded. */
export class SwDetailConsole extends SwDetailPart {
  static override properties = {
    ...SwDetailPart.properties,
    log: { state: true },
    failure: { state: true },
    isFollowing: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    base,
    detailStyles,
    css`
      pre {
        height: min(34rem, 62vh);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        line-height: 1.4;
      }
      .line.found {
        background: var(--wa-color-warning-fill-quiet);
      }
      mark {
        background: var(--wa-color-warning-fill-normal);
        color: var(--wa-color-warning-on-normal);
      }
      wa-input {
        flex: 1 1 12rem;
      }
      wa-select {
        width: 9rem;
      }
      wa-switch {
        padding-block-end: var(--wa-space-2xs);
      }
    `,
  ];

  declare log: string | undefined;
  declare failure: unknown;
  declare isFollowing: boolean;
  declare isBusy: boolean;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  #isAtEnd = true;

  constructor() {
    super();
    this.isFollowing = false;
    this.isBusy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#fetch());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  override updated(changed: Map<string, unknown>): void {
    if (!changed.has('log') || !this.#isAtEnd) return;
    const pre = this.renderRoot.querySelector('pre');
    if (pre) pre.scrollTop = pre.scrollHeight;
  }

  override render() {
    return html`
      <div class="toolbar">
        <wa-input
          size="s"
          type="search"
          with-clear
          label=${t.console.search}
          .value=${this.#words()}
          @input=${(event: Event) => setQuery({ find: (event.target as WaInput).value ?? '' })}
          @wa-clear=${() => setQuery({ find: undefined })}
        >
          <sw-icon slot="start" name="search"></sw-icon>
        </wa-input>
        <wa-select
          size="s"
          label=${t.console.lines}
          .value=${String(this.#count())}
          @change=${(event: Event) => this.#take((event.target as WaSelect).value as string)}
        >
          ${choices.map((count) => html`<wa-option value=${count}>${t.console.all(count)}</wa-option>`)}
        </wa-select>
        <wa-switch size="s" ?checked=${this.isFollowing} @change=${(event: Event) => this.#follow((event.target as WaSwitch).checked)}
          >${t.console.follow}</wa-switch
        >
        <wa-button size="s" appearance="outlined" ?loading=${this.isBusy && !this.isFollowing} @click=${() => this.#fetch()}>
          <sw-icon slot="start" name="refresh-cw"></sw-icon>${t.console.again}
        </wa-button>
        <wa-button size="s" appearance="outlined" ?disabled=${!this.log} @click=${() => this.#download()}>
          <sw-icon slot="start" name="download"></sw-icon>${t.console.download}
        </wa-button>
      </div>
      ${this.#log()}
      <p class="quiet">${this.isFollowing ? t.console.following : ''} ${t.console.audited}</p>
    `;
  }

  #log(): TemplateResult {
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#fetch()}></sw-problem>`;
    if (this.log === undefined) return html`<sw-loading .lines=${8}></sw-loading>`;
    const lines = linesOf(this.log);
    if (lines.length === 0) return html`<sw-empty icon="terminal" .heading=${t.console.empty}></sw-empty>`;
    const words = this.#words();
    const shown = lines.map((line) => partsOf(line, words));
    const isFound = (parts: (typeof shown)[number]) => parts.some((part) => part.isFound);
    const found = words === '' ? 0 : shown.filter(isFound).length;
    // A line ends with its own break: in a pre, white space of a template would show.
    return html`${words === '' ? nothing : html`<p class="quiet" role="status">${t.console.found(found)}</p>`}
      <pre tabindex="0" aria-label=${t.console.label} @scroll=${(event: Event) => this.#scrolled(event.target as HTMLElement)}>
${shown.map(
  (parts) =>
    html`<span class="line ${isFound(parts) ? 'found' : ''}">${parts.map(({ text, isFound: is }) => (is ? html`<mark>${text}</mark>` : text))}
</span>`,
)}</pre
      >`;
  }

  #words(): string {
    return this.query.get('find') ?? '';
  }

  #count(): number {
    const wanted = Number(this.query.get('lines'));
    return choices.find((one) => one === wanted) ?? 500;
  }

  #take(lines: string): void {
    setQuery({ lines });
    void this.updateComplete.then(() => this.#fetch());
  }

  #follow(isFollowing: boolean): void {
    this.isFollowing = isFollowing;
    this.#isAtEnd = true;
    if (isFollowing) void this.#fetch();
    else clearTimeout(this.#timer);
  }

  /** Who reads further up is not taken to the end by what comes. */
  #scrolled(pre: HTMLElement): void {
    this.#isAtEnd = pre.scrollTop + pre.clientHeight >= pre.scrollHeight - 24;
  }

  async #fetch(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.isBusy = true;
    try {
      if (!document.hidden) this.log = await fetchConsoleLog(this.cluster, this.id, this.#count(), asking.signal);
      this.failure = undefined;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.failure = error;
      this.isFollowing = false;
    }
    this.isBusy = false;
    if (this.isFollowing && this.isConnected) this.#timer = setTimeout(() => void this.#fetch(), followMs);
  }

  #download(): void {
    download(`${nameOf(this.detail, this.id)}-console.log`, `${linesOf(this.log ?? '').join('\n')}\n`);
  }
}

define('sw-detail-console', SwDetailConsole);
