import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { type CloudEvent, fetchCloudEvents } from '../../data/instance.ts';
import { listOperations, type Operation } from '../../data/operations.ts';
import { may } from '../../data/session.ts';
import { type AuditEntry, fetchTrail } from '../../data/trail.ts';
import { watch } from '../../data/watch.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { problemText } from '../../elements/state.ts';
import { actionName } from '../../texts/action-names.ts';
import { entryTypeName, detailTexts as t } from '../../texts/detail.ts';
import { formatAgo, formatDuration, formatTime } from '../../texts/format.ts';
import { copyButton, copyStyles } from './copy.ts';
import { SwDetailPart } from './part.ts';
import { statusStyles } from './status.ts';
import { detailStyles } from './styles.ts';
import { timelineStyles } from './timeline.styles.ts';
import { horizonOf, type Outcome, type TimelineEntry, timelineOf } from './timeline-entries.ts';

const looks: Readonly<Record<Outcome, readonly [string, IconName]>> = {
  ok: ['good', 'circle-check'],
  failed: ['bad', 'circle-x'],
  denied: ['bad', 'lock'],
  observed: ['busy', 'eye'],
  running: ['busy', 'circle-dot'],
  cancelled: ['warn', 'x'],
};

interface Source<Item> {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}
const nothingYet = { items: [] };

/** What happened to a resource: our audit and the cloud's own log in one order, joined by the ids of requests. */
export class SwDetailTimeline extends SwDetailPart {
  static override properties = {
    ...SwDetailPart.properties,
    byCloud: { state: true },
    byObject: { state: true },
    operations: { state: true },
    events: { state: true },
    failure: { state: true },
    cloudFailure: { state: true },
    isRead: { state: true },
    isBusy: { state: true },
  };
  static override styles = [base, detailStyles, statusStyles, copyStyles, timelineStyles];

  /** Entries by the id in the cloud, and by the object that declares it. */
  declare byCloud: Source<AuditEntry>;
  declare byObject: Source<AuditEntry>;
  declare operations: Source<Operation>;
  declare events: Source<CloudEvent>;
  declare failure: unknown;
  declare cloudFailure: unknown;
  declare isRead: boolean;
  declare isBusy: boolean;

  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    Object.assign(this, { byCloud: nothingYet, byObject: nothingYet, operations: nothingYet, events: nothingYet });
    this.isRead = false;
    this.isBusy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = watch({
      types: ['operation'],
      changed: ({ body }) => body?.['target'] === this.id && this.#readSoon(),
      reset: () => undefined,
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    clearTimeout(this.#timer);
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('detail')) this.#readSoon(changed.get('detail') === undefined ? 0 : 800);
  }

  override render() {
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#read()}></sw-problem>`;
    if (!this.isRead) return html`<sw-loading></sw-loading>`;
    const entries = this.#entries();
    const hasMore = [this.byCloud, this.byObject, this.operations, this.events].some(({ next }) => next !== undefined);
    return html`
      ${this.#mayReadAudit() ? nothing : html`<wa-callout size="s" variant="neutral">${t.timeline.noAudit}</wa-callout>`}
      ${
        this.cloudFailure === undefined
          ? nothing
          : html`<wa-callout size="s" variant="warning" role="status">${t.timeline.noCloud(problemText(this.cloudFailure))}</wa-callout>`
      }
      ${
        entries.length === 0
          ? html`<sw-empty icon="clock" .heading=${t.timeline.none}></sw-empty>`
          : html`<ol>
              ${entries.map((entry) => this.#entry(entry))}
            </ol>`
      }
      ${
        hasMore
          ? html`<wa-button size="s" appearance="outlined" ?loading=${this.isBusy} @click=${() => this.#readOlder()}>${t.timeline.more}</wa-button>`
          : nothing
      }
    `;
  }

  #entries(): readonly TimelineEntry[] {
    const audit = [...new Map([...this.byCloud.items, ...this.byObject.items].map((entry) => [entry.seq, entry])).values()];
    const horizon = horizonOf(
      ...[this.byCloud, this.byObject].map(({ items, next }) => ({ oldest: items.at(-1)?.at, hasMore: next !== undefined })),
      { oldest: this.operations.items.at(-1)?.createdAt, hasMore: this.operations.next !== undefined },
      { oldest: this.events.items.at(-1)?.startedAt ?? undefined, hasMore: this.events.next !== undefined },
    );
    const sources = { operations: this.operations.items, events: this.events.items, horizon };
    return timelineOf(this.#mayReadAudit() ? { ...sources, audit } : sources);
  }

  #entry(entry: TimelineEntry): TemplateResult {
    const { at, outcome, message, seconds, source } = entry;
    const [tone, icon] = looks[outcome];
    return html`<li>
      <span class="quiet" title=${formatAgo(at)}>${formatTime(at)}</span>
      <div>
        <div class="line">
          <strong>${whatOf(entry)}</strong>
          <span class="status ${tone}"><sw-icon name=${icon}></sw-icon>${t.timeline.results[outcome]}</span>
          <span>${whoOf(entry)}</span>
          <span class="source quiet">${t.timeline[source]}</span>
          ${seconds === undefined ? nothing : html`<span class="quiet">${t.timeline.seconds(formatDuration(seconds))}</span>`}
          ${entry.operation === undefined ? nothing : html`<a href=${`/operations/${entry.operation}`}>${t.timeline.operation}</a>`}
          ${entry.seq === undefined ? nothing : html`<a href=${`/audit?entry=${entry.seq}`}>${t.timeline.audit} #${entry.seq}</a>`}
        </div>
        ${message && !isPlain(entry) ? html`<div class="quiet">${message}</div>` : nothing} ${this.#more(entry)}
      </div>
    </li>`;
  }

  #more({ changes, parts, requestIds }: TimelineEntry): TemplateResult {
    return html`
      ${
        requestIds.length === 0
          ? nothing
          : html`<div class="requests quiet">
              ${t.timeline.requests}: ${requestIds.map((id) => html`<span class="mono">${id}</span>${copyButton(id)} `)}
            </div>`
      }
      ${
        changes.length === 0
          ? nothing
          : html`<details>
              <summary>${t.timeline.changes} (${changes.length})</summary>
              <table>
                <tbody>
                  ${changes.map(
                    ({ path, from, to }) => html`<tr>
                      <td class="mono">${path}</td>
                      <td class="mono">− ${JSON.stringify(from)}</td>
                      <td class="mono">+ ${JSON.stringify(to)}</td>
                    </tr>`,
                  )}
                </tbody>
              </table>
            </details>`
      }
      ${
        parts.length === 0
          ? nothing
          : html`<details>
              <summary>${t.timeline.parts} (${parts.length})</summary>
              <table>
                <tbody>
                  ${parts.map(
                    ({ event, startedAt, finishedAt, result, details, host }) => html`<tr>
                      <td class="mono">${event}</td>
                      <td>${startedAt === null ? '' : formatTime(startedAt)}${finishedAt === null ? '' : html` – ${formatTime(finishedAt)}`}</td>
                      <td>${result ?? t.timeline.results.running} ${host ?? ''} ${details ?? ''}</td>
                    </tr>`,
                  )}
                </tbody>
              </table>
            </details>`
      }
    `;
  }

  #mayReadAudit(): boolean {
    return may('audit.read');
  }

  #readSoon(ms = 800): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), ms);
  }

  async #read(): Promise<void> {
    try {
      await Promise.all([this.#readOurs(false), this.#readCloud(false)]);
      this.failure = undefined;
      this.isRead = true;
    } catch (error) {
      this.failure = error;
    }
  }

  async #readOlder(): Promise<void> {
    this.isBusy = true;
    try {
      await Promise.all([this.#readOurs(true), this.#readCloud(true)]);
    } catch (error) {
      this.failure = error;
    } finally {
      this.isBusy = false;
    }
  }

  async #readOurs(isOlder: boolean): Promise<void> {
    const { cluster, id } = this;
    if (!this.#mayReadAudit()) {
      const { type } = this.detail.row;
      this.operations = await grown(this.operations, isOlder, (cursor) => listOperations({ cluster, type, target: id }, { cursor }));
      return;
    }
    const { object } = this.detail;
    const name = object && `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`;
    const [byCloud, byObject] = await Promise.all([
      grown(this.byCloud, isOlder, (cursor) => fetchTrail({ cluster, cloudId: id }, { cursor })),
      name === null ? nothingYet : grown(this.byObject, isOlder, (cursor) => fetchTrail({ object: name }, { cursor })),
    ]);
    Object.assign(this, { byCloud, byObject });
  }

  /** The log of the cloud may fail by itself; ours is then still worth reading. */
  async #readCloud(isOlder: boolean): Promise<void> {
    const { row, body } = this.detail;
    if (row.type !== 'server' || body === null) return;
    try {
      this.events = await grown(this.events, isOlder, (cursor) => fetchCloudEvents(this.cluster, this.id, { cursor }));
      this.cloudFailure = undefined;
    } catch (error) {
      this.cloudFailure = error;
    }
  }
}

/** The first page anew, or what there is with the next page behind it. */
async function grown<Item>(
  before: Source<Item>,
  isOlder: boolean,
  page: (cursor: string | undefined) => Promise<Source<Item>>,
): Promise<Source<Item>> {
  if (!isOlder) return await page(undefined);
  if (before.next === undefined) return before;
  const { items, next } = await page(before.next);
  return { items: [...before.items, ...items], next };
}

function whatOf({ what, message }: TimelineEntry): string {
  if ('audit' in what) {
    // What was done says more than that something was.
    const action = what.audit.startsWith('Action') ? /^[a-zA-Z]+\.[a-zA-Z]+/.exec(message ?? '')?.[0] : undefined;
    return action === undefined ? entryTypeName(what.audit) : actionName(action);
  }
  return 'action' in what ? actionName(what.action) : what.cloud.replaceAll('_', ' ');
}

/** Of what was done as it was asked for, its name says all. */
function isPlain({ what, outcome }: TimelineEntry): boolean {
  return 'audit' in what && what.audit === 'ActionDone' && outcome === 'ok';
}

function whoOf({ who, cloudUser }: TimelineEntry): string {
  if (who === undefined) return t.timeline.nobody;
  if (cloudUser === undefined) return who;
  return cloudUser === 'ours' ? t.timeline.byUs : t.timeline.user(who.slice(0, 12));
}

define('sw-detail-timeline', SwDetailTimeline);
