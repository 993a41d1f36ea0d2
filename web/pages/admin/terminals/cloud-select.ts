import { html, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { may } from '../../../data/session.ts';
import { valueOf } from '../parts.ts';
import { cloudName } from './part.ts';

/** Chooses a cloud of those whose terminals one may configure; `*` stands for all. */
export function cloudSelect(
  label: string,
  { names, value, withAll = false, chosen }: { names: readonly string[]; value: string; withAll?: boolean; chosen: (name: string) => void },
): TemplateResult {
  const own = [...(withAll ? ['*'] : []), ...names].filter((cluster) => may('terminal.configure', { cluster, namespace: '*' }));
  return html`<wa-select label=${label} required .value=${value} @change=${(event: Event) => chosen(valueOf(event))}>
    ${own.map((name) => html`<wa-option value=${name}>${cloudName(name)}</wa-option>`)}
  </wa-select>`;
}
