import { html, nothing, type TemplateResult } from 'lit';
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
import { terminalTexts } from '../../texts/terminal.ts';
import { colouredLines, linesOf, type Part, type Place, partsOf, type Run, searchOf, textOf } from './console-lines.ts';
import { consoleStyles } from './console-styles.ts';
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
    isAtEnd: { state: true },
    at: { state: true },
  };
  static override styles = [base, detailStyles, consoleStyles];

  declare log: string | undefined;
  declare failure: unknown;
  declare isFollowing: boolean;
  declare isBusy: boolean;
  /** The end is in view, and stays so when more comes. */
  declare isAtEnd: boolean;
  /** Which of the places found is looked at, counted over all lines. */
  declare at: number;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  /** How many places are found. */
  #places = 0;

  constructor() {
    super();
    this.isFollowing = false;
    this.isBusy = false;
    this.isAtEnd = true;
    this.at = 0;
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
    if (changed.has('log') && this.isAtEnd && this.#words() === '') this.#toEnd();
    if (changed.has('at') && changed.get('at') !== undefined)
      this.renderRoot.querySelector('mark.current')?.scrollIntoView({ block: 'nearest' });
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
          @input=${(event: Event) => this.#search((event.target as WaInput).value ?? '')}
          @wa-clear=${() => this.#search('')}
          @keydown=${(event: KeyboardEvent) => this.#key(event)}
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
    const lines = colouredLines(this.log);
    if (lines.length === 0) return html`<sw-empty icon="terminal" .heading=${t.console.empty}></sw-empty>`;
    const search = searchOf(this.#words(), this.#isRegex());
    const places = lines.map((runs) => search?.(textOf(runs)) ?? []);
    const count = places.reduce((sum, own) => sum + own.length, 0);
    this.#places = count;
    let before = 0;
    // A line ends with its own break: in a pre, white space of a template would show.
    return html`${this.#found(count, search === undefined)}
      <pre
        class=${this.#wraps() ? 'wraps' : ''}
        tabindex="0"
        aria-label=${t.console.label}
        @scroll=${(event: Event) => this.#scrolled(event.target as HTMLElement)}
      >
${lines.map((runs, index) => {
  const own = places[index] ?? [];
  const first = before;
  before += own.length;
  return this.#line(runs, own, first);
})}</pre
      >
      ${this.isAtEnd ? nothing : html`<wa-button class="end" size="s" appearance="filled" @click=${() => this.#toEnd()}><sw-icon slot="start" name="chevron-down"></sw-icon>${t.console.toEnd}</wa-button>`}`;
  }

  #line(runs: readonly Run[], places: readonly Place[], first: number): TemplateResult {
    const part = ({ text, look, place }: Part) => {
      if (place === undefined) return look === '' ? text : html`<span class=${look}>${text}</span>`;
      return html`<mark class="${look} ${first + place === this.at ? 'current' : ''}">${text}</mark>`;
    };
    return html`<span class="line ${places.length > 0 ? 'found' : ''}">${partsOf(runs, places).map(part)}
</span>`;
  }

  #found(count: number, isWrong: boolean): TemplateResult {
    const { search: texts } = terminalTexts;
    const words = this.#words();
    const told = isWrong ? texts.wrong : count === 0 ? texts.none : texts.count(Math.min(this.at, count - 1) + 1, count);
    const step = (by: number, icon: 'chevron-up' | 'chevron-down', label: string) =>
      html`<wa-button size="s" appearance="plain" ?disabled=${count === 0} @click=${() => this.#step(by)}><sw-icon name=${icon} .label=${label}></sw-icon></wa-button>`;
    return html`<div class="row">
      <wa-switch size="s" ?checked=${this.#isRegex()} @change=${(event: Event) => setQuery({ regex: (event.target as WaSwitch).checked ? 'on' : undefined })}>${texts.regex}</wa-switch>
      <wa-switch size="s" ?checked=${this.#wraps()} @change=${(event: Event) => setQuery({ wrap: (event.target as WaSwitch).checked ? undefined : 'off' })}>${t.console.wrap}</wa-switch>
      ${words === '' ? nothing : html`<span class="quiet" role="status">${told}</span>${step(-1, 'chevron-up', texts.previous)}${step(1, 'chevron-down', texts.next)}`}
    </div>`;
  }

  #search(words: string): void {
    this.at = 0;
    setQuery({ find: words === '' ? undefined : words });
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    this.#step(event.shiftKey ? -1 : 1);
  }

  #step(by: number): void {
    if (this.#places > 0) this.at = (Math.min(this.at, this.#places - 1) + by + this.#places) % this.#places;
  }

  #toEnd(): void {
    const pre = this.renderRoot.querySelector('pre');
    if (pre) pre.scrollTop = pre.scrollHeight;
    this.isAtEnd = true;
  }

  #isRegex(): boolean {
    return this.query.get('regex') === 'on';
  }

  #wraps(): boolean {
    return this.query.get('wrap') !== 'off';
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
    this.isAtEnd = true;
    if (isFollowing) void this.#fetch();
    else clearTimeout(this.#timer);
  }

  /** Who reads further up is not taken to the end by what comes. */
  #scrolled(pre: HTMLElement): void {
    this.isAtEnd = pre.scrollTop + pre.clientHeight >= pre.scrollHeight - 24;
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
