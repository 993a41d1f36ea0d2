import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { cancelOperation, hasEnded, hasFailed, type Operation, retryOperation } from '../data/operations.ts';
import { followOperation, markRead, ownOperations, trayOrder, trayState, unreadFailures } from '../data/own-operations.ts';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { operationParts } from '../elements/operation-state.ts';
import { problemText } from '../elements/state.ts';
import { toast } from '../elements/toast.ts';
import { formatAgo } from '../texts/format.ts';
import { operationTexts as t } from '../texts/operations.ts';
import { barStyle } from './bar-style.ts';

/** So many are shown; the page has the rest. */
const shown = 12;

/** What the person asked for and is under way, and how the last ended; failures they have not looked at come first. */
export class SwTray extends SwElement {
  static override properties = { unread: { state: true } };
  static override styles = [
    base,
    barStyle,
    css`
      .badge {
        min-width: 1.2rem;
        padding: 0 0.3rem;
        border-radius: 1rem;
        font-size: var(--wa-font-size-s);
        text-align: center;
        background: var(--wa-color-brand-fill-loud);
        color: var(--wa-color-brand-on-loud);
      }
      .badge.failed {
        background: var(--wa-color-danger-fill-loud);
        color: var(--wa-color-danger-on-loud);
      }
      [popover] {
        width: min(28rem, calc(100vw - 1rem));
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: var(--wa-space-3xs) var(--wa-space-s);
        padding: var(--wa-space-xs) var(--wa-space-2xs) var(--wa-space-xs) var(--wa-space-xs);
        border-block-start: 1px solid var(--wa-color-surface-border);
      }
      li.unread {
        border-inline-start: 3px solid var(--wa-color-danger-fill-loud);
      }
      li > * {
        min-width: 0;
      }
      .what {
        overflow-wrap: anywhere;
      }
      .about {
        grid-column: 1 / -1;
        font-size: var(--wa-font-size-s);
        overflow-wrap: anywhere;
      }
      .link {
        border: 0;
        background: none;
        padding: 0 var(--wa-space-2xs);
        color: var(--wa-color-text-link);
        font: inherit;
        cursor: pointer;
      }
    `,
  ];

  /** Failures that were not looked at when the tray was opened: they stay marked while it is open. */
  declare unread: ReadonlySet<string>;

  constructor() {
    super();
    this.unread = new Set();
    follow(this, ...trayState);
  }

  override render() {
    const running = ownOperations.value.filter((one) => !hasEnded(one)).length;
    const unread = unreadFailures().length;
    return html`
      <button class="bar" popovertarget="panel" aria-label=${t.trayLabel(running, unread)} title=${t.tray}>
        <sw-icon name="list-checks"></sw-icon>
        ${unread > 0 ? html`<span class="badge failed">${unread}</span>` : running > 0 ? html`<span class="badge">${running}</span>` : nothing}
      </button>
      <div id="panel" popover role="dialog" aria-label=${t.tray} @beforetoggle=${(event: ToggleEvent) => this.#toggled(event)}>
        <div class="panel-head"><h2>${t.tray}</h2><a href="/operations" @click=${() => this.#close()}>${t.all}</a></div>
        ${ownOperations.value.length === 0 ? html`<p class="quiet">${t.none.text}</p>` : this.#list()}
      </div>
    `;
  }

  #list() {
    return html`<ul>
      ${repeat(
        trayOrder().slice(0, shown),
        ({ id }) => id,
        (one) => this.#item(one),
      )}
    </ul>`;
  }

  #item(operation: Operation) {
    const [what, on] = operationParts(operation);
    const isUnread = this.unread.has(operation.id) || unreadFailures([operation]).length > 0;
    return html`<li class=${isUnread ? 'unread' : ''}>
      <a class="what" href="/operations?id=${operation.id}" @click=${() => this.#close()}>${what}${on ? html` · ${on}` : nothing}</a>
      <sw-operation-state .operation=${operation}></sw-operation-state>
      <span class="about quiet">${aboutOf(operation)}</span>
      ${buttonsOf(operation)}
    </li>`;
  }

  #toggled({ newState }: ToggleEvent): void {
    if (newState === 'open') this.unread = new Set(unreadFailures().map(({ id }) => id));
    else {
      this.unread = new Set();
      markRead().catch(() => undefined);
    }
  }

  #close(): void {
    this.renderRoot.querySelector<HTMLElement>('#panel')?.hidePopover();
  }
}

/** A line under an operation: why it failed, what it is at, or when it ended. */
function aboutOf({ state, problem, steps, cluster, endedAt, createdAt }: Operation): string {
  const where = cluster === '' ? '' : `${t.onCluster(cluster)} · `;
  if (state === 'failed' && problem) return `${where}${problem.detail}`;
  if (state === 'running') return `${where}${steps.at(-1)?.name ?? ''}`;
  return `${where}${formatAgo(endedAt ?? createdAt)}`;
}

/** Cancel what is under way, repeat what failed. */
export function buttonsOf(operation: Operation) {
  if (!hasEnded(operation)) {
    return html`<button class="link" ?disabled=${operation.cancelRequestedAt !== undefined} @click=${() => act(cancelOperation, operation)}>
      ${t.cancel}
    </button>`;
  }
  if (!hasFailed(operation) && operation.state !== 'cancelled') return nothing;
  return html`<button class="link" @click=${() => act(retryOperation, operation)}>${operation.counts ? t.retryFailed : t.retry}</button>`;
}

function act(deed: (id: string) => Promise<Operation>, { id }: Operation): void {
  deed(id).then(followOperation, (error: unknown) => toast({ text: problemText(error), tone: 'danger' }));
}

define('sw-tray', SwTray);
