import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';

interface Field {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with the value; shown in place of the hint, and told with the control. */
  readonly fault?: string | undefined;
  readonly isRequired?: boolean;
  readonly name?: string;
}

/** One line of text, or a number. */
export function textField(
  field: Field & { value: string | number; type?: 'text' | 'number'; set: (value: string) => void; placeholder?: string; min?: number },
): TemplateResult {
  return html`<wa-input
    size="s"
    label=${field.label}
    name=${field.name ?? nothing}
    type=${field.type ?? 'text'}
    min=${field.min ?? nothing}
    placeholder=${field.placeholder ?? nothing}
    ?required=${field.isRequired}
    autocomplete="off"
    spellcheck="false"
    .value=${String(field.value)}
    @input=${(event: Event) => field.set((event.target as HTMLInputElement).value)}
    >${hintOf(field)}</wa-input
  >`;
}

/** Several lines. */
export function areaField(field: Field & { value: string; rows?: number; set: (value: string) => void }): TemplateResult {
  return html`<wa-textarea
    size="s"
    label=${field.label}
    name=${field.name ?? nothing}
    rows=${field.rows ?? 4}
    resize="vertical"
    spellcheck="false"
    .value=${field.value}
    @input=${(event: Event) => field.set((event.target as HTMLTextAreaElement).value)}
    >${hintOf(field)}</wa-textarea
  >`;
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** One of a few. '' may be an option. */
export function selectField(
  field: Field & { value: string; options: readonly Option[]; set: (value: string) => void; placeholder?: string },
): TemplateResult {
  return html`<wa-select
    size="s"
    label=${field.label}
    name=${field.name ?? nothing}
    placeholder=${field.placeholder ?? nothing}
    ?required=${field.isRequired}
    .value=${mark(field.value)}
    @change=${(event: Event) => field.set(unmark((event.target as HTMLSelectElement).value))}
  >
    ${hintOf(field)} ${field.options.map(({ value, text }) => html`<wa-option value=${mark(value)}>${text}</wa-option>`)}
  </wa-select>`;
}

/** An option without a value counts as nothing chosen. */
const blank = '—none';
const mark = (value: string) => (value === '' ? blank : value);
const unmark = (value: string) => (value === blank ? '' : value);

export function checkField({
  label,
  value,
  set,
  hint,
}: {
  label: string;
  value: boolean;
  hint?: string;
  set: (value: boolean) => void;
}): TemplateResult {
  return html`<wa-checkbox size="s" ?checked=${value} @change=${(event: Event) => set((event.target as HTMLInputElement).checked)} hint=${hint ?? nothing}>${label}</wa-checkbox>`;
}

function hintOf({ hint, fault }: Field): TemplateResult | typeof nothing {
  if (fault !== undefined) return html`<span slot="hint" class="error" role="alert">! ${fault}</span>`;
  return hint === undefined ? nothing : html`<span slot="hint">${hint}</span>`;
}
