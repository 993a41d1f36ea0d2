import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/copy-button/copy-button.js';
import type { DriftField, DriftItem, Settlement, Way } from '../../data/drift.ts';
import '../../elements/diff.ts';
import { compareWords, type Part } from '../../elements/diff-rows.ts';
import { inline } from '../../elements/diff-text.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { problemText } from '../../elements/state.ts';
import { driftTexts } from '../../texts/drift.ts';
import { formatList } from '../../texts/format.ts';
import { kindName } from '../../texts/kinds.ts';
import { plannedAction, settleTexts as t } from '../../texts/settle.ts';
import { changeOf } from './drift-item.ts';
import { type JobState, settleable } from './settling.ts';

/** One object in the dialog: its fields to choose from, and what a dry run says would change. Sends `sw-fields` with the set of paths chosen. */
export class SwSettleObject extends SwElement {
  static override properties = {
    way: { type: String },
    item: { attribute: false },
    preview: { attribute: false },
    chosen: { attribute: false },
    state: { attribute: false },
    locked: { type: Boolean },
  };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
        padding: var(--wa-space-s) var(--wa-space-m);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        min-width: 0;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-xs);
        align-items: baseline;
      }
      .state {
        margin-inline-start: auto;
        font-size: var(--wa-font-size-s);
      }
      .fields {
        display: grid;
        gap: var(--wa-space-3xs);
      }
      wa-checkbox {
        margin: 0;
      }
      .field {
        font-family: var(--wa-font-family-code);
        font-size: var(--wa-font-size-s);
        overflow-wrap: anywhere;
      }
      del,
      ins {
        text-decoration: none;
      }
      h4 {
        font-size: var(--wa-font-size-s);
        color: var(--wa-color-text-quiet);
      }
      .git {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-xs);
        align-items: center;
        padding-block-start: var(--wa-space-xs);
      }
    `,
  ];

  declare way: Way;
  declare item: DriftItem;
  declare preview: Settlement | { readonly error: unknown } | undefined;
  declare chosen: ReadonlySet<string>;
  declare state: JobState | undefined;
  declare locked: boolean;

  override render() {
    const { item, state, preview } = this;
    return html`
      <div class="head">
        <h3><span class="quiet">${kindName(item.kind)}</span> ${item.name}</h3>
        <span class="quiet">${item.namespace} · ${item.cluster}</span>
        ${state ? html`<span class="state">${t.state[state.state]}</span>` : nothing}
      </div>
      ${state?.state === 'failed' ? html`<wa-callout variant="danger" size="s" role="alert">${problemText(state.error)}</wa-callout>` : nothing}
      <div class="fields" role="group" aria-label=${t.fields}>${item.fields.filter(({ path }) => settleable(item, this.way).includes(path)).map((field) => this.#field(field))}</div>
      ${!preview || this.chosen.size === 0 ? nothing : 'error' in preview ? html`<wa-callout variant="danger" size="s">${problemText(preview.error)}</wa-callout>` : this.#change(preview)}
    `;
  }

  #field(field: DriftField): TemplateResult {
    const { path } = field;
    const { from, to } = changeOf(field);
    const words = compareWords(inline(from), inline(to));
    const choose = (event: Event) => {
      const isChosen = (event.target as HTMLInputElement).checked;
      this.send('sw-fields', new Set([...this.chosen].filter((one) => one !== path).concat(isChosen ? [path] : [])));
    };
    return html`<wa-checkbox size="s" .checked=${this.chosen.has(path)} ?disabled=${this.locked} @change=${choose}
      ><span class="field">${path === '' ? driftTexts.whole : path}: ${marked(words.before, 'del')} <span aria-hidden="true">→</span> ${marked(words.after, 'ins')}</span></wa-checkbox
    >`;
  }

  #change({ before, manifest, also, owner, plan, changes }: Settlement): TemplateResult {
    return html`
      ${owner === undefined ? nothing : this.#git(owner, manifest ?? '')}
      ${
        changes.length > 0
          ? html`<h4>${t.preview}</h4>
              <sw-diff .before=${before} .after=${manifest} .labels=${{ before: t.before, after: t.after }}></sw-diff>`
          : nothing
      }
      ${also.length > 0 ? html`<wa-callout variant="warning" size="s">${t.also(formatList(also))}</wa-callout>` : nothing}
      ${plan && owner === undefined ? planLine(plan) : nothing}
    `;
  }

  #git(owner: string, manifest: string): TemplateResult {
    const { kind, namespace, name } = this.item;
    return html`<wa-callout variant="warning" size="s">
      ${t.git(owner)}
      <div class="git">
        <wa-copy-button value=${manifest} copy-label=${t.copy} success-label=${t.copied}></wa-copy-button>
        <a href=${URL.createObjectURL(new Blob([manifest], { type: 'application/yaml' }))} download=${`${kind.toLowerCase()}-${namespace}-${name}.yaml`}
          ><sw-icon name="download"></sw-icon> ${t.download}</a
        >
      </div>
    </wa-callout>`;
  }
}

function marked(parts: readonly Part[], tag: 'del' | 'ins') {
  const text = parts.map((part) => part.text).join('');
  if (text === '') return html`<span class="quiet">∅</span>`;
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return tag === 'del' ? html`<del>${short}</del>` : html`<ins>${short}</ins>`;
}

function planLine({ action, losesData, why }: NonNullable<Settlement['plan']>): TemplateResult {
  const isGrave = losesData || action === 'rebuild' || action === 'replace' || action === 'blocked';
  const text = html`${t.cloud}: ${plannedAction(action)}${losesData ? html` <strong>${t.losesData}</strong>` : nothing}${why && action !== 'none' && action !== 'report' ? html` <span>${why.message}</span>` : nothing}`;
  return isGrave ? html`<wa-callout variant="danger" size="s">${text}</wa-callout>` : html`<p class="quiet">${text}</p>`;
}

define('sw-settle-object', SwSettleObject);
