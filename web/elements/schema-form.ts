import { html, nothing, type TemplateResult } from 'lit';
import { until } from 'lit/directives/until.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/tag-input/tag-input.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import type { ActionInput, InputSchema } from '../data/actions.ts';
import type { FieldProblem } from '../data/http.ts';
import { nameOfResource } from '../data/resource.ts';
import { actionTexts as t } from '../texts/actions.ts';
import { choiceLabel, fieldHint, fieldLabel } from '../texts/input-fields.ts';
import { base, define, SwElement } from './element.ts';
import './entries-field.ts';
import { emptyOf, listOf, numberOf, shown, textOf, type Valued } from './control-values.ts';
import './icon.ts';
import './resource-picker.ts';
import { type Fault, type Field, type FieldKind, faultsOf, fieldsOf } from './schema-fields.ts';
import { schemaFormStyles } from './schema-form.styles.ts';

/** What takes a whole line of the form. */
const wide: ReadonlySet<FieldKind> = new Set(['lines', 'texts', 'entries', 'objects', 'resources']);

/** A form made of a JSON Schema; sends `sw-change` with `{value, isComplete}`, and `sw-submit` at Enter. */
export class SwSchemaForm extends SwElement {
  static override properties = {
    schema: { attribute: false },
    value: { attribute: false },
    errors: { attribute: false },
    cluster: { type: String },
    filters: { attribute: false },
    touched: { state: true },
  };
  static override styles = [base, schemaFormStyles];

  declare schema: InputSchema;
  declare value: ActionInput;
  /** What the server said of fields. */
  declare errors: readonly FieldProblem[];
  /** The cloud whose resources are offered. */
  declare cluster: string;
  /** Filters of what is offered, by field. */
  declare filters: Readonly<Record<string, string>>;
  /** Fields somebody was in: others are not yet called wrong. */
  declare touched: ReadonlySet<string>;

  constructor() {
    super();
    this.schema = {};
    this.value = {};
    this.errors = [];
    this.cluster = '';
    this.filters = {};
    this.touched = new Set();
  }

  override render() {
    const faults = faultsOf(this.schema, this.value);
    return html`${fieldsOf(this.schema).map((field) => {
      const fault = this.touched.has(field.name) ? faults.get(field.name) : undefined;
      const said = this.errors.find((one) => one.field === field.name || one.field.startsWith(`${field.name}.`))?.message;
      const error = fault ? faultText(fault) : said;
      return html`<div
        class=${wide.has(field.kind) ? 'wide' : ''}
        data-field=${field.name} @focusout=${() => this.#touch(field.name)} @keydown=${(event: KeyboardEvent) => this.#key(event, field)}>
        ${this.#control(field)}${error === undefined ? nothing : html`<p class="error" role="alert">${error}</p>`}
      </div>`;
    })}`;
  }

  #control(field: Field): TemplateResult {
    const { name, schema, kind, isRequired } = field;
    const value = this.value[name];
    const label = fieldLabel(name);
    const hint = hintOf(field);
    const onInput = (event: Event) => this.#set(name, textOf(event.target as Valued) ?? emptyOf(schema));
    switch (kind) {
      case 'choice':
        return this.#choice(field, label, hint);
      case 'flag':
        return this.#flag(field, label, hint);
      case 'number':
        return html`<wa-input
          size="s"
          type="number"
          label=${label}
          hint=${hint ?? nothing}
          min=${schema.minimum ?? nothing}
          max=${schema.maximum ?? nothing}
          ?required=${isRequired}
          .value=${shown(value)}
          @input=${(event: Event) => this.#set(name, numberOf(event.target as Valued))}
        ></wa-input>`;
      case 'password':
        return html`<wa-input
          size="s"
          type="password"
          password-toggle
          autocomplete="new-password"
          label=${label}
          hint=${t.form.generated}
          .value=${shown(value)}
          @input=${onInput}
        ></wa-input>`;
      case 'lines':
        return html`<wa-textarea
          size="s"
          label=${label}
          hint=${hint ?? nothing}
          ?required=${isRequired}
          .value=${shown(value)}
          @input=${onInput}
        ></wa-textarea>`;
      case 'texts':
        return html`<wa-tag-input
          size="s"
          label=${label}
          hint=${hint ?? nothing}
          .value=${value ?? []}
          @change=${(event: Event) => this.#set(name, listOf(event.target as Valued))}
        ></wa-tag-input>`;
      case 'entries':
        return html`<sw-entries-field
          .label=${label}
          .hint=${hint}
          .value=${value}
          @sw-change=${(event: CustomEvent<unknown>) => this.#take(event, name)}
        ></sw-entries-field>`;
      case 'objects':
        return this.#objects(field, label);
      case 'resource':
        return this.#picker(field, label, hint, value as string | undefined, (chosen) => this.#set(name, chosen));
      case 'resources':
        return this.#pickers(field, label, hint);
      case 'text':
        return html`<wa-input
          size="s"
          label=${label}
          hint=${hint ?? nothing}
          autocomplete="off"
          ?required=${isRequired}
          .value=${shown(value)}
          @input=${onInput}
        ></wa-input>`;
    }
  }

  #choice({ name, schema, isRequired }: Field, label: string, hint: string | undefined): TemplateResult {
    const choices = schema.enum ?? [];
    const take = (text: string | undefined) => choices.find((one) => String(one) === text);
    return html`<wa-select
      size="s"
      label=${label}
      hint=${hint ?? nothing}
      placeholder=${t.form.choose}
      ?required=${isRequired}
      ?with-clear=${!isRequired}
      .value=${shown(this.value[name])}
      @change=${(event: Event) => this.#set(name, take(textOf(event.target as Valued)))}
    >
      ${choices.map((one) => html`<wa-option value=${one}>${choiceLabel(String(one))}</wa-option>`)}
    </wa-select>`;
  }

  /** Three states: what is not given stays as it is. */
  #flag({ name, isRequired }: Field, label: string, hint: string | undefined): TemplateResult {
    const value = this.value[name];
    return html`<wa-select
      size="s"
      label=${label}
      hint=${hint ?? nothing}
      placeholder=${isRequired ? t.form.choose : t.form.unset}
      ?required=${isRequired}
      ?with-clear=${!isRequired}
      .value=${shown(value)}
      @change=${(event: Event) => {
        const text = textOf(event.target as Valued);
        this.#set(name, text === undefined ? undefined : text === 'true');
      }}
    >
      <wa-option value="true">${t.form.yes}</wa-option>
      <wa-option value="false">${t.form.no}</wa-option>
    </wa-select>`;
  }

  #objects({ name, schema }: Field, label: string): TemplateResult {
    const items = (this.value[name] ?? []) as readonly ActionInput[];
    return html`<fieldset class="objects">
      <legend>${label}</legend>
      ${items.map(
        (item, index) =>
          html`<div class="object">
            <sw-schema-form
              .schema=${schema.items ?? {}}
              .value=${item}
              .cluster=${this.cluster}
              @sw-change=${(event: CustomEvent<{ value: ActionInput }>) => {
                event.stopPropagation();
                this.#set(name, items.with(index, event.detail.value));
              }}
            ></sw-schema-form>
            <wa-button size="s" appearance="plain" @click=${() => this.#set(name, items.toSpliced(index, 1))}>
              <sw-icon name="trash" label=${t.form.remove(`${label} ${index + 1}`)}></sw-icon>
            </wa-button>
          </div>`,
      )}
      <wa-button size="s" appearance="outlined" @click=${() => this.#set(name, [...items, {}])}>
        <sw-icon slot="start" name="plus"></sw-icon>${t.form.add}
      </wa-button>
    </fieldset>`;
  }

  #picker(
    { name, names, isRequired, kind }: Field,
    label: string,
    hint: string | undefined,
    value: string | undefined,
    choose: (value: string | undefined) => void,
  ): TemplateResult {
    return html`<sw-resource-picker
      .type=${names?.type ?? ''}
      .by=${names?.by ?? 'id'}
      .cluster=${this.cluster}
      .filter=${this.filters[name]}
      .label=${label}
      .hint=${hint}
      .value=${value}
      ?required=${isRequired}
      ?collects=${kind === 'resources'}
      @sw-change=${(event: CustomEvent<string | undefined>) => {
        event.stopPropagation();
        choose(event.detail);
      }}
    ></sw-resource-picker>`;
  }

  #pickers(field: Field, label: string, hint: string | undefined): TemplateResult {
    const chosen = (this.value[field.name] ?? []) as readonly string[];
    const add = (id: string | undefined) => id !== undefined && !chosen.includes(id) && this.#set(field.name, [...chosen, id]);
    return html`${this.#picker({ ...field, isRequired: false }, label, hint, undefined, add)}
    ${chosen.map(
      (id, index) =>
        html`<div class="chosen">
            <span class="grow">${until(nameOfResource({ type: field.names?.type ?? '', cluster: this.cluster, id }), id)}</span>
            <wa-button size="s" appearance="plain" @click=${() => this.#set(field.name, chosen.toSpliced(index, 1))}>
              <sw-icon name="trash" label=${t.form.remove(id)}></sw-icon>
            </wa-button>
          </div>`,
    )}`;
  }

  #take(event: CustomEvent<unknown>, name: string): void {
    event.stopPropagation();
    this.#set(name, event.detail);
  }

  #key(event: KeyboardEvent, { kind }: Field): void {
    const isPlain = kind === 'text' || kind === 'number' || kind === 'password';
    if (event.key === 'Enter' && isPlain && !event.isComposing) this.send('sw-submit');
  }

  #touch(name: string): void {
    if (!this.touched.has(name)) this.touched = new Set([...this.touched, name]);
  }

  #set(name: string, given: unknown): void {
    const { [name]: _before, ...others } = this.value;
    this.value = given === undefined ? others : { ...others, [name]: given };
    this.send('sw-change', { value: this.value, isComplete: faultsOf(this.schema, this.value).size === 0 });
  }
}

function hintOf({ name, schema, kind }: Field): string | undefined {
  const said = fieldHint(name);
  if (said !== undefined || kind !== 'number' || schema.minimum === undefined || schema.maximum === undefined) return said;
  return t.form.range(schema.minimum, schema.maximum);
}

function faultText({ fault, at = 0 }: Fault): string {
  const text = t.form[fault];
  return typeof text === 'string' ? text : text(at);
}

define('sw-schema-form', SwSchemaForm);
