import { css, html, nothing, type TemplateResult } from 'lit';
import type { Revision } from '../../data/history.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { formatAgo, formatTime } from '../../texts/format.ts';
import { historyTexts as t } from '../../texts/history.ts';

/** Revisions, newest first, two of which are compared. Sends `sw-pair` {from, to}, `sw-roll-back` {revision}, `sw-more`. */
export class SwRevisionList extends SwElement {
  static override properties = {
    revisions: { attribute: false },
    from: { type: Number },
    to: { type: Number },
    current: { type: Number },
    may: { type: Boolean },
    past: { type: Boolean },
    more: { type: Boolean },
  };
  static override styles = [
    base,
    css`
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        overflow: hidden;
      }
      li {
        display: grid;
        grid-template-columns: 2.4rem 2.4rem minmax(0, 1fr);
        gap: var(--wa-space-2xs);
        padding: var(--wa-space-xs) var(--wa-space-s);
      }
      li + li {
        border-block-start: 1px solid var(--wa-color-surface-border);
      }
      .shown {
        background: var(--wa-color-brand-fill-quiet);
      }
      .head {
        display: grid;
        grid-template-columns: 2.4rem 2.4rem minmax(0, 1fr);
        gap: var(--wa-space-2xs);
        padding: var(--wa-space-3xs) var(--wa-space-s);
        font-size: var(--wa-font-size-xs);
        color: var(--wa-color-text-quiet);
      }
      .head span {
        text-align: center;
      }
      input {
        width: 1rem;
        height: 1rem;
        margin: 0.2rem 0 0;
        justify-self: center;
        align-self: start;
        accent-color: var(--wa-color-brand-fill-loud);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--wa-space-xs);
        justify-content: space-between;
      }
      .small {
        font-size: var(--wa-font-size-s);
        overflow-wrap: anywhere;
      }
      wa-button {
        margin-block-start: var(--wa-space-2xs);
      }
    `,
  ];

  declare revisions: readonly Revision[];
  declare from: number | undefined;
  declare to: number | undefined;
  /** The revision that held at the moment shown. */
  declare current: number | undefined;
  declare may: boolean;
  /** Another moment than now is shown. */
  declare past: boolean;
  declare more: boolean;

  override render(): TemplateResult {
    return html`
      <h2 class="unseen">${t.revisions}</h2>
      <div class="head" aria-hidden="true"><span>${t.from}</span><span>${t.to}</span><span></span></div>
      <ol>
        ${this.revisions.map((one) => this.#revision(one))}
      </ol>
      ${this.more ? html`<wa-button size="s" @click=${() => this.send('sw-more')}>${t.more}</wa-button>` : nothing}
    `;
  }

  #revision(one: Revision): TemplateResult {
    const { revision, at, action, actor, through, missingBefore } = one;
    const why = this.#whyNot(one);
    const id = `back-${revision}`;
    const isNewest = revision === this.revisions[0]?.revision;
    return html`<li class=${revision === this.current ? 'shown' : ''} aria-current=${revision === this.current ? 'true' : nothing}>
      <input type="radio" name="from" aria-label=${t.compareFrom(revision)} .checked=${revision === this.from} ?disabled=${revision >= (this.to ?? 0)} @change=${() => this.#pair(revision, this.to)} />
      <input type="radio" name="to" aria-label=${t.compareTo(revision)} .checked=${revision === this.to} @change=${() => this.#pair(this.from !== undefined && this.from < revision ? this.from : undefined, revision)} />
      <div>
        <div class="line">
          <span><strong>${revision}</strong> ${actionText(action)}</span>
          <span class="quiet small" title=${formatTime(at)}>${formatAgo(at)}</span>
        </div>
        <div class="quiet small">${t.by(actor, through)}</div>
        ${missingBefore ? html`<div class="quiet small">${t.missing(missingBefore)}</div>` : nothing}
        ${
          isNewest && action !== 'deleted'
            ? nothing
            : html`<wa-button size="s" appearance="outlined" class="roll-back" title=${why ?? ''} ?disabled=${why !== undefined} aria-describedby=${why ? id : nothing} @click=${() => this.send('sw-roll-back', { revision })}
                  ><sw-icon slot="start" name="undo-2"></sw-icon>${t.rollback}</wa-button
                >${why ? html`<span class="unseen" id=${id}>${why}</span>` : nothing}`
        }
      </div>
    </li>`;
  }

  #whyNot({ action }: Revision): string | undefined {
    if (!this.may) return t.rollbackHints.Forbidden;
    if (action === 'deleted') return t.rollbackHints.deletion;
    return this.past ? t.rollbackHints.at : undefined;
  }

  #pair(from: number | undefined, to: number | undefined): void {
    this.send('sw-pair', { from, to });
  }
}

function actionText(action: string): string {
  return action === 'declared' || action === 'changed' || action === 'deleted' ? t.actions[action] : action;
}

define('sw-revision-list', SwRevisionList);
