import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { clusterNames } from '../../../data/choices.ts';
import { changeProfile, createProfile, type Profile, type ProfileFields, type TerminalKey } from '../../../data/terminal-access.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import '../../../elements/form-dialog.ts';
import { terminalAccessTexts as texts } from '../../../texts/terminal-access.ts';
import { valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { cloudSelect } from './cloud-select.ts';

const t = texts.profile;
const vias = ['any', 'floating', 'fixed'] as const;
const isAddress = (via: string) => !vias.some((one) => one === via);
const fresh: ProfileFields = { name: '', cluster: '', serverId: '', user: '', port: 22, via: 'any', keyId: null };

/** Makes a profile, or changes one. Sends `saved`, and `closed`. */
export class SwTerminalProfileForm extends SwElement {
  static override properties = {
    edited: { attribute: false },
    keys: { attribute: false },
    fields: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [base, adminStyles];

  /** Undefined for a new one. */
  declare edited: Profile | undefined;
  declare keys: readonly TerminalKey[];
  declare fields: ProfileFields;
  declare problem: unknown;
  declare isBusy: boolean;

  readonly #clusters = new Task(this, { args: () => [], task: () => clusterNames() });

  constructor() {
    super();
    this.keys = [];
    this.fields = fresh;
    this.isBusy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { edited } = this;
    if (!edited) return;
    const { name, cluster, serverId, user, port, via, keyId } = edited;
    this.fields = { name, cluster, serverId, user, port, via, keyId };
  }

  override render(): TemplateResult {
    const { name, cluster, serverId, user, port, via, keyId } = this.fields;
    return html`<sw-form-dialog
      .heading=${this.edited ? t.editTitle(this.edited.name) : t.create}
      .submit=${t.save}
      .isWide=${true}
      .isBusy=${this.isBusy}
      .isIncomplete=${[name, cluster, user, via].some((text) => text.trim() === '')}
      .problem=${this.problem}
      @submitted=${() => void this.#save()}
    >
      <div class="form">
        <div class="pair">
          ${this.#text('name', t.name, name)}
          ${cloudSelect(t.cluster, { names: this.#clusters.value ?? [], value: cluster, chosen: (chosen) => this.#set({ cluster: chosen }) })}
        </div>
        <div class="pair">
          ${this.#text('user', t.user, user)}
          <wa-input
            type="number"
            min="1"
            max="65535"
            label=${t.port}
            .value=${String(port)}
            @input=${(event: Event) => this.#set({ port: Number(valueOf(event)) })}
          ></wa-input>
        </div>
        <div class="pair">
          <wa-select
            label=${t.via}
            .value=${isAddress(via) ? 'address' : via}
            @change=${(event: Event) => this.#set({ via: valueOf(event) === 'address' ? '' : valueOf(event) })}
          >
            ${vias.map((one) => html`<wa-option value=${one}>${texts.vias[one]}</wa-option>`)}
            <wa-option value="address">${texts.vias.address}</wa-option>
          </wa-select>
          ${isAddress(via) ? this.#text('via', t.address, via) : nothing}
        </div>
        ${this.#text('serverId', t.server, serverId, t.serverHint)}
        <wa-select label=${t.key} .value=${keyId ?? 'none'} @change=${(event: Event) => this.#chooseKey(valueOf(event))}>
          <wa-option value="none">${texts.noKey}</wa-option>
          ${this.keys
            .filter((key) => key.cluster === '*' || key.cluster === cluster)
            .map((key) => html`<wa-option value=${key.id}>${key.name}</wa-option>`)}
        </wa-select>
      </div>
    </sw-form-dialog>`;
  }

  #text(field: 'name' | 'user' | 'via' | 'serverId', label: string, value: string, hint = ''): TemplateResult {
    return html`<wa-input
      label=${label}
      hint=${hint}
      autocomplete="off"
      spellcheck="false"
      ?required=${field !== 'serverId'}
      .value=${value}
      @input=${(event: Event) => this.#set({ [field]: valueOf(event) })}
    ></wa-input>`;
  }

  #chooseKey(id: string): void {
    this.#set({ keyId: id === 'none' ? null : id });
  }

  #set(change: Partial<ProfileFields>): void {
    this.fields = { ...this.fields, ...change };
  }

  async #save(): Promise<void> {
    const { name, user, via, serverId, ...others } = this.fields;
    const fields = { ...others, name: name.trim(), user: user.trim(), via: via.trim(), serverId: serverId.trim() };
    this.isBusy = true;
    this.problem = undefined;
    try {
      await (this.edited ? changeProfile(this.edited, fields) : createProfile(fields));
      this.send('saved');
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }
}

define('sw-terminal-profile-form', SwTerminalProfileForm);
