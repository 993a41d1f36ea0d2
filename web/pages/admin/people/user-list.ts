import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { setQuery } from '../../../app/router.ts';
import { listPeople, type Person } from '../../../data/people.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { peopleTexts as t } from '../../../texts/people.ts';
import { Pages } from '../pages.ts';
import { ago, filterField, listTable, stateMark, valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { roleMark } from './role-picker.ts';

const settleMs = 250;

/** People, page by page, filtered by the address. */
export class SwUserList extends SwElement {
  static override properties = { text: { type: String }, state: { type: String } };
  static override styles = [base, adminStyles];

  declare text: string;
  declare state: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #people = new Pages<Person>(this, (cursor, signal) =>
    listPeople(
      { ...(this.text && { text: this.text }), ...(this.state && { state: this.state }), ...(cursor !== undefined && { cursor }) },
      signal,
    ),
  );

  constructor() {
    super();
    this.text = '';
    this.state = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text') || changed.has('state')) void this.reload();
  }

  reload(): Promise<void> {
    return this.#people.reload();
  }

  override render() {
    return html`<div class="bar">
        ${filterField(t.filter, this.text, (value) => this.#typed(value))}
        <wa-select
          class="beside"
          size="s"
          label=${t.columns.state}
          .value=${this.state || '*'}
          @change=${(event: Event) => setQuery({ state: valueOf(event) === '*' ? undefined : valueOf(event) })}
        >
          <wa-option value="*">${t.anyState}</wa-option>
          ${(['active', 'disabled', 'pending'] as const).map((one) => html`<wa-option value=${one}>${t.states[one]}</wa-option>`)}
        </wa-select>
      </div>
      ${this.#people.show((people) => this.#table(people))}`;
  }

  #table(people: readonly Person[]): TemplateResult {
    if (people.length === 0)
      return html`<sw-empty icon="users" .heading=${t.none} .text=${t.noneText}>
        <wa-button size="s" @click=${() => setQuery({ text: undefined, state: undefined })}>${t.clearFilter}</wa-button>
      </sw-empty>`;
    const c = t.columns;
    return html`${listTable(t.title, [c.user, c.state, c.roles, c.secondFactor, c.lastSignIn], people.map(row))}
    ${
      this.#people.next === undefined
        ? nothing
        : html`<div class="bar more"><wa-button size="s" appearance="outlined" @click=${() => this.#people.more()}>${t.more}</wa-button></div>`
    }`;
  }

  #typed(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setQuery({ text: text.trim() || undefined }), settleMs);
  }
}

function row(person: Person): TemplateResult {
  const c = t.columns;
  const also = [person.displayName, person.email].filter(Boolean).join(' · ');
  return html`<tr>
    <th scope="row">
      <a href="/admin/users/${person.id}">${person.username}</a>
      ${also ? html`<div class="quiet small">${also}</div>` : nothing}
    </th>
    <td data-label=${c.state}>${personState(person.state)}</td>
    <td data-label=${c.roles}>
      <span class="row"
        >${person.bindings.map((binding) => roleMark(binding))}
        ${person.bindings.length === 0 ? html`<span class="quiet small">${t.roles.none}</span>` : nothing}</span
      >
    </td>
    <td data-label=${c.secondFactor}>
      ${person.hasSecondFactor ? stateMark('good', t.on, 'badge-check') : html`<span class="quiet">${t.off}</span>`}
    </td>
    <td data-label=${c.lastSignIn}>${ago(person.lastLoginAt, t.never)}</td>
  </tr>`;
}

/** Whether the person may sign in. */
export function personState(state: Person['state']): TemplateResult {
  if (state === 'active') return stateMark('good', t.states.active);
  return state === 'disabled' ? stateMark('quiet', t.states.disabled, 'pause') : stateMark('warning', t.states.pending, 'clock');
}

define('sw-user-list', SwUserList);
