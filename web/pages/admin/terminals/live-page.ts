import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { setQuery } from '../../../app/router.ts';
import { isInScope, scope } from '../../../app/scope.ts';
import { follow } from '../../../data/stored.ts';
import { endTerminal, fetchTerminals, type TerminalRow } from '../../../data/terminals.ts';
import type { Question } from '../../../elements/confirm.ts';
import '../../../elements/confirm.ts';
import { base, define } from '../../../elements/element.ts';
import { again, keepFresh, loaded } from '../../../elements/loaded.ts';
import { SwPage } from '../../../elements/page.ts';
import '../../../elements/state.ts';
import '../../../elements/terminal.ts';
import { toast } from '../../../elements/toast.ts';
import { formatAgo, formatNumber } from '../../../texts/format.ts';
import { recordingTexts } from '../../../texts/recordings.ts';
import { actButton, listTable, valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';

const lookMs = 5000;
const t = recordingTexts.watch;

/** Terminals that people work in now: watched, or ended. Which one is watched stands in the address: `watch`. */
export class SwLiveTerminals extends SwPage {
  static override properties = { ...SwPage.properties, question: { state: true } };
  static override styles = [
    base,
    adminStyles,
    css`
      .watched {
        display: grid;
        gap: var(--wa-space-xs);
        padding-block-start: var(--wa-space-m);
      }
      sw-terminal {
        height: min(34rem, 70vh);
      }
    `,
  ];

  declare question: Question | undefined;
  readonly #live = new Task(this, {
    args: () => [],
    task: async (_, { signal }) => (await fetchTerminals({ state: 'live', limit: 500 }, signal)).items,
  });
  #watched: TerminalRow | undefined;

  constructor() {
    super();
    follow(this, scope);
    keepFresh(this, { types: () => [], read: () => void again(this.#live), everyMs: lookMs });
  }

  override render(): TemplateResult {
    return html`<sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.about}</p></sw-page-header>
      ${loaded(this.#live, (live) => this.#show(live.filter(({ cluster }) => isInScope(cluster))))}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #show(live: readonly TerminalRow[]): TemplateResult {
    if (live.length === 0 && !this.query.get('watch'))
      return html`<sw-empty icon="terminal" .heading=${t.none} .text=${t.noneText}></sw-empty>`;
    const c = recordingTexts.columns;
    const heads = [c.user, c.server, c.cluster, c.purpose, c.remote, t.since, t.people, c.recording, { text: t.actions, isUnseen: true }];
    return html`${listTable(
      t.label,
      heads,
      live.map((one) => this.#row(one)),
    )}${this.#watch(live)}`;
  }

  #row(one: TerminalRow): TemplateResult {
    const c = recordingTexts.columns;
    const watchers = (one.people ?? []).filter(({ role }) => role === 'watches');
    return html`<tr>
      <th scope="row">${one.user}</th>
      <td data-label=${c.server}><a href="/resources/server/${encodeURIComponent(one.cluster)}/${encodeURIComponent(one.serverId)}">${one.serverName || one.serverId}</a></td>
      <td data-label=${c.cluster}>${one.cluster}</td>
      <td data-label=${c.purpose}>${recordingTexts.purposes[one.purpose]}</td>
      <td data-label=${c.remote} class="mono">${one.remote ?? ''}</td>
      <td data-label=${t.since} class="short">${formatAgo(one.createdAt)}</td>
      <td data-label=${t.people} title=${watchers.map(({ user }) => user).join(', ')}>
        ${watchers.length === 0 ? '' : t.watches(formatNumber(watchers.length))}
      </td>
      <td data-label=${c.recording}>${recordingTexts.states[one.recording]}</td>
      <td class="end">
        <span class="row">
          ${actButton({
            id: `watch-${one.id}`,
            text: t.watch,
            icon: 'eye',
            obstacle: one.mayWatch ? undefined : t.mayNotWatch,
            run: () => setQuery({ watch: one.id }, { replace: false }),
          })}
          ${actButton({
            id: `end-${one.id}`,
            text: t.end,
            icon: 'circle-stop',
            variant: 'danger',
            obstacle: one.mayEnd ? undefined : t.mayNotEnd,
            run: () => this.#end(one),
          })}
        </span>
      </td>
    </tr>`;
  }

  /** Stays when the terminal ends, which is then seen there. */
  #watch(live: readonly TerminalRow[]): TemplateResult | typeof nothing {
    const id = this.query.get('watch');
    if (!id) return nothing;
    const found = live.find((one) => one.id === id);
    if (this.#watched?.id !== id || (found && this.#watched.state !== found.state)) this.#watched = found;
    const heading = this.#watched ? t.watching(this.#watched.user, this.#watched.serverName) : t.watch;
    return html`<section class="watched" aria-labelledby="watched">
      <div class="head">
        <h2 id="watched">${heading}</h2>
        <wa-button size="s" appearance="outlined" @click=${() => setQuery({ watch: undefined })}>${t.stop}</wa-button>
      </div>
      <sw-terminal .terminal=${{ id }} .mode=${'watch'}></sw-terminal>
    </section>`;
  }

  #end({ id, user, serverName }: TerminalRow): void {
    let reason = '';
    this.question = {
      heading: t.endTitle(user, serverName),
      text: t.endText,
      more: html`<wa-input
        label=${t.reason}
        hint=${t.reasonHint}
        maxlength="500"
        autocomplete="off"
        @input=${(event: Event) => (reason = valueOf(event).trim())}
      ></wa-input>`,
      confirm: t.end,
      isDangerous: true,
      run: async () => {
        await endTerminal(id, reason);
        toast({ text: t.ended, tone: 'success' });
        void again(this.#live);
      },
    };
  }
}

define('sw-live-terminals', SwLiveTerminals);
