import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import { type Connection, changeConnection } from '../../../data/connections.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { problemText } from '../../../elements/state.ts';
import { toast } from '../../../elements/toast.ts';
import { addCloudTexts } from '../../../texts/add-cloud.ts';
import { clusterTexts } from '../../../texts/clusters.ts';
import { actButton, valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { changeObstacle } from './deeds.ts';
import { formOf, type MaintenanceWindow, patchOf, type SpecForm } from './spec-form.ts';
import './windows-editor.ts';

/** How a cloud is treated, to be seen and changed. Sends `changed`. */
export class SwClusterSpec extends SwElement {
  static override properties = {
    connection: { attribute: false },
    form: { state: true },
    description: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [base, adminStyles];

  declare connection: Connection;
  /** Undefined: as it is declared, also when that changes meanwhile. */
  declare form: SpecForm | undefined;
  declare description: string | undefined;
  declare problem: unknown;
  declare isBusy: boolean;
  /** What was edited: a change of somebody else's meanwhile is not written over. */
  #edited: Connection | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('connection') && changed.get('connection')?.name !== this.connection.name) this.#discard();
  }

  override render() {
    const t = clusterTexts.settings;
    const obstacle = changeObstacle(this.connection.name);
    const isReadOnly = obstacle !== undefined;
    const isChanged = this.form !== undefined || this.description !== undefined;
    return html`<form class="card" @submit=${(event: SubmitEvent) => void this.#save(event)}>
      <h2>${t.how}</h2>
      ${isReadOnly ? html`<wa-callout>${obstacle}</wa-callout>` : nothing}
      <wa-input
        label=${t.description}
        ?disabled=${isReadOnly}
        maxlength="500"
        .value=${this.description ?? this.connection.description}
        @input=${(event: Event) => this.#describe(valueOf(event))}
      ></wa-input>
      ${this.#fields(isReadOnly)}
      <sw-windows-editor
        .windows=${this.#form().maintenanceWindows}
        .isReadOnly=${isReadOnly}
        @windows=${(event: CustomEvent<readonly MaintenanceWindow[]>) => this.#set({ maintenanceWindows: event.detail })}
      ></sw-windows-editor>
      ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`}
      ${
        isReadOnly
          ? nothing
          : html`<div class="buttons">
              ${isChanged ? actButton({ id: 'reset', text: t.reset, run: () => this.#discard() }) : nothing}
              <wa-button size="s" type="submit" variant="brand" ?disabled=${!isChanged} ?loading=${this.isBusy}>${t.save}</wa-button>
            </div>`
      }
    </form>`;
  }

  #fields(isReadOnly: boolean): TemplateResult {
    const t = clusterTexts.settings;
    const text = (name: keyof Omit<SpecForm, 'maintenanceWindows'>, label: string, otherwise: string) =>
      html`<wa-input
        label=${label}
        placeholder=${t.default(otherwise)}
        autocomplete="off"
        ?disabled=${isReadOnly}
        .value=${this.#form()[name]}
        @input=${(event: Event) => this.#set({ [name]: valueOf(event) })}
      ></wa-input>`;
    const choice = (name: 'interface' | 'driftPolicy', label: string, options: readonly (readonly [string, string])[]) =>
      html`<wa-select
        label=${label}
        ?disabled=${isReadOnly}
        .value=${this.#form()[name] || '*'}
        @change=${(event: Event) => this.#set({ [name]: valueOf(event) === '*' ? '' : valueOf(event) })}
      >
        ${options.map(([value, shown]) => html`<wa-option value=${value}>${shown}</wa-option>`)}
      </wa-select>`;
    const { interfaces } = addCloudTexts.form;
    return html`<div class="pair">
        ${choice('driftPolicy', t.driftPolicy, [
          ['*', t.default(t.driftPolicies.Correct)],
          ['Correct', t.driftPolicies.Correct],
          ['Report', t.driftPolicies.Report],
        ])}
        ${choice('interface', t.interface, [
          ['*', t.default(t.fromCloudsYaml)],
          ['public', interfaces.public],
          ['internal', interfaces.internal],
          ['admin', interfaces.admin],
        ])}
        ${text('sweepInterval', t.sweepInterval, '60s')} ${text('region', t.region, t.fromCloudsYaml)}
        ${text('concurrency', t.concurrency, '16')} ${text('requestsPerSecond', t.requestsPerSecond, '50')}
        ${text('recreations', t.recreations, t.recreationsDefault)} ${text('allowedNamespaces', t.namespaces, t.all)}
      </div>
      <wa-textarea
        label=${t.caBundle}
        rows="2"
        resize="auto"
        spellcheck="false"
        ?disabled=${isReadOnly}
        .value=${this.#form().caBundle}
        @input=${(event: Event) => this.#set({ caBundle: valueOf(event) })}
      ></wa-textarea>`;
  }

  #form(): SpecForm {
    return this.form ?? formOf(this.connection.spec);
  }

  #set(part: Partial<SpecForm>): void {
    this.#edited ??= this.connection;
    this.form = { ...this.#form(), ...part };
  }

  #describe(text: string): void {
    this.#edited ??= this.connection;
    this.description = text;
  }

  #discard(): void {
    this.#edited = undefined;
    this.form = undefined;
    this.description = undefined;
    this.problem = undefined;
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const edited = this.#edited;
    if (!edited || this.isBusy) return;
    const spec = patchOf(edited.spec, this.form ?? formOf(edited.spec));
    const description = this.description?.trim();
    this.isBusy = true;
    this.problem = undefined;
    try {
      const isChange = Object.keys(spec).length > 0;
      if (isChange || description !== undefined)
        await changeConnection(edited, { ...(isChange && { spec }), ...(description !== undefined && { description }) });
      this.#discard();
      toast({ text: clusterTexts.settings.saved, tone: 'success' });
      this.send('changed');
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }
}

define('sw-cluster-spec', SwClusterSpec);
