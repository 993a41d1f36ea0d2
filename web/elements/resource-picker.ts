import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import { findResources, nameOfResource, type ResourceRow } from '../data/resource.ts';
import { actionTexts as t } from '../texts/actions.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import { problemText } from './state.ts';

const shownRows = 30;
const details = ['status', 'addresses', 'size', 'vcpus', 'ram', 'cidr', 'attachedTo'] as const;

/** Chooses a resource of one cloud by its name, id or address; sends `sw-change` with its id or name. */
export class SwResourcePicker extends SwElement {
  static override properties = {
    type: { type: String },
    cluster: { type: String },
    by: { type: String },
    value: { type: String },
    label: { type: String },
    hint: { type: String },
    filter: { type: String },
    required: { type: Boolean },
    collects: { type: Boolean },
    rows: { state: true },
    hasMore: { state: true },
    failure: { state: true },
    isOpen: { state: true },
    at: { state: true },
    words: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        position: relative;
      }
      ul {
        position: absolute;
        z-index: 5;
        inset-inline: 0;
        max-height: 16rem;
        overflow: auto;
        margin: 2px 0 0;
        padding: var(--wa-space-2xs);
        list-style: none;
        background: var(--wa-color-surface-raised);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        box-shadow: var(--wa-shadow-m);
      }
      li {
        display: flex;
        gap: var(--wa-space-s);
        padding: var(--wa-space-2xs) var(--wa-space-xs);
        border-radius: var(--wa-border-radius-s);
      }
      [role='option'] {
        cursor: pointer;
      }
      [role='option'][aria-selected='true'] {
        background: var(--wa-color-brand-fill-quiet);
      }
      .name {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare type: string;
  declare cluster: string;
  /** What it is known by in the value. */
  declare by: 'id' | 'name';
  declare value: string | undefined;
  declare label: string;
  declare hint: string | undefined;
  /** Tokens of a filter that what is offered has to fit. */
  declare filter: string | undefined;
  declare required: boolean;
  /** What is chosen is kept elsewhere; it begins anew for the next. */
  declare collects: boolean;
  declare rows: readonly ResourceRow[];
  declare hasMore: boolean;
  declare failure: unknown;
  declare isOpen: boolean;
  /** The row that Enter would choose. */
  declare at: number;
  /** What is typed; undefined while it shows what is chosen. */
  declare words: string | undefined;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  #nameOfValue = '';
  /** The value that name is of. */
  #named: string | undefined;

  constructor() {
    super();
    this.by = 'id';
    this.required = false;
    this.collects = false;
    this.rows = [];
    this.hasMore = false;
    this.isOpen = false;
    this.at = -1;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('value') && this.value !== undefined && this.by === 'id' && this.value !== this.#named) void this.#name(this.value);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  override render() {
    const shown = this.words ?? (this.#nameOfValue || (this.value ?? ''));
    return html`<wa-input
        size="s"
        label=${this.label}
        hint=${this.hint ?? nothing}
        placeholder=${t.form.search}
        autocomplete="off"
        role="presentation"
        with-clear
        .value=${shown}
        ?required=${this.required}
        @input=${(event: Event) => this.#type((event.target as WaInput).value ?? '')}
        @wa-clear=${() => this.#choose(undefined)}
        @focus=${() => this.#open()}
        @blur=${() => this.#close()}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      ></wa-input>
      ${this.isOpen ? this.#list() : nothing}
      <span class="unseen" role="status">${this.isOpen && this.at >= 0 ? labelOf(this.rows[this.at]) : ''}</span>`;
  }

  #list() {
    if (this.failure !== undefined) return html`<ul><li role="alert">${problemText(this.failure)}</li></ul>`;
    return html`<ul role="listbox" aria-label=${this.label}>
      ${this.rows.map(
        (row, index) =>
          html`<li
            role="option"
            aria-selected=${index === this.at}
            @pointerdown=${(event: Event) => event.preventDefault()}
            @click=${() => this.#choose(row)}
          >
            <span class="name">${labelOf(row)}</span><span class="quiet">${detailsOf(row)}</span>
          </li>`,
      )}
      ${this.rows.length === 0 ? html`<li role="option" aria-selected="false" aria-disabled="true" class="quiet">${t.form.noneFound}</li>` : nothing}
      ${this.hasMore ? html`<li role="option" aria-selected="false" aria-disabled="true" class="quiet">${t.form.more}</li>` : nothing}
    </ul>`;
  }

  override focus(): void {
    this.renderRoot.querySelector('wa-input')?.focus();
  }

  async #name(id: string): Promise<void> {
    this.#named = id;
    this.#nameOfValue = await nameOfResource({ type: this.type, cluster: this.cluster, id });
    this.requestUpdate();
  }

  #open(): void {
    this.isOpen = true;
    void this.#look();
  }

  #close(): void {
    this.isOpen = false;
    // What was typed and not chosen is no choice, unless it is an id somebody pasted.
    const exact = this.rows.find((row) => this.words !== undefined && (row.id === this.words || row['name'] === this.words));
    if (exact) this.#choose(exact);
    this.words = undefined;
  }

  #type(words: string): void {
    this.words = words;
    this.isOpen = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), 200);
  }

  async #look(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const words = this.words === undefined || this.words.trim() === '' ? [] : [`"${this.words.trim().replaceAll('"', '')}"`];
    const filter = [`cluster:${this.cluster}`, ...(this.filter ? [this.filter] : []), ...words].join(' ');
    try {
      const fields = fieldsOfType(this.type);
      const { rows, hasMore } = await findResources(this.type, { filter, fields, limit: shownRows, signal: asking.signal });
      Object.assign(this, { rows, hasMore, failure: undefined, at: words.length > 0 && rows.length > 0 ? 0 : -1 });
    } catch (error) {
      if (!asking.signal.aborted) this.failure = error;
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!this.isOpen) return this.#open();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      this.at = Math.max(0, Math.min(this.rows.length - 1, this.at + step));
      this.renderRoot.querySelectorAll('[role=option]')[this.at]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && this.isOpen && this.rows[this.at]) {
      event.preventDefault();
      this.#choose(this.rows[this.at]);
    } else if (event.key === 'Escape' && this.isOpen) {
      // Closes the list, not the dialog around it.
      event.preventDefault();
      event.stopPropagation();
      this.isOpen = false;
    }
  }

  #choose(row: ResourceRow | undefined): void {
    const value = row && ((this.by === 'id' ? row.id : row['name']) as string | null);
    this.value = value ?? undefined;
    this.#named = this.value;
    this.#nameOfValue = row ? labelOf(row) : '';
    this.words = undefined;
    this.isOpen = false;
    this.send('sw-change', this.value);
    if (!this.collects) return;
    this.value = undefined;
    this.#nameOfValue = '';
  }
}

const columnsOf: Readonly<Record<string, readonly string[]>> = {
  server: ['status', 'addresses'],
  volume: ['status', 'size', 'attachedTo'],
  volume_snapshot: ['status', 'size'],
  image: ['status'],
  flavor: ['vcpus', 'ram'],
  network: ['status'],
  subnet: ['cidr'],
  port: ['addresses', 'attachedTo'],
  floatingip: ['addresses', 'attachedTo'],
};

const fieldsOfType = (type: string): string => ['name', ...(columnsOf[type] ?? [])].join(',');

function labelOf(row: ResourceRow | undefined): string {
  if (!row) return '';
  const addresses = row['addresses'] as readonly string[] | undefined;
  return (row['name'] as string | null) || (row.type === 'floatingip' && addresses?.[0]) || row.id || '';
}

function detailsOf(row: ResourceRow): string {
  return details.flatMap((name) => worded(name, row[name])).join(' · ');
}

function worded(name: string, value: unknown): string[] {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  const text = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value);
  const units: Readonly<Record<string, string>> = { size: 'GiB', ram: 'MiB', vcpus: 'vCPU' };
  return [units[name] === undefined ? text : `${text} ${units[name]}`];
}

define('sw-resource-picker', SwResourcePicker);
