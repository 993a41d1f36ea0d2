import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
import { withQuery } from '../../app/router.ts';
import { type AuditFilter, auditExport, auditRetention, setAuditRetention, type Verification, verifyAudit } from '../../data/audit.ts';
import { mayEverywhere, session } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { problemText } from '../../elements/state.ts';
import { auditTexts as t } from '../../texts/audit.ts';
import { formatNumber, formatTime } from '../../texts/format.ts';
import '../../elements/retention-dialog.ts';
import { auditStyles } from './styles.ts';

/** What can be done with the log as a whole: verify its chain, export what is filtered, say how long it is kept. */
export class SwAuditTools extends SwElement {
  static override properties = {
    filter: { attribute: false },
    verifying: { state: true },
    verified: { state: true },
    failure: { state: true },
    isChanging: { state: true },
  };
  static override styles = [base, auditStyles];

  declare filter: AuditFilter;
  declare verifying: AbortController | undefined;
  declare verified: Verification | undefined;
  declare failure: unknown;
  declare isChanging: boolean;

  readonly #retention = new Task(this, { args: () => [], task: () => auditRetention() });

  constructor() {
    super();
    this.filter = {};
    this.isChanging = false;
    follow(this, session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.verifying?.abort();
  }

  override render(): TemplateResult {
    return html`<div class="tools">${this.#verify()} ${this.#export()} ${this.#kept()}</div>
      <div role="status">${this.#outcome()}</div>`;
  }

  #verify(): TemplateResult {
    const isAllowed = mayEverywhere('audit.verify');
    return html`<wa-button
        id="verify"
        size="s"
        appearance="outlined"
        aria-describedby=${isAllowed ? nothing : 'verify-why'}
        ?disabled=${!isAllowed}
        ?loading=${this.verifying !== undefined}
        @click=${() => void this.#run()}
        ><sw-icon slot="start" name="badge-check"></sw-icon>${this.verifying ? t.verify.running : t.verify.action}</wa-button
      >${isAllowed ? nothing : html`<wa-tooltip id="verify-why" for="verify">${t.verify.needs}</wa-tooltip>`}`;
  }

  #export(): TemplateResult {
    const item = (format: 'csv' | 'jsonl') => html`<wa-dropdown-item value=${format}>${t.export[format]}</wa-dropdown-item>`;
    return html`<wa-dropdown @wa-select=${(event: CustomEvent<{ item: { value: string } }>) => this.#download(event)}>
      <wa-button slot="trigger" size="s" appearance="outlined" with-caret title=${t.export.about}
        ><sw-icon slot="start" name="download"></sw-icon>${t.export.title}</wa-button
      >
      ${item('csv')} ${item('jsonl')}
    </wa-dropdown>`;
  }

  #kept(): TemplateResult {
    const retention = this.#retention.value;
    const days = retention?.days ?? undefined;
    const text =
      retention === undefined ? t.retention.action : days === undefined ? t.retention.forEver : t.retention.kept(formatNumber(days));
    return html`<wa-button size="s" appearance="outlined" ?disabled=${retention === undefined} @click=${() => (this.isChanging = true)}
        ><sw-icon slot="start" name="clock"></sw-icon>${text}</wa-button
      >
      ${
        retention && this.isChanging
          ? html`<sw-retention-dialog
              .retention=${retention}
              .texts=${t.retention}
              .isAllowed=${mayEverywhere('audit.retain')}
              .set=${setAuditRetention}
              @sw-change=${() => void this.#retention.run()}
              @sw-close=${() => (this.isChanging = false)}
            ></sw-retention-dialog>`
          : nothing
      }`;
  }

  #outcome(): TemplateResult | typeof nothing {
    if (this.failure !== undefined) return html`<wa-callout size="s" variant="danger">${problemText(this.failure)}</wa-callout>`;
    const { verified } = this;
    if (!verified) return nothing;
    const { ok, checked, head, firstBroken, checkpoint } = verified;
    const removed = checkpoint
      ? html`<p>${t.verify.removed(formatNumber(checkpoint.seq), formatTime(checkpoint.until, { withSeconds: false }))}</p>`
      : nothing;
    if (ok)
      return html`<wa-callout size="s" variant="success">
        <sw-icon slot="icon" name="circle-check"></sw-icon>${t.verify.ok(formatNumber(checked), formatNumber(head.seq ?? 0))} ${removed}
      </wa-callout>`;
    const seq = firstBroken?.seq ?? 0;
    return html`<wa-callout size="s" variant="danger">
      <sw-icon slot="icon" name="circle-x"></sw-icon><strong>${t.verify.broken(formatNumber(seq))}</strong> ${firstBroken?.message ?? ''}
      <a href=${withQuery({ entry: String(seq) })}>${t.verify.look}</a> ${removed}
    </wa-callout>`;
  }

  async #run(): Promise<void> {
    const verifying = new AbortController();
    this.verifying = verifying;
    this.verified = undefined;
    this.failure = undefined;
    try {
      this.verified = await verifyAudit(verifying.signal);
    } catch (error) {
      if (!verifying.signal.aborted) this.failure = error;
    } finally {
      this.verifying = undefined;
    }
  }

  /** As a link would: the browser writes the file while it comes. */
  #download(event: CustomEvent<{ item: { value: string } }>): void {
    const link = document.createElement('a');
    link.href = auditExport(this.filter, event.detail.item.value === 'jsonl' ? 'jsonl' : 'csv');
    link.download = '';
    link.click();
  }
}

define('sw-audit-tools', SwAuditTools);
