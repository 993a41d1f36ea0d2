import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { setQuery, withQuery } from '../../app/router.ts';
import { Problem } from '../../data/http.ts';
import { fetchResource, type ResourceDetail, type ResourceName } from '../../data/resource.ts';
import { may } from '../../data/session.ts';
import { watch } from '../../data/watch.ts';
import { runNamed } from '../../elements/action-run.ts';
import { base, define } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { typeName } from '../../texts/resource-types.ts';
import './header.ts';
import { nameOf } from './header.ts';
import './running.ts';
import { loadTab, type Tab, tabsOf } from './tabs.ts';

/** Changes come in bursts; the page is read again once behind each. */
const settleMs = 250;

/** One resource with all that is known of it: what it is, what belongs to it, what happened, how it is declared. */
export class SwDetail extends SwPage {
  static override properties: PropertyDeclarations = {
    ...SwPage.properties,
    detail: { state: true },
    failure: { state: true },
    readyTab: { state: true },
  };
  static override styles = [
    base,
    css`
      nav {
        display: flex;
        gap: var(--wa-space-m);
        overflow-x: auto;
        border-block-end: 1px solid var(--wa-color-surface-border);
        margin-block-end: var(--wa-space-m);
      }
      nav a {
        padding: var(--wa-space-xs) var(--wa-space-3xs);
        color: var(--wa-color-text-quiet);
        border-block-end: 2px solid transparent;
        white-space: nowrap;
      }
      nav a[aria-current] {
        color: var(--wa-color-text-normal);
        border-color: var(--wa-color-brand-fill-loud);
        font-weight: 600;
      }
      nav a:hover {
        text-decoration: none;
        color: var(--wa-color-text-normal);
      }
      nav a:focus-visible {
        outline-offset: -2px;
      }
      .count {
        font-weight: 400;
      }
    `,
  ];

  declare detail: ResourceDetail | undefined;
  declare failure: unknown;
  declare readyTab: Tab | undefined;

  #shown = '';
  #wasThere = false;
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    this.#shown = '';
  }

  override willUpdate(): void {
    const { type, cluster, id } = this.#of();
    const shown = `${type}/${cluster}/${id}`;
    if (this.isConnected && shown !== this.#shown) {
      this.#shown = shown;
      this.#enter();
    }
    void this.#bring(this.#tab());
    // The palette asks for it while the page is open, too.
    if (this.detail && this.query.has('action')) void this.#startAction();
  }

  override render() {
    if (this.detail === undefined) {
      if (this.failure !== undefined) return this.#refused();
      return html`<sw-page-header .heading=${this.#of().id}></sw-page-header><sw-loading></sw-loading>`;
    }
    const { detail } = this;
    const { id, cluster } = this.#of();
    return html`
      <sw-detail-header .detail=${detail} .id=${id} @sw-begun=${() => this.#readSoon()}></sw-detail-header>
      <sw-detail-running .cluster=${cluster} .type=${detail.row.type} .id=${id}></sw-detail-running>
      ${detail.body === null ? this.#missing() : nothing}
      ${this.#tabs(detail)}
      ${this.#part(detail)}
    `;
  }

  #refused(): TemplateResult {
    const { type, id } = this.#of();
    if (this.#wasThere && this.failure instanceof Problem && this.failure.status === 404) return this.#gone();
    return html`<sw-page-header .heading=${`${typeName(type)} ${id}`}></sw-page-header>
      <sw-problem .problem=${this.failure} @retry=${() => this.#read()}></sw-problem>`;
  }

  #gone(): TemplateResult {
    const { type, cluster, id } = this.#of();
    const { title, text, list, audit } = t.gone;
    const trail = `/audit?${new URLSearchParams({ cluster, cloudId: id })}`;
    return html`<sw-page-header .heading=${`${typeName(type)} ${id}`}></sw-page-header>
      <sw-empty icon="trash" .heading=${title} .text=${text}>
        <a href=${`/resources/${encodeURIComponent(type)}`}>${list}</a>
        ${may('audit.read') ? html`<a href=${trail}>${audit}</a>` : nothing}
      </sw-empty>`;
  }

  #missing(): TemplateResult {
    return html`<wa-callout variant="warning" size="s"><strong>${t.missing.title}.</strong> ${t.missing.text}</wa-callout>`;
  }

  #tabs(detail: ResourceDetail): TemplateResult {
    const current = this.#tab();
    const drifted = detail.object?.status.drift.length ?? 0;
    return html`<nav aria-label=${t.tabs.label}>
      ${tabsOf(detail).map(
        (tab) =>
          html`<a href=${withQuery({ tab: tab === 'overview' ? undefined : tab })} aria-current=${tab === current ? 'page' : nothing}
            >${t.tabs[tab]}${tab === 'drift' && drifted > 0 ? html` <span class="count">(${drifted})</span>` : nothing}</a
          >`,
      )}
    </nav>`;
  }

  #part(detail: ResourceDetail): TemplateResult {
    const tab = this.#tab();
    if (this.readyTab !== tab) return html`<sw-loading></sw-loading>`;
    const tag = unsafeStatic(`sw-detail-${tab === 'rules' ? 'network' : tab}`);
    return staticHtml`<${tag} .detail=${detail} .id=${this.#of().id} .query=${this.query}></${tag}>`;
  }

  #of(): ResourceName {
    const { type = '', cluster = '', id = '' } = this.params;
    return { type: type === 'instance' ? 'server' : type, cluster, id };
  }

  #tab(): Tab {
    const wanted = this.query.get('tab') ?? 'overview';
    const known = this.detail ? tabsOf(this.detail) : (['overview'] as const);
    return known.find((tab) => tab === wanted) ?? 'overview';
  }

  async #bring(tab: Tab): Promise<void> {
    if (this.readyTab === tab) return;
    await loadTab(tab);
    if (this.#tab() === tab) this.readyTab = tab;
  }

  #enter(): void {
    this.#leave();
    this.#wasThere = false;
    Object.assign(this, { detail: undefined, failure: undefined });
    const { type, cluster, id } = this.#of();
    this.#stop = watch({
      types: [type, 'object'],
      changed: ({ resource, key }) => {
        if (resource === 'object' ? this.#isOwnObject(key) : key === `${cluster}/${id}`) this.#readSoon();
      },
      reset: () => this.#readSoon(),
    });
    void this.#read().then(() => this.#startAction());
  }

  #leave(): void {
    this.#stop?.();
    clearTimeout(this.#timer);
    this.#reading?.abort();
  }

  #isOwnObject(key: string): boolean {
    const object = this.detail?.object;
    return object ? key === `${object.kind}/${object.metadata.namespace}/${object.metadata.name}` : false;
  }

  #readSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), settleMs);
  }

  async #read(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    try {
      this.detail = await fetchResource(this.#of(), reading.signal);
      this.failure = undefined;
      this.#wasThere = true;
      document.title = `${nameOf(this.detail, this.#of().id)} · ${typeName(this.#of().type)} · Stackwarden`;
    } catch (error) {
      if (reading.signal.aborted) return;
      this.failure = error;
      // It was there and is gone: what was shown is no more.
      this.detail = undefined;
    }
  }

  /** The palette leads here with what is to be done in the address. */
  async #startAction(): Promise<void> {
    const wanted = this.query.get('action');
    if (wanted === null || !this.detail) return;
    setQuery({ action: undefined });
    const name = nameOf(this.detail, this.#of().id);
    await runNamed({ of: this.#of(), name, action: wanted, begun: () => this.#readSoon() });
  }
}

define('sw-detail', SwDetail);
