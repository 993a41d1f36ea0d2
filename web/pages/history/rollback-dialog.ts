import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import type { ObjectPlace } from '../../data/drift.ts';
import { applyRollback, planRollback, type RollbackPlan } from '../../data/history.ts';
import { Problem } from '../../data/http.ts';
import '../../elements/diff.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { historyTexts as t } from '../../texts/history.ts';
import { plannedAction, settleTexts } from '../../texts/settle.ts';

/** Shows what going back to a revision would do, then does it. Sends `sw-close` when it is over. */
export class SwRollbackDialog extends SwElement {
  static override properties = {
    place: { attribute: false },
    revision: { type: Number },
    plan: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    base,
    css`
      wa-dialog {
        --width: min(56rem, 94vw);
      }
      .body {
        display: grid;
        gap: var(--wa-space-m);
      }
      .footer {
        display: flex;
        gap: var(--wa-space-s);
        justify-content: flex-end;
        width: 100%;
      }
    `,
  ];

  declare place: ObjectPlace;
  declare revision: number;
  declare plan: RollbackPlan | undefined;
  declare failure: string | undefined;
  declare isBusy: boolean;

  constructor() {
    super();
    this.isBusy = false;
  }

  override firstUpdated(): void {
    void this.#makePlan();
  }

  async #makePlan(): Promise<void> {
    try {
      this.plan = await planRollback(this.place, this.revision);
    } catch (error) {
      this.failure = problemText(error);
    }
  }

  override render(): TemplateResult {
    const { plan } = this;
    const isSame = plan?.changes.length === 0;
    return html`<wa-dialog open label=${t.dialog.title(this.revision)} @wa-after-hide=${(event: Event) => void (event.target === event.currentTarget && this.send('sw-close'))}>
      <div class="body">
        <p>${t.dialog.says}</p>
        ${this.failure === undefined ? nothing : html`<wa-callout variant="danger" size="s" role="alert">${this.failure}</wa-callout>`}
        ${plan ? (isSame ? html`<p>${t.dialog.same}</p>` : changes(plan)) : this.failure === undefined ? html`<p class="quiet" role="status">${t.dialog.planning}</p>` : nothing}
      </div>
      <div slot="footer" class="footer">
        <wa-button size="s" appearance="plain" data-dialog="close">${t.dialog.cancel}</wa-button>
        <wa-button size="s" variant="brand" class="confirm" ?disabled=${!plan || isSame} ?loading=${this.isBusy} @click=${() => this.#apply()}>${t.dialog.apply}</wa-button>
      </div>
    </wa-dialog>`;
  }

  async #apply(): Promise<void> {
    const { plan } = this;
    if (!plan) return;
    this.isBusy = true;
    try {
      await applyRollback(this.place, this.revision, plan);
      toast({ text: t.dialog.done(this.revision), tone: 'success' });
      this.send('sw-close');
    } catch (error) {
      const isOutdated = error instanceof Problem && error.status === 409;
      this.failure = isOutdated ? `${t.dialog.changed} ${problemText(error)}` : problemText(error);
      if (isOutdated) await this.#makePlan();
    } finally {
      this.isBusy = false;
    }
  }
}

function changes({ changes: found, plan }: RollbackPlan): TemplateResult {
  return html`<sw-diff plain .changes=${found} .labels=${{ before: settleTexts.before, after: settleTexts.after }}></sw-diff>
    ${(plan?.objects ?? []).map(({ action, losesData, why }) => {
      return html`<wa-callout variant=${losesData || action === 'blocked' ? 'danger' : 'neutral'} size="s"
        >${t.dialog.cloud}: ${plannedAction(action)}${losesData ? html` <strong>${settleTexts.losesData}</strong>` : nothing}${why ? html` ${why.message}` : nothing}</wa-callout
      >`;
    })}`;
}

define('sw-rollback-dialog', SwRollbackDialog);
