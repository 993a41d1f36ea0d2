import { css, html, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { base, define, SwElement } from '../../../elements/element.ts';
import { clusterTexts } from '../../../texts/clusters.ts';
import { valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import type { MaintenanceWindow } from './spec-form.ts';

type Day = NonNullable<MaintenanceWindow['days']>[number];
const days: readonly Day[] = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** When drift is corrected. Sends `windows` with all of them. */
export class SwWindowsEditor extends SwElement {
  static override properties = { windows: { attribute: false }, isReadOnly: { type: Boolean } };
  static override styles = [
    base,
    adminStyles,
    css`
      .head {
        flex-wrap: nowrap;
      }
      .head > wa-button {
        flex: none;
      }
      fieldset {
        display: grid;
        gap: var(--wa-space-s);
        min-width: 0;
        margin: 0 0 var(--wa-space-s);
        padding: var(--wa-space-s) var(--wa-space-m);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
      }
      .days {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-2xs) var(--wa-space-m);
      }
      .times {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-s);
        align-items: end;
      }
      .times wa-input {
        flex: 1 1 7.5rem;
      }
    `,
  ];

  declare windows: readonly MaintenanceWindow[];
  declare isReadOnly: boolean;

  constructor() {
    super();
    this.windows = [];
    this.isReadOnly = false;
  }

  override render() {
    const t = clusterTexts.settings;
    return html`<div class="head">
        <div>
          <h3>${t.windows}</h3>
          <p class="quiet small">${t.windowsAbout}</p>
        </div>
        <wa-button
          size="s"
          appearance="outlined"
          ?disabled=${this.isReadOnly}
          @click=${() => this.#set([...this.windows, { start: '02:00', duration: '2h', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }])}
        >
          <sw-icon slot="start" name="plus"></sw-icon>${t.addWindow}
        </wa-button>
      </div>
      ${this.windows.length === 0 ? html`<p class="quiet">${t.noWindows}</p>` : this.windows.map((one, index) => this.#window(one, index))}`;
  }

  #window(one: MaintenanceWindow, index: number): TemplateResult {
    const t = clusterTexts.settings;
    const number = String(index + 1);
    const change = (part: Partial<MaintenanceWindow>) =>
      this.#set(this.windows.map((each, at) => (at === index ? { ...each, ...part } : each)));
    return html`<fieldset>
      <legend class="small">${t.windowNumber(number)}</legend>
      <div class="days" role="group" aria-label=${t.days}>
        ${days.map(
          (day) =>
            html`<wa-checkbox
              size="s"
              ?disabled=${this.isReadOnly}
              .checked=${one.days?.includes(day) ?? true}
              @change=${(event: Event) => change(withDay(one, day, (event.target as HTMLInputElement).checked))}
              >${clusterTexts.week[day]}</wa-checkbox
            >`,
        )}
      </div>
      <div class="times">
        ${this.#field(t.start, one.start, (start) => change({ start }), '02:00')}
        ${this.#field(t.duration, one.duration, (duration) => change({ duration }), t.durationHint)}
        ${this.#field(t.timeZone, one.timeZone ?? '', (timeZone) => change({ timeZone }), 'UTC')}
        <wa-button
          size="s"
          appearance="plain"
          variant="danger"
          ?disabled=${this.isReadOnly}
          @click=${() => this.#set(this.windows.filter((_, at) => at !== index))}
          ><sw-icon name="trash" label=${t.removeWindow(number)}></sw-icon
        ></wa-button>
      </div>
    </fieldset>`;
  }

  #field(label: string, value: string, change: (value: string) => void, placeholder: string): TemplateResult {
    return html`<wa-input
      size="s"
      label=${label}
      placeholder=${placeholder}
      autocomplete="off"
      ?disabled=${this.isReadOnly}
      .value=${value}
      @input=${(event: Event) => change(valueOf(event).trim())}
    ></wa-input>`;
  }

  #set(windows: readonly MaintenanceWindow[]): void {
    this.windows = windows.map(({ timeZone, ...rest }) => ({ ...rest, ...(timeZone && { timeZone }) }));
    this.send('windows', this.windows);
  }
}

/** All seven days are the default, and none would never open. */
function withDay(one: MaintenanceWindow, day: Day, isOn: boolean): Partial<MaintenanceWindow> {
  const before = one.days ?? days;
  return { days: days.filter((each) => (each === day ? isOn : before.includes(each))) };
}

define('sw-windows-editor', SwWindowsEditor);
