import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { type Retention, setAuditRetention } from '../../data/audit.ts';
import { mayEverywhere } from '../../data/session.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { auditTexts as t } from '../../texts/audit.ts';
import { formatTime } from '../../texts/format.ts';
import { auditStyles } from './styles.ts';

const most = 36_500;

/** For how long entries are kept, and a way to change it for who may. Sends `sw-change` once it is changed, `sw-close` when it is closed. */
export class SwRetentionDialog extends SwElement {
  static override properties = {
    retention: { attribute: false },
    isForEver: { state: true },
    days: { state: true },
    failure: { state: true },
    isSaving: { state: true },
  };
  static override styles = [base, auditStyles];

  declare retention: Retention;
  declare isForEver: boolean;
  declare days: string;
  declare failure: string;
  declare isSaving: boolean;

  constructor() {
    super();
    this.failure = '';
    this.isSaving = false;
  }

  protected override willUpdate(): void {
    if (this.hasUpdated) return;
    this.isForEver = this.retention.days === null;
    this.days = String(this.retention.days ?? 365);
  }

  override render(): TemplateResult {
    const isAllowed = mayEverywhere('audit.retain');
    const { setBy, setAt } = this.retention;
    return html`<wa-dialog open .label=${t.retention.title} light-dismiss @wa-after-hide=${(event: Event) => this.#closed(event)}>
      <div class="form">
        ${setBy && setAt ? html`<p class="quiet">${t.retention.setBy(setBy, formatTime(setAt))}</p>` : nothing}
        <wa-checkbox ?disabled=${!isAllowed} .checked=${this.isForEver} @change=${(event: Event) => (this.isForEver = (event.target as HTMLInputElement).checked)}
          >${t.retention.forEverLabel}</wa-checkbox
        >
        <wa-input
          type="number"
          min="1"
          max=${most}
          .label=${t.retention.days}
          .hint=${t.retention.hint}
          ?disabled=${!isAllowed || this.isForEver}
          .value=${this.days}
          @input=${(event: Event) => (this.days = (event.target as HTMLInputElement).value)}
        ></wa-input>
        ${isAllowed ? html`<p>${t.retention.warning}</p>` : html`<p>${t.retention.needs}</p>`}
        ${this.failure === '' ? nothing : html`<p class="problem" role="alert">${this.failure}</p>`}
      </div>
      <wa-button slot="footer" data-dialog="close">${t.retention.cancel}</wa-button>
      ${
        isAllowed
          ? html`<wa-button slot="footer" variant="danger" ?loading=${this.isSaving} @click=${() => void this.#save()}>${t.retention.save}</wa-button>`
          : nothing
      }
    </wa-dialog>`;
  }

  async #save(): Promise<void> {
    const days = Number(this.days);
    if (!this.isForEver && (!Number.isInteger(days) || days < 1 || days > most)) return void (this.failure = t.retention.wrong);
    this.isSaving = true;
    try {
      await setAuditRetention(this.isForEver ? null : days);
      toast({ text: t.retention.saved, tone: 'success' });
      this.send('sw-change');
      this.send('sw-close');
    } catch (error) {
      this.failure = problemText(error);
    } finally {
      this.isSaving = false;
    }
    return undefined;
  }

  #closed(event: Event): void {
    if ((event.target as HTMLElement).localName === 'wa-dialog') this.send('sw-close');
  }
}

define('sw-retention-dialog', SwRetentionDialog);
