import { Task, TaskStatus } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { navigate, setQuery } from '../../app/router.ts';
import { castUrl, getRecording, removeRecording, verifyRecording } from '../../data/recordings.ts';
import { may, session } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { fetchTerminal, type TerminalRow } from '../../data/terminals.ts';
import type { Question } from '../../elements/confirm.ts';
import '../../elements/confirm.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { loaded } from '../../elements/loaded.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/player.ts';
import '../../elements/state.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { formatBytes, formatNumber, formatTime } from '../../texts/format.ts';
import { damageText, recordingTexts as t } from '../../texts/recordings.ts';
import { endOf, recordingMark, recordingStyles, serverHref, serverName } from './columns.ts';

/** Larger ones are verified when somebody asks for it. */
const verifiedUnaskedBytes = 32 * 1024 * 1024;

/** What one terminal showed, and all that is known of it. The moment stands in the address: `t`, in seconds. */
export class SwRecording extends SwPage {
  static override properties = { ...SwPage.properties, question: { state: true }, isVerifying: { state: true } };
  static override styles = [
    base,
    recordingStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 32rem;
      }
      sw-player {
        flex: 1;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--wa-space-m);
        padding-block-end: var(--wa-space-xs);
      }
      .broken {
        color: var(--wa-color-danger-on-quiet);
        font-weight: 600;
      }
      .whole sw-icon {
        color: var(--wa-color-success-on-quiet);
      }
      @media (max-width: 60rem) {
        :host {
          height: auto;
        }
      }
    `,
  ];

  declare question: Question | undefined;
  declare isVerifying: boolean;

  readonly #terminal = new Task(this, {
    args: () => [this.params['id'] ?? ''] as const,
    task: ([id], { signal }) => fetchTerminal(id, signal),
  });
  readonly #index = new Task(this, {
    args: () => [this.#terminal.value] as const,
    task: ([terminal], { signal }) => (terminal && isThere(terminal) ? getRecording(terminal.id, signal) : undefined),
  });
  readonly #verified = new Task(this, {
    args: () => [this.#index.value && this.#terminal.value, this.isVerifying] as const,
    task: ([terminal, isAsked], { signal }) =>
      terminal && (isAsked || terminal.bytes <= verifiedUnaskedBytes) ? verifyRecording(terminal.id, signal) : undefined,
  });

  constructor() {
    super();
    this.isVerifying = false;
    follow(this, session);
  }

  override render(): TemplateResult {
    return html`${loaded(this.#terminal, (terminal) => this.#show(terminal), 10)}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #show(terminal: TerminalRow): TemplateResult {
    const { id, user, cluster, serverId } = terminal;
    const trail = `/audit?${new URLSearchParams({ cloudId: serverId, text: id })}`;
    return html`
      <sw-page-header .heading=${t.one.title(user, serverName(terminal))}>
        <span slot="actions" class="row">
          ${may('audit.read') ? html`<wa-button size="s" appearance="plain" href=${trail}>${t.one.inAudit}</wa-button>` : nothing}
          ${isThere(terminal) && terminal.recording !== 'running' ? this.#remove(terminal) : nothing}
        </span>
      </sw-page-header>
      <div class="facts">
        ${recordingMark(terminal.recording)} ${this.#verification(terminal)}
        <a href=${serverHref(terminal)}>${serverName(terminal)}</a><span>${cluster}</span>
        <span>${t.purposes[terminal.purpose]} <span class="mono">${terminal.remote ?? ''}</span></span>
        <span>${spanOf(terminal)}</span>
        <span>${terminal.state === 'ended' ? t.one.reason(endOf(terminal), terminal.endDetail ?? '') : t.live}</span>
        <span class="quiet">${formatBytes(terminal.bytes)}</span>
      </div>
      ${this.#player(terminal)}
    `;
  }

  #player(terminal: TerminalRow): TemplateResult {
    if (!terminal.mayReplay && isThere(terminal))
      return html`<sw-empty icon="lock" .heading=${t.one.mayNot} .text=${terminal.isMine ? t.one.needsOwn : t.one.needsRead}></sw-empty>`;
    if (!isThere(terminal))
      return html`<sw-empty icon="film" .heading=${t.one.nothing} .text=${t.stateHints[terminal.recording]}></sw-empty>`;
    return loaded(
      this.#index,
      (index) =>
        index
          ? html`<sw-player
              .terminalId=${terminal.id}
              .index=${index}
              .startMs=${momentIn(this.query)}
              @sw-at=${(event: CustomEvent<{ atMs: number }>) => setQuery({ t: String(event.detail.atMs / 1000) })}
            >
              <wa-button size="s" appearance="outlined" href=${castUrl(terminal.id)} download title=${t.one.downloadHint}
                ><sw-icon slot="start" name="download"></sw-icon>${t.one.download}</wa-button
              >
            </sw-player>`
          : html`<sw-loading></sw-loading>`,
      10,
    );
  }

  #verification({ recording }: TerminalRow): TemplateResult | typeof nothing {
    if (!this.#index.value) return nothing;
    const { status, value, error } = this.#verified;
    if (status === TaskStatus.PENDING) return html`<span role="status" class="quiet">${t.verify.running}</span>`;
    if (status === TaskStatus.ERROR) return html`<span role="alert" class="broken">${problemText(error)}</span>`;
    if (!value)
      return html`<wa-button size="s" appearance="plain" @click=${() => (this.isVerifying = true)}
        ><sw-icon slot="start" name="badge-check"></sw-icon>${t.verify.action}</wa-button
      >`;
    const { ok, chunks, problem } = value;
    if (!ok)
      return html`<span role="alert" class="broken">${t.verify.broken(formatNumber(problem?.seq ?? 0), damageText(problem?.what ?? ''))}</span>`;
    const said = recording === 'interrupted' ? t.verify.okInterrupted : this.#index.value.isSealed ? t.verify.ok : t.verify.okOpen;
    return html`<span role="status" class="whole"><sw-icon name="badge-check"></sw-icon> ${said(formatNumber(chunks))}</span>`;
  }

  #remove({ id, cluster, namespace }: TerminalRow): TemplateResult {
    const isAllowed = may('recording.retain', { cluster, namespace });
    return html`<wa-button
      size="s"
      appearance="outlined"
      variant="danger"
      ?disabled=${!isAllowed}
      title=${isAllowed ? nothing : t.one.removeNeeds}
      @click=${() => this.#askToRemove(id)}
      ><sw-icon slot="start" name="trash"></sw-icon>${t.one.remove}</wa-button
    >`;
  }

  #askToRemove(id: string): void {
    this.question = {
      heading: t.one.removeTitle,
      text: t.one.removeText,
      confirm: t.one.remove,
      isDangerous: true,
      run: async () => {
        await removeRecording(id);
        toast({ text: t.one.removed, tone: 'success' });
        navigate('/recordings');
      },
    };
  }
}

/** There is something to replay, for who may. */
const isThere = ({ recording }: TerminalRow): boolean => recording !== 'none' && recording !== 'removed';

function momentIn(query: URLSearchParams): number | undefined {
  const seconds = Number(query.get('t') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function spanOf({ createdAt, endedAt }: TerminalRow): string {
  return endedAt === null ? formatTime(createdAt) : t.one.span(formatTime(createdAt), formatTime(endedAt));
}

define('sw-recording', SwRecording);
