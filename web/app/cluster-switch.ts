import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { type CloudState, cloudStates } from '../data/cloud-states.ts';
import { may } from '../data/session.ts';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { formatAgo } from '../texts/format.ts';
import { frameTexts } from '../texts/frame.ts';
import { barStyle } from './bar-style.ts';
import { cloudMark, cloudMarkStyle } from './cloud-mark.ts';
import { lookAt } from './router.ts';
import { scope } from './scope.ts';

/** So many clouds are told apart without looking for one. */
const few = 8;

/** Which clouds are looked at: one, several or all, each with how it is. */
export class SwClusterSwitch extends SwElement {
  static override properties = { text: { state: true } };
  static override styles = [
    base,
    barStyle,
    cloudMarkStyle,
    css`
      button.bar {
        border-color: var(--wa-color-surface-border);
        max-width: 14rem;
      }
      button.bar .what {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      [popover] {
        inset-inline: auto auto;
        inset-inline-start: var(--sw-switch-start, 0.5rem);
      }
      ul {
        list-style: none;
        margin: var(--wa-space-xs) 0;
        padding: 0;
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--wa-space-xs);
        border-radius: var(--wa-border-radius-m);
        padding-inline: var(--wa-space-xs);
      }
      li:hover {
        background: var(--wa-color-neutral-fill-quiet);
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--wa-space-xs);
        flex: 1;
        min-width: 0;
        min-height: var(--sw-row-height);
        cursor: pointer;
      }
      label .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      label .quiet {
        margin-inline-start: auto;
        font-size: var(--wa-font-size-s);
        white-space: nowrap;
      }
      input {
        accent-color: var(--wa-color-brand-fill-loud);
        flex: none;
      }
      .link {
        border: 0;
        background: none;
        padding: var(--wa-space-2xs);
        color: var(--wa-color-text-link);
        font: inherit;
        cursor: pointer;
      }
      .foot {
        display: flex;
        gap: var(--wa-space-m);
        padding-block-start: var(--wa-space-xs);
        border-block-start: 1px solid var(--wa-color-surface-border);
      }
    `,
  ];

  declare text: string;

  constructor() {
    super();
    this.text = '';
    follow(this, cloudStates, scope);
  }

  override render() {
    const t = frameTexts.clusters;
    const what = shownScope();
    const worst = worstOf(inView());
    return html`
      <button class="bar" id="switch" popovertarget="panel" aria-label=${t.label(what)} @click=${() => this.#place()}>
        ${worst ? cloudMark(worst) : html`<sw-icon name="cloud"></sw-icon>`}<span class="what">${what}</span><sw-icon name="chevron-down"></sw-icon>
      </button>
      <div id="panel" popover role="dialog" aria-label=${t.title}>${this.#panel()}</div>
    `;
  }

  /** Under its button, wherever the bar has that. */
  #place(): void {
    const button = this.renderRoot.querySelector('#switch');
    const start = Math.min(button?.getBoundingClientRect().left ?? 0, window.innerWidth - 400);
    this.style.setProperty('--sw-switch-start', `${Math.max(8, start)}px`);
  }

  #panel() {
    const t = frameTexts.clusters;
    const clouds = cloudStates.value ?? [];
    const fitting = clouds.filter(({ name }) => name.includes(this.text.trim().toLowerCase()));
    return html`
      <div class="panel-head">
        <h2>${t.title}</h2>
        <button class="link" ?disabled=${scope.value.length === 0} @click=${() => lookAt([])}>${t.all}</button>
      </div>
      ${
        clouds.length > few
          ? html`<wa-input size="s" type="search" label=${t.search} with-clear .value=${this.text} @input=${(event: Event) => this.#find(event)}></wa-input>`
          : nothing
      }
      ${clouds.length === 0 ? html`<p class="quiet">${t.none}</p>` : fitting.length === 0 ? html`<p class="quiet">${t.noMatch}</p>` : nothing}
      <ul>
        ${repeat(
          fitting,
          ({ name }) => name,
          (cloud) => row(cloud),
        )}
        ${unknown().map((name) => html`<li><label><input type="checkbox" checked @change=${() => toggle(name)} /><span class="name">${t.unknown(name)}</span></label></li>`)}
      </ul>
      <div class="foot">
        ${may('cluster.read') ? html`<a href="/clusters" @click=${() => this.#close()}>${t.manage}</a>` : nothing}
        ${may('cluster.change') ? html`<a href="/welcome" @click=${() => this.#close()}>${t.add}</a>` : nothing}
      </div>
    `;
  }

  #find(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
  }

  #close(): void {
    this.renderRoot.querySelector<HTMLElement>('#panel')?.hidePopover();
  }
}

function row(cloud: CloudState) {
  const t = frameTexts.clusters;
  const { name, health, message, seenAt } = cloud;
  const about = message || (seenAt ? t.seen(formatAgo(seenAt)) : '');
  return html`<li title=${about}>
    <label>
      <input type="checkbox" .checked=${scope.value.length === 0 || scope.value.includes(name)} @change=${() => toggle(name)} />
      ${cloudMark(health)}<span class="name">${name}</span><span class="quiet">${t.health[health]}</span>
    </label>
    <button class="link" aria-label=${t.onlyLong(name)} @click=${() => lookAt([name])}>${t.only}</button>
  </li>`;
}

/** Takes a cloud out of view, or into it; what would be none or all is all. */
function toggle(name: string): void {
  const all = (cloudStates.value ?? []).map((cloud) => cloud.name);
  const now = scope.value.length === 0 ? all : scope.value;
  const next = now.includes(name) ? now.filter((one) => one !== name) : [...now, name];
  lookAt(all.every((one) => next.includes(one)) ? [] : next.toSorted());
}

/** In the address, and not there (any more). */
function unknown(): readonly string[] {
  const { value } = cloudStates;
  return value ? scope.value.filter((name) => !value.some((cloud) => cloud.name === name)) : [];
}

function inView(): readonly CloudState[] {
  return (cloudStates.value ?? []).filter(({ name }) => scope.value.length === 0 || scope.value.includes(name));
}

/** What the button says. */
function shownScope(): string {
  const [first, second] = scope.value;
  if (first === undefined) return frameTexts.clusters.all;
  return second === undefined ? first : frameTexts.clusters.several(scope.value.length);
}

/** How the cloud is that is worst off. */
function worstOf(clouds: readonly CloudState[]): CloudState['health'] | undefined {
  return (['down', 'partly', 'connecting', 'off', 'up'] as const).find((health) => clouds.some((cloud) => cloud.health === health));
}

define('sw-cluster-switch', SwClusterSwitch);
