import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import type { ActionEffects } from '../data/actions.ts';
import { hrefOfResource } from '../data/resource.ts';
import { actionTexts as t } from '../texts/actions.ts';
import { typeName } from '../texts/resource-types.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

/** What an action would do: what changes, what goes along, what is lost, and who brings it about. */
export class SwActionEffects extends SwElement {
  static override properties = { effects: { attribute: false }, cluster: { type: String } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
      }
      caption {
        text-align: start;
        font-weight: 600;
        padding-block-end: var(--wa-space-2xs);
      }
      th,
      td {
        text-align: start;
        vertical-align: top;
        padding: var(--wa-space-3xs) var(--wa-space-xs) var(--wa-space-3xs) 0;
        overflow-wrap: anywhere;
        border-block-start: 1px solid var(--wa-color-surface-border);
      }
      th {
        font-weight: 400;
        color: var(--wa-color-text-quiet);
      }
      ul {
        margin: 0;
        padding-inline-start: 1.2em;
      }
      pre {
        margin: var(--wa-space-2xs) 0 0;
        padding: var(--wa-space-xs);
        max-height: 12rem;
        overflow: auto;
        background: var(--wa-color-surface-lowered);
        border-radius: var(--wa-border-radius-m);
      }
      summary {
        cursor: pointer;
      }
    `,
  ];

  declare effects: ActionEffects;
  declare cluster: string;

  override render() {
    const { danger, takesAlong, loses, patch } = this.effects;
    const changes = this.#fields();
    return html`
      ${
        danger === 'none' && loses === undefined
          ? nothing
          : html`<wa-callout variant=${danger === 'loss' ? 'danger' : 'warning'} size="s">
              <sw-icon slot="icon" name="triangle-alert"></sw-icon>
              <strong>${danger === 'loss' ? t.loses : t.interrupts}</strong> ${loses ?? ''}
            </wa-callout>`
      }
      ${takesAlong.length === 0 ? nothing : this.#along()}
      ${changes.length === 0 ? nothing : this.#changes()}
      <p class="quiet">${this.#by()}</p>
      ${
        patch === undefined || patch === null
          ? nothing
          : html`<details>
              <summary>${t.patch}</summary>
              <pre tabindex="0">${JSON.stringify(patch, null, 2)}</pre>
            </details>`
      }
    `;
  }

  /** That it is there and will not be is no field. */
  #fields() {
    return this.effects.changes.filter(({ path }) => path !== '');
  }

  #changes() {
    return html`<table>
      <caption>
        ${t.changes}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t.field}</th>
          <th scope="col">${t.from}</th>
          <th scope="col">${t.to}</th>
        </tr>
      </thead>
      <tbody>
        ${this.#fields().map(
          ({ path, from, to }) =>
            html`<tr>
              <td class="mono">${path.replace(/^spec\./, '')}</td>
              <td>${worded(from)}</td>
              <td>${worded(to)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #along() {
    return html`<div>
      <strong>${t.along}</strong>
      <ul>
        ${this.effects.takesAlong.map(({ type, id, name, what }) => {
          const href = hrefOfResource({ type, cluster: this.cluster, id });
          return html`<li>${typeName(type)} <a href=${href} target="_blank">${name || id}</a>: ${what}</li>`;
        })}
      </ul>
    </div>`;
  }

  #by(): string {
    const { by, object, patch } = this.effects;
    if (!object || by === 'cloud') return t.byCloud;
    const name = `${object.kind} ${object.namespace ?? ''}/${object.name}`;
    if (by === 'override') return t.byOverride(name);
    return patch === null ? t.byDeletion(name) : t.byDeclaration(name);
  }
}

function worded(value: unknown): string {
  if (value === null || value === undefined || value === '') return t.unset;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

define('sw-action-effects', SwActionEffects);
