import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { listConnections } from '../../../data/connections.ts';
import type { RoleAt } from '../../../data/people.ts';
import { listRoles, type Role } from '../../../data/roles.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { peopleTexts } from '../../../texts/people.ts';
import { roleDescription } from '../../../texts/permissions.ts';
import { valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';

/** Roles, each with where it holds. Sends `picked` with RoleAt[]. */
export class SwRolePicker extends SwElement {
  static override properties = {
    value: { attribute: false },
    isSingle: { type: Boolean },
    roles: { state: true },
    clusters: { state: true },
  };
  static override styles = [
    base,
    adminStyles,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      .place {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr)) auto;
        gap: var(--wa-space-s);
        align-items: end;
      }
      @media (max-width: 560px) {
        .place {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  declare value: readonly RoleAt[];
  /** One role, not several. */
  declare isSingle: boolean;
  declare roles: readonly Role[];
  declare clusters: readonly string[];

  constructor() {
    super();
    this.value = [];
    this.isSingle = false;
    this.roles = [];
    this.clusters = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Who may not list them can still write a name.
    void listRoles().then(
      ({ roles }) => (this.roles = roles),
      () => undefined,
    );
    void listConnections().then(
      (clusters) => (this.clusters = clusters.map(({ name }) => name)),
      () => undefined,
    );
  }

  override render() {
    const t = peopleTexts.roles;
    return html`${this.value.map((place, index) => this.#place(place, index))}
      ${this.value.length === 0 ? html`<p class="quiet">${t.none}</p>` : nothing}
      ${
        this.isSingle
          ? nothing
          : html`<div>
              <wa-button size="s" appearance="outlined" @click=${() => this.#set([...this.value, { role: 'viewer', cluster: '*', namespace: '*' }])}>
                <sw-icon slot="start" name="plus"></sw-icon>${t.add}
              </wa-button>
            </div>`
      }`;
  }

  #place(place: RoleAt, index: number): TemplateResult {
    const t = peopleTexts.roles;
    const change = (part: Partial<RoleAt>) => this.#set(this.value.map((one, at) => (at === index ? { ...one, ...part } : one)));
    const roles = this.roles.length > 0 ? this.roles : [{ name: place.role, description: '', isBuiltIn: false }];
    const clusters = [...new Set([...this.clusters, ...(place.cluster === '*' ? [] : [place.cluster])])];
    return html`<div class="place" role="group" aria-label=${`${t.role} ${index + 1}`}>
      <wa-select size="s" label=${t.role} .value=${place.role} @change=${(event: Event) => change({ role: valueOf(event) })}>
        ${roles.map((role) => html`<wa-option value=${role.name} title=${roleDescription(role)}>${role.name}</wa-option>`)}
      </wa-select>
      <wa-select size="s" label=${t.cluster} .value=${place.cluster} @change=${(event: Event) => change({ cluster: valueOf(event) })}>
        <wa-option value="*">${t.allClusters}</wa-option>
        ${clusters.map((name) => html`<wa-option value=${name}>${name}</wa-option>`)}
      </wa-select>
      <wa-input
        size="s"
        label=${t.namespace}
        placeholder=${t.allNamespaces}
        autocomplete="off"
        spellcheck="false"
        .value=${place.namespace === '*' ? '' : place.namespace}
        @input=${(event: Event) => change({ namespace: valueOf(event).trim() || '*' })}
      ></wa-input>
      ${
        this.isSingle
          ? nothing
          : html`<wa-button
              size="s"
              appearance="plain"
              aria-label=${t.take(place.role)}
              @click=${() => this.#set(this.value.filter((_, at) => at !== index))}
              ><sw-icon name="x" label=${t.take(place.role)}></sw-icon
            ></wa-button>`
      }
    </div>`;
  }

  #set(value: readonly RoleAt[]): void {
    this.value = value;
    this.send('picked', value);
  }
}

/** A role and where it holds, in a few words. */
export function roleMark({ role, cluster, namespace }: RoleAt, title = ''): TemplateResult {
  const t = peopleTexts.roles;
  const isEverywhere = cluster === '*' && namespace === '*';
  const where = isEverywhere ? t.everywhere : namespace === '*' ? cluster : t.at(cluster === '*' ? t.allClusters : cluster, namespace);
  return html`<span class="tag" title=${title}><strong>${role}</strong><span class="quiet">${where}</span></span>`;
}

define('sw-role-picker', SwRolePicker);
