import { Task } from '@lit/task';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import { getKeys, type KeyStatus, type Rotation, rotateKey } from '../../data/keys.ts';
import { may } from '../../data/session.ts';
import type { Question } from '../../elements/confirm.ts';
import { base, define } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import { toast } from '../../elements/toast.ts';
import { formatNumber, formatTime } from '../../texts/format.ts';
import { keyTexts as t } from '../../texts/keys.ts';
import '../../elements/confirm.ts';
import { loaded } from '../../elements/loaded.ts';
import { actButton, listTable, stateMark } from './parts.ts';
import { adminStyles } from './styles.ts';

const lookMs = 1000;

/** The keys that secrets are encrypted under, and their rotation. */
export class SwKeys extends SwPage {
  static override properties = { ...SwPage.properties, question: { state: true } };
  static override styles = [base, adminStyles];

  declare question: Question | undefined;
  readonly #status = new Task(this, { task: (_, { signal }) => getKeys(signal), args: () => [] });
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    clearTimeout(this.#timer);
    // No event tells how far it is: it is asked for while it runs.
    if (this.#status.value?.rotation?.state === 'running' && this.isConnected) this.#timer = setTimeout(() => this.#reload(), lookMs);
  }

  override render() {
    return html`${loaded(this.#status, (status) => this.#show(status))}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #show(status: KeyStatus): TemplateResult {
    const { rotation } = status;
    const isRunning = rotation?.state === 'running';
    const rotate = {
      id: 'rotate',
      text: rotation?.state === 'failed' ? t.goOn : t.rotate,
      icon: 'rotate-cw',
      variant: 'brand',
      obstacle: status.ours ? (isRunning ? t.states.running : undefined) : t.notOurs,
      run: () => this.#rotate(),
    } as const;
    return html`<sw-page-header .heading=${t.title}>
        <p slot="about" class="quiet">${t.about}</p>
        <span slot="actions">${actButton(rotate)}</span>
      </sw-page-header>
      <div class="stack">
        ${
          status.unreadable > 0
            ? html`<wa-callout variant="danger"><strong>${t.unreadableTitle(status.unreadable)}</strong><br />${t.unreadable}</wa-callout>`
            : nothing
        }
        ${status.ours ? nothing : html`<wa-callout>${t.notOurs}</wa-callout>`} ${keyTable(status)}
        <section class="card" aria-labelledby="rotation">
          <div class="head">
            <h2 id="rotation">${t.rotation}</h2>
            ${may('audit.read') && rotation ? html`<a href="/audit?type=KeyRotated">${t.inAudit}</a>` : nothing}
          </div>
          ${rotation ? progress(rotation, status.rows) : html`<p class="quiet">${t.none}</p>`}
        </section>
      </div>`;
  }

  #rotate(): void {
    this.question = {
      heading: t.rotateTitle,
      text: t.rotateText,
      confirm: t.rotate,
      run: async () => {
        await rotateKey();
        toast({ text: t.started, tone: 'success' });
        this.#reload();
      },
    };
  }

  #reload(): void {
    void this.#status.run().catch(() => undefined);
  }
}

function keyTable({ keys }: KeyStatus): TemplateResult {
  const c = t.columns;
  return listTable(
    t.keys,
    [c.id, c.use, { text: c.secrets, isNumber: true }],
    keys.map(
      ({ id, current, rows }) => html`<tr>
            <th scope="row" class="mono">${id}</th>
            <td data-label=${c.use}>${current ? stateMark('good', t.current, 'key-round') : stateMark('quiet', t.old, 'clock')}</td>
            <td data-label=${c.secrets} class="number">${formatNumber(rows)}</td>
          </tr>`,
    ),
  );
}

function progress(rotation: Rotation, rows: number): TemplateResult {
  const { state, rewrapped, to, startedAt, startedBy, endedAt, problem } = rotation;
  const tones = { running: 'warning', done: 'good', failed: 'bad' } as const;
  const text = t.progress(formatNumber(rewrapped), formatNumber(Math.max(rows, rewrapped)));
  const share = state === 'done' || rows === 0 ? 100 : Math.min(100, Math.round((100 * rewrapped) / rows));
  return html`<div role="status" class="row">${stateMark(tones[state], t.states[state])}<span class="quiet">${text}</span></div>
    <wa-progress-bar value=${share} label=${text}></wa-progress-bar>
    ${problem === undefined ? nothing : html`<wa-callout variant="danger">${problem}</wa-callout>`}
    <dl>
      <dt>${t.to}</dt>
      <dd class="mono">${to}</dd>
      <dt>${t.began}</dt>
      <dd>${t.by(formatTime(startedAt), startedBy)}</dd>
      ${
        endedAt === undefined
          ? nothing
          : html`<dt>${t.ended}</dt>
            <dd>${formatTime(endedAt)}</dd>`
      }
    </dl>`;
}

define('sw-keys', SwKeys);
