import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import { cloudMark, cloudMarkStyle } from '../../app/cloud-mark.ts';
import { lookAt, setQuery } from '../../app/router.ts';
import { type CloudState, cloudStates, readCloudStates } from '../../data/cloud-states.ts';
import { counts, readCounts } from '../../data/counts.ts';
import { may } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import { firstRunTexts as t } from '../../texts/first-run.ts';
import { formatList, formatNumber } from '../../texts/format.ts';
import { typeNames } from '../../texts/resource-types.ts';
import '../admin/clusters/add-cloud.ts';

const everyMs = 2000;

/** From nothing to the first list: paste a clouds.yaml and try it, wait for the first look, and on to what is there. */
export class SwFirstRun extends SwPage {
  static override styles = [
    base,
    cloudMarkStyle,
    css`
      .narrow {
        max-width: 60rem;
        display: grid;
        gap: var(--wa-space-m);
      }
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-xs) var(--wa-space-l);
        list-style: none;
        margin: 0;
        padding: 0 0 var(--wa-space-xs);
      }
      ol li {
        display: flex;
        align-items: center;
        gap: var(--wa-space-xs);
        color: var(--wa-color-text-quiet);
      }
      ol li[aria-current] {
        color: var(--wa-color-text-normal);
        font-weight: 600;
      }
      .number {
        display: grid;
        place-items: center;
        width: 1.6rem;
        height: 1.6rem;
        border-radius: 50%;
        border: 1px solid currentColor;
        font-size: var(--wa-font-size-s);
      }
      li[aria-current] .number {
        background: var(--wa-color-brand-fill-loud);
        border-color: var(--wa-color-brand-fill-loud);
        color: var(--wa-color-brand-on-loud);
      }
      .cloud {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs);
      }
      .found {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
        gap: var(--wa-space-s);
        margin: 0;
      }
      .found div {
        padding: var(--wa-space-s);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-surface-raised);
      }
      .found dt {
        color: var(--wa-color-text-quiet);
        font-size: var(--wa-font-size-s);
      }
      .found dd {
        margin: 0;
        font-size: var(--wa-font-size-l);
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    follow(this, cloudStates, counts);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#added().length > 0 && void this.#look(), everyMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    if (!may('cluster.change')) return html`<sw-empty icon="cloud" .heading=${t.mayNot.title} .text=${t.mayNot.text}></sw-empty>`;
    const added = this.#added();
    const isFirst = (cloudStates.value ?? []).every(({ isSandbox, name }) => isSandbox || added.includes(name));
    return html`<sw-page-header .heading=${isFirst ? t.title : t.another}><p slot="about" class="quiet">${t.about}</p></sw-page-header>
      <div class="narrow">${steps(added.length > 0, this.#clouds().some(isSeen))} ${added.length > 0 ? this.#seen(added) : this.#paste()}</div>`;
  }

  #paste() {
    return html`<sw-add-cloud @added=${({ detail }: CustomEvent<{ names: readonly string[] }>) => this.#take(detail.names)}></sw-add-cloud>`;
  }

  #seen(names: readonly string[]) {
    const clouds = this.#clouds();
    const isDone = clouds.some(isSeen);
    const text = formatList(names);
    return html`
      <p class="cloud" role="status">
        ${isDone ? html`<sw-icon name="circle-check"></sw-icon>` : html`<wa-spinner></wa-spinner>`} <strong>${isDone ? t.done(text) : t.looking(text)}</strong>
      </p>
      <p class="quiet">${t.lookingLong}</p>
      ${clouds.filter(({ health, message }) => health !== 'up' && message !== '').map(trouble)}
      ${isDone ? html`<h2>${t.found}</h2>${found()}` : nothing}
      <div class="row">
        <wa-button variant="brand" size="s" href="/resources/server?clusters=${names.join(',')}" ?disabled=${!isDone}>${t.toList}</wa-button>
        <wa-button size="s" href="/">${t.toOverview}</wa-button>
      </div>
    `;
  }

  /** Clouds added here, as the address has them: a reload goes on at the same step. */
  #added(): readonly string[] {
    return (this.query.get('added') ?? '').split(',').filter((name) => name !== '');
  }

  #clouds(): readonly CloudState[] {
    const added = this.#added();
    return (cloudStates.value ?? []).filter(({ name }) => added.includes(name));
  }

  #take(names: readonly string[]): void {
    lookAt(names);
    setQuery({ added: names.join(',') });
    void this.#look();
  }

  async #look(): Promise<void> {
    await readCloudStates();
    await readCounts(this.#added());
  }
}

const isSeen = ({ seenAt }: CloudState): boolean => seenAt !== undefined;

function steps(isAdded: boolean, isDone: boolean) {
  const at = isDone ? 2 : isAdded ? 1 : 0;
  return html`<ol aria-label=${t.stepsLabel}>
    ${Object.values({ paste: t.steps.paste, look: t.steps.look, list: t.steps.list }).map(
      (text, index) => html`<li aria-current=${index === at ? 'step' : nothing}><span class="number">${index + 1}</span>${text}</li>`,
    )}
  </ol>`;
}

function trouble({ name, health, message }: CloudState) {
  return html`<wa-callout variant=${health === 'down' ? 'danger' : 'warning'} size="s">
    <span class="cloud">${cloudMark(health)}<strong>${name}</strong> ${message} <a href="/clusters/${encodeURIComponent(name)}">${t.toCluster}</a></span>
  </wa-callout>`;
}

function found() {
  const some = Object.entries(counts.value).filter(([, { count }]) => count > 0);
  return html`<dl class="found">
    ${some.map(([type, { count }]) => html`<div><dt>${typeNames(type)}</dt><dd>${formatNumber(count)}</dd></div>`)}
  </dl>`;
}

define('sw-first-run', SwFirstRun);
