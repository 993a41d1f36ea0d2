import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import type { DeclaredObject } from '../../data/resource.ts';
import { may } from '../../data/session.ts';
import '../../elements/diff.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/state.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { formatAgo } from '../../texts/format.ts';
import '../drift/drift-object.ts';
import { isDeclarable } from './header.ts';
import { SwDetailPart } from './part.ts';
import { detailStyles } from './styles.ts';

/** Where the declaration of a resource and the cloud differ, what is left alone, and what the reconciler says. */
export class SwDetailDrift extends SwDetailPart {
  static override styles = [base, detailStyles];

  override render() {
    const { object, row } = this.detail;
    if (!isDeclarable(row.type)) {
      return html`<sw-empty icon="info" .heading=${t.drift.undeclarable.title} .text=${t.drift.undeclarable.text}></sw-empty>`;
    }
    if (!object) {
      const { title, text } = t.drift.undeclared;
      return html`<sw-empty icon="unlink" .heading=${title} .text=${text}>${may('plan.read') ? this.#adopt() : nothing}</sw-empty>`;
    }
    return html`<div class="sections">${this.#drift(object)}${this.#plan(object)}${this.#conditions(object)}</div>`;
  }

  #adopt(): TemplateResult {
    const query = new URLSearchParams({ cluster: this.cluster, select: `id=${this.id}` });
    return html`<wa-button size="s" appearance="outlined" href=${`/declare/adopt?${query}`}>${t.adopt}</wa-button>`;
  }

  #drift({ kind, metadata }: DeclaredObject): TemplateResult {
    return html`<sw-drift-object .kind=${kind} .namespace=${metadata.namespace} .name=${metadata.name}></sw-drift-object>`;
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
