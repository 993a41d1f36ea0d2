import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { setQuery } from '../../app/router.ts';
import { getSettings, type ShownSetting } from '../../data/settings.ts';
import { base, define } from '../../elements/element.ts';
import { loaded } from '../../elements/loaded.ts';
import { SwPage } from '../../elements/page.ts';
import { settingDefault, settingMeaning, settingTexts as t } from '../../texts/settings.ts';
import { filterField, listTable } from './parts.ts';
import { adminStyles } from './styles.ts';

/** What the server runs by, and who says so. */
export class SwSettings extends SwPage {
  static override styles = [
    base,
    adminStyles,
    css`
      td {
        vertical-align: top;
      }
      th[scope='row'] {
        vertical-align: top;
        min-width: 16rem;
      }
      th .quiet {
        font-weight: 400;
      }
      .value {
        overflow-wrap: anywhere;
        min-width: 9rem;
      }
      .origin {
        min-width: 7rem;
        overflow-wrap: anywhere;
      }
      .ways code {
        display: inline-block;
        margin-inline-end: var(--wa-space-s);
      }
    `,
  ];

  readonly #settings = new Task(this, { task: (_, { signal }) => getSettings(signal), args: () => [] });

  override render() {
    return html`<sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.about}</p></sw-page-header>
      ${loaded(
        this.#settings,
        ({ profile, file, items }) => html`<div class="bar">
            <span class="tag">${t.profile(profile)}</span>
            <span class="tag">${file === null ? t.noFile : t.file(file)}</span>
            <span class="quiet small">${t.precedence}</span>
          </div>
          ${this.#list(items)}`,
        12,
      )}`;
  }

  #list(items: readonly ShownSetting[]): TemplateResult {
    const text = (this.query.get('text') ?? '').toLowerCase();
    const isOnlySet = this.query.has('set');
    const isSaid = ({ source }: ShownSetting) => source === 'flag' || source === 'environment' || source === 'file';
    const shown = items.filter(
      (one) =>
        (!isOnlySet || isSaid(one)) && `${one.name} ${one.env} ${settingMeaning(one.name, one.meaning)}`.toLowerCase().includes(text),
    );
    return html`<div class="bar">
        ${filterField(t.filter, this.query.get('text') ?? '', (value) => setQuery({ text: value }))}
        <wa-checkbox
          size="s"
          ?checked=${isOnlySet}
          @change=${(event: Event) => setQuery({ set: (event.target as HTMLInputElement).checked ? '1' : undefined })}
          >${t.onlySet}</wa-checkbox
        >
      </div>
      ${shown.length === 0 ? html`<p class="quiet">${t.none}</p>` : table(shown)}`;
  }
}

function table(items: readonly ShownSetting[]): TemplateResult {
  const c = t.columns;
  return listTable(t.title, [c.name, c.value, c.source, c.change], items.map(row));
}

function row(setting: ShownSetting): TemplateResult {
  const { name, meaning, flag, env, source, origin, default: otherwise } = setting;
  const c = t.columns;
  return html`<tr>
    <th scope="row">
      <div>
        <code>${name}</code>
        <div class="quiet small">${settingMeaning(name, meaning)}</div>
      </div>
    </th>
    <td data-label=${c.value} class="value">
      <div>
        ${valueText(setting)}
        ${source === 'default' ? nothing : html`<div class="quiet small">${t.otherwise(settingDefault(otherwise))}</div>`}
      </div>
    </td>
    <td data-label=${c.source} class="origin">
      <div>
        ${source === null ? html`<span class="quiet">–</span>` : t.sources[source]}
        ${source === 'default' || origin === null ? nothing : html`<div class="quiet small mono">${origin}</div>`}
      </div>
    </td>
    <td data-label=${c.change} class="ways small">
      <div>${flag === null ? nothing : html`<code>${flag}</code>`}<code>${env}</code></div>
    </td>
  </tr>`;
}

function valueText({ value, isSet, isSecret }: ShownSetting): TemplateResult {
  if (isSecret) return html`<span class="state"><sw-icon name="lock"></sw-icon>${isSet ? t.secretSet : t.secretUnset}</span>`;
  if (value === null) return html`<span class="quiet">${t.unset}</span>`;
  return html`<code>${value}</code>`;
}

define('sw-settings', SwSettings);
