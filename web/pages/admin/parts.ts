import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
import { withQuery } from '../../app/router.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import '../../elements/page.ts';
import '../../elements/state.ts';
import { formatAgo, formatTime } from '../../texts/format.ts';

/** Tabs that are addresses of the page; the first is there without a parameter. */
export function tabs<T extends string>(names: readonly T[], current: T, text: (name: T) => string, label: string): TemplateResult {
  const link = (name: T, index: number) =>
    html`<a href=${withQuery({ tab: index === 0 ? undefined : name })} aria-current=${name === current ? 'page' : nothing}>${text(name)}</a>`;
  return html`<nav class="tabs" aria-label=${label}>${names.map(link)}</nav>`;
}

/** The tab that the address names, else the first. */
export function tabIn<T extends string>(names: readonly [T, ...T[]], query: URLSearchParams): T {
  return names.find((name) => name === query.get('tab')) ?? names[0];
}

export type Tone = 'good' | 'warning' | 'bad' | 'quiet';

const toneIcons: Readonly<Record<Tone, IconName>> = {
  good: 'circle-check',
  warning: 'triangle-alert',
  bad: 'circle-x',
  quiet: 'circle-dot',
};

/** A state in a colour, a shape and a word. */
export function stateMark(tone: Tone, text: string, icon: IconName = toneIcons[tone]): TemplateResult {
  return html`<span class="state ${tone}"><sw-icon name=${icon}></sw-icon>${text}</span>`;
}

/** How long ago; when exactly shows on hover. */
export function ago(at: string | null | undefined, otherwise: string): TemplateResult {
  return at
    ? html`<time class="short" datetime=${at} title=${formatTime(at)}>${formatAgo(at)}</time>`
    : html`<span class="quiet">${otherwise}</span>`;
}

/** The head of a column: its text, or how else it is shown. */
export type Head = string | { readonly text: string; readonly isNumber?: boolean; readonly isUnseen?: boolean };

/** A table of `tr`s; where it is narrow its rows become cards (cells say their column with `data-label`), else it scrolls sideways by itself. */
export function listTable(label: string, heads: readonly Head[], rows: unknown, { isCards = true } = {}): TemplateResult {
  return html`<div class="scroll" role="region" aria-label=${label} tabindex="0">
    <table class=${isCards ? 'cards' : ''}>
      <thead>
        <tr>
          ${heads.map(headCell)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function headCell(head: Head): TemplateResult {
  if (typeof head === 'string') return html`<th scope="col">${head}</th>`;
  if (head.isUnseen) return html`<th scope="col"><span class="unseen">${head.text}</span></th>`;
  return html`<th scope="col" class="number">${head.text}</th>`;
}

/** A field that filters what is below it; its label is read out. */
export function filterField(label: string, value: string, typed: (value: string) => void): TemplateResult {
  return html`<wa-input
    class="unlabelled"
    size="s"
    type="search"
    label=${label}
    placeholder=${label}
    .value=${value}
    @input=${(event: Event) => typed(valueOf(event))}
    ><sw-icon slot="start" name="search"></sw-icon
  ></wa-input>`;
}

/** What an input or select holds after an event of it. */
export function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

/** What a form was filled in with; blank fields are left out. */
export function textsIn(form: HTMLFormElement): Readonly<Record<string, string>> {
  const given = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== '' ? [[name, value]] : [],
  );
  return Object.fromEntries(given) as Record<string, string>;
}

export interface ActButton {
  readonly id: string;
  readonly text: string;
  readonly icon?: IconName;
  readonly variant?: 'neutral' | 'brand' | 'danger';
  readonly isPlain?: boolean;
  /** Why it cannot be done now; shown, and read out. */
  readonly obstacle?: string | undefined;
  readonly run: () => void;
}

/** A button that says why when it may not be used. Ids are unique within the element that renders it. */
export function actButton({ id, text, icon, variant = 'neutral', isPlain = false, obstacle, run }: ActButton): TemplateResult {
  const button = html`<wa-button
    size="s"
    appearance=${isPlain ? 'plain' : variant === 'brand' ? 'accent' : 'outlined'}
    variant=${variant}
    ?disabled=${obstacle !== undefined}
    @click=${run}
    >${icon ? html`<sw-icon slot="start" name=${icon}></sw-icon>` : nothing}${text}</wa-button
  >`;
  if (obstacle === undefined) return button;
  // A disabled control takes no focus: what stands around it does, and says why.
  return html`<span id=${id} tabindex="0" role="note">${button}</span
    ><wa-tooltip for=${id}>${obstacle}</wa-tooltip>`;
}
