import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { formatTime } from '../texts/format.ts';
import { base, define, SwElement } from './element.ts';
import { problemText } from './state.ts';
import { toast } from './toast.ts';

export interface Kept {
  /** Null: for ever. */
  readonly days: number | null;
  readonly setBy?: string;
  readonly setAt?: string;
}

export interface RetentionTexts {
  readonly title: string;
  readonly days: string;
  readonly hint: string;
  readonly warning: string;
  readonly needs: string;
  readonly saved: string;
  readonly wrong: string;
  readonly setBy: (who: string, when: string) => string;
  readonly save: string;
  readonly cancel: string;
  /** Where something may be kept for ever. */
  readonly forEverLabel?: string;
}

const most = 36_500;

/** For how long something is kept, and a way to change it for who may. Sends `sw-change` once it is changed, `sw-close` when it is closed. */
export class SwRetentionDialog extends SwElement {
  static override properties = {
    retention: { attribute: false },
    texts: { attribute: false },
    isAllowed: { type: Boolean },
    set: { attribute: false },
    isForEver: { state: true },
    days: { state: true },
    failure: { state: true },
    isSaving: { state: true },
  };
  static override styles = [
    base,
    css`
      .form {
        display: grid;
        gap: var(--wa-space-m);
      }
      .problem {
        color: var(--wa-color-danger-on-quiet);
      }
    `,
  ];

  declare retention: Kept;
  declare texts: RetentionTexts;
  declare isAllowed: boolean;
  /** Throws Problem. */
  declare set: (days: number | null) => Promise<unknown>;
  declare isForEver: boolean;
  declare days: string;
  declare failure: string;
  declare isSaving: boolean;

  constructor() {
    super();
    this.isAllowed = false;
    this.failure = '';
    this.isSaving = false;
  }

  protected override willUpdate(): void {
    if (this.hasUpdated) return;
    this.isForEver = this.retention.days === null;
    this.days = String(this.retention.days ?? 365);
  }

  override render(): TemplateResult {
    const { isAllowed, texts: t } = this;
    const { setBy, setAt } = this.retention;
    return html`<wa-dialog open .label=${t.title} light-dismiss @wa-after-hide=${(event: Event) => this.#closed(event)}>
      <div class="form">
        ${setBy && setAt ? html`<p class="quiet">${t.setBy(setBy, formatTime(setAt))}</p>` : nothing}
        ${
          t.forEverLabel === undefined
            ? nothing
            : html`<wa-checkbox
                ?disabled=${!isAllowed}
                .checked=${this.isForEver}
                @change=${(event: Event) => (this.isForEver = (event.target as HTMLInputElement).checked)}
                >${t.forEverLabel}</wa-checkbox
              >`
        }
        <wa-input
          type="number"
          min="1"
          max=${most}
          .label=${t.days}
          .hint=${t.hint}
          ?disabled=${!isAllowed || this.isForEver}
          .value=${this.days}
          @input=${(event: Event) => (this.days = (event.target as HTMLInputElement).value)}
        ></wa-input>
        ${isAllowed ? html`<p>${t.warning}</p>` : html`<p>${t.needs}</p>`}
        ${this.failure === '' ? nothing : html`<p class="problem" role="alert">${this.failure}</p>`}
      </div>
      <wa-button slot="footer" data-dialog="close">${t.cancel}</wa-button>
      ${
        isAllowed
          ? html`<wa-button slot="footer" variant="danger" ?loading=${this.isSaving} @click=${() => void this.#save()}>${t.save}</wa-button>`
          : nothing
      }
    </wa-dialog>`;
  }

  async #save(): Promise<void> {
    const days = Number(this.days);
    if (!this.isForEver && (!Number.isInteger(days) || days < 1 || days > most)) return void (this.failure = this.texts.wrong);
    this.isSaving = true;
    try {
      await this.set(this.isForEver ? null : days);
      toast({ text: this.texts.saved, tone: 'success' });
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
