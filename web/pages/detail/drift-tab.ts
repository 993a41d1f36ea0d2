import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import type { DeclaredObject } from '../../data/resource.ts';
import '../../elements/diff.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import '../../elements/state.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { formatAgo, formatTime } from '../../texts/format.ts';
import { isDeclarable } from './header.ts';
import { SwDetailPart } from './part.ts';
import { statusStyles } from './status.ts';
import { detailStyles } from './styles.ts';

/** Where the declaration of a resource and the cloud differ, what is left alone, and what the reconciler says. */
export class SwDetailDrift extends SwDetailPart {
  static override styles = [
    base,
    detailStyles,
    statusStyles,
    css`
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--wa-space-s);
        padding-block-end: var(--wa-space-xs);
      }
    `,
  ];

  override render() {
    const { object, row } = this.detail;
    if (!isDeclarable(row.type)) {
      return html`<sw-empty icon="info" .heading=${t.drift.undeclarable.title} .text=${t.drift.undeclarable.text}></sw-empty>`;
    }
    if (!object) {
      return html`<sw-empty icon="unlink" .heading=${t.drift.undeclared.title} .text=${t.drift.undeclared.text}></sw-empty>`;
    }
    return html`<div class="sections">${this.#fields(object)}${this.#ignored(object)}${this.#plan(object)}${this.#conditions(object)}</div>`;
  }

  #fields({ kind, metadata, status }: DeclaredObject): TemplateResult {
    const { drift } = status;
    if (drift.length === 0) {
      return html`<p class="status good"><sw-icon name="circle-check"></sw-icon><strong>${t.drift.none.title}.</strong> ${t.drift.none.text}</p>`;
    }
    const href = `/drift/${[kind, metadata.namespace, metadata.name].map(encodeURIComponent).join('/')}`;
    const oldest = drift.flatMap(({ since }) => since ?? []).reduce((a, b) => (a < b ? a : b), '9');
    return html`<section>
      <div class="top">
        <h2>${t.drift.fields}</h2>
        <wa-button size="s" appearance="outlined" href=${href}>
          <sw-icon slot="start" name="git-compare"></sw-icon>${t.drift.settle}
        </wa-button>
      </div>
      <sw-diff
        .changes=${drift.map(({ path, declared, observed }) => ({ path, from: declared, to: observed }))}
        .labels=${{ before: t.drift.declared, after: t.drift.observed }}
      ></sw-diff>
      ${oldest === '9' ? nothing : html`<p class="quiet">${t.drift.since} ${formatTime(oldest)} (${formatAgo(oldest)})</p>`}
    </section>`;
  }

  #ignored({ status }: DeclaredObject): TemplateResult | typeof nothing {
    if (status.ignored.length === 0) return nothing;
    return html`<section>
      <h2>${t.drift.ignored}</h2>
      <dl>
        ${status.ignored.map(
          ({ path, reason, until }) => html`<dt class="mono">${path}</dt>
            <dd>${reason ?? ''} ${until === undefined ? nothing : html`<span class="quiet">${t.drift.until(formatTime(until))}</span>`}</dd>`,
        )}
      </dl>
    </section>`;
  }

  #plan({ status }: DeclaredObject): TemplateResult | typeof nothing {
    if (status.plan.length === 0) return nothing;
    const plan = status.plan as readonly { readonly path: string; readonly declared: unknown; readonly observed: unknown }[];
    return html`<section>
      <h2>${t.drift.plan}</h2>
      <sw-diff
        .changes=${plan.map(({ path, declared, observed }) => ({ path, from: observed, to: declared }))}
        .labels=${{ before: t.drift.observed, after: t.drift.declared }}
      ></sw-diff>
    </section>`;
  }

  #conditions({ status }: DeclaredObject): TemplateResult {
    return html`<section>
      <h2>${t.drift.conditions}</h2>
      <dl>
        ${status.conditions.map(
          ({ type, status: is, reason, message, lastTransitionTime }) => html`<dt>${type}</dt>
            <dd>
              <strong>${is}</strong> ${reason}
              ${lastTransitionTime ? html`<span class="quiet">${formatAgo(lastTransitionTime)}</span>` : nothing}
              ${message ? html`<div class="quiet">${message}</div>` : nothing}
            </dd>`,
        )}
      </dl>
    </section>`;
  }
}

define('sw-detail-drift', SwDetailDrift);
