import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { changeRole, createRole, type PermissionRow, type Role, type RoleTable } from '../../../data/roles.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { permissionSentence } from '../../../texts/permissions.ts';
import { roleTexts as t } from '../../../texts/roles.ts';
import { valueOf } from '../parts.ts';
import '../../../elements/form-dialog.ts';
import { adminStyles } from '../styles.ts';
import { grouped } from './groups.ts';

/** Makes a role, or changes one. Sends `saved` with its name, and `closed`. */
export class SwRoleForm extends SwElement {
  static override properties = {
    table: { attribute: false },
    edited: { attribute: false },
    name: { state: true },
    description: { state: true },
    chosen: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    base,
    adminStyles,
    css`
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      legend {
        padding: 0 0 var(--wa-space-2xs);
        font-weight: 600;
      }
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr));
        gap: var(--wa-space-m);
        align-items: start;
      }
      .choices {
        display: grid;
        gap: var(--wa-space-2xs);
      }
    `,
  ];

  declare table: RoleTable;
  /** Undefined for a new one. */
  declare edited: Role | undefined;
  declare name: string;
  declare description: string;
  declare chosen: ReadonlySet<string>;
  declare problem: unknown;
  declare isBusy: boolean;

  constructor() {
    super();
    this.name = '';
    this.description = '';
    this.chosen = new Set();
    this.isBusy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.name = this.edited?.name ?? '';
    this.description = this.edited?.description ?? '';
    this.chosen = new Set(this.edited?.permissions);
  }

  override render() {
    const { permissions } = this.table;
    return html`<sw-form-dialog
      .heading=${this.edited ? t.editTitle(this.edited.name) : t.newTitle}
      .submit=${t.save}
      .isWide=${true}
      .isBusy=${this.isBusy}
      .isIncomplete=${this.name.trim() === ''}
      .problem=${this.problem}
      @submitted=${() => void this.#save()}
    >
      <div class="form">
        <div class="pair">
          ${
            this.edited
              ? nothing
              : html`<wa-input
                  label=${t.name}
                  hint=${t.nameHint}
                  required
                  autocomplete="off"
                  .value=${this.name}
                  @input=${(event: Event) => (this.name = valueOf(event))}
                ></wa-input>`
          }
          <wa-input
            label=${t.description}
            autocomplete="off"
            maxlength="500"
            .value=${this.description}
            @input=${(event: Event) => (this.description = valueOf(event))}
          ></wa-input>
        </div>
        <div class="head">
          <h3>${t.permissions} <span class="quiet">${t.chosen(this.chosen.size, permissions.length)}</span></h3>
          <wa-select class="beside" size="s" label=${t.like} @change=${(event: Event) => this.#like(valueOf(event))}>
            <wa-option value="*none">${t.nothing}</wa-option>
            ${this.table.roles.map(({ name }) => html`<wa-option value=${name}>${name}</wa-option>`)}
          </wa-select>
        </div>
        <div class="groups">${grouped(permissions).map(([group, own]) => this.#group(t.groups[group], own))}</div>
      </div>
    </sw-form-dialog>`;
  }

  #group(heading: string, permissions: readonly PermissionRow[]): TemplateResult {
    return html`<fieldset>
      <legend>${heading}</legend>
      <div class="choices">
        ${permissions.map(
          ({ name, sentence }) =>
            html`<wa-checkbox
              size="s"
              title=${name}
              ?checked=${this.chosen.has(name)}
              .checked=${this.chosen.has(name)}
              @change=${(event: Event) => this.#choose(name, (event.target as HTMLInputElement).checked)}
              >${permissionSentence(name, sentence)}</wa-checkbox
            >`,
        )}
      </div>
    </fieldset>`;
  }

  #choose(name: string, isChosen: boolean): void {
    this.chosen = new Set(isChosen ? [...this.chosen, name] : [...this.chosen].filter((one) => one !== name));
  }

  #like(name: string): void {
    this.chosen = new Set(this.table.roles.find((role) => role.name === name)?.permissions);
  }

  async #save(): Promise<void> {
    const text = { description: this.description.trim(), permissions: [...this.chosen] };
    this.isBusy = true;
    this.problem = undefined;
    try {
      const { name } = this.edited ? await changeRole(this.edited, text) : await createRole({ name: this.name.trim(), ...text });
      this.send('saved', name);
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }
}

define('sw-role-form', SwRoleForm);
