import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/divider/divider.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { preferences } from '../../data/preferences.ts';
import { follow } from '../../data/stored.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { toast } from '../../elements/toast.ts';
import { listTexts } from '../../texts/list.ts';
import { foldedLabels } from './list-styles.ts';
import { forgetView, type SavedView, savedViews, saveView } from './settings.ts';

const t = listTexts.viewsMenu;

/** Saved views of a list: to show one, save what is shown, share it, forget one. Sends `sw-view-chosen` SavedView. */
export class SwListViews extends SwElement {
  static override properties = {
    type: { type: String },
    filter: { type: String },
    sort: { type: String },
    columns: { attribute: false },
    isNaming: { state: true },
  };
  static override styles = [
    base,
    foldedLabels,
    css`
      :host {
        display: inline-block;
      }
      form {
        display: grid;
        gap: var(--wa-space-m);
      }
    `,
  ];

  declare type: string;
  /** What is shown now. */
  declare filter: string;
  declare sort: string;
  declare columns: readonly string[];
  declare isNaming: boolean;

  constructor() {
    super();
    this.type = '';
    this.filter = '';
    this.sort = '';
    this.columns = [];
    this.isNaming = false;
    follow(this, preferences);
  }

  override render(): TemplateResult {
    const views = savedViews(this.type);
    return html`
      <wa-dropdown @wa-select=${(event: CustomEvent<{ item: { value: string } }>) => void this.#chosen(event.detail.item.value, views)}>
        <wa-button slot="trigger" size="s" appearance="outlined" with-caret><sw-icon name="bookmark"></sw-icon><span class="label">&nbsp;${listTexts.views}</span></wa-button>
        ${views.length === 0 ? html`<wa-dropdown-item disabled>${t.none}</wa-dropdown-item>` : nothing}
        ${views.map((view) => html`<wa-dropdown-item value=${`show ${view.name}`}><sw-icon slot="icon" name=${view.isFirst ? 'star' : 'bookmark'}></sw-icon>${view.name}</wa-dropdown-item>`)}
        <wa-divider></wa-divider>
        <wa-dropdown-item value="save"><sw-icon slot="icon" name="plus"></sw-icon>${t.save}</wa-dropdown-item>
        <wa-dropdown-item value="copy"><sw-icon slot="icon" name="link"></sw-icon>${t.copy}</wa-dropdown-item>
        ${views.length === 0 ? nothing : html`<wa-dropdown-item><sw-icon slot="icon" name="trash"></sw-icon>${t.manage}${views.map(({ name }) => html`<wa-dropdown-item slot="submenu" value=${`remove ${name}`}>${name}</wa-dropdown-item>`)}</wa-dropdown-item>`}
      </wa-dropdown>
      ${this.isNaming ? this.#dialog() : nothing}
    `;
  }

  #dialog(): TemplateResult {
    return html`<wa-dialog open label=${t.title} light-dismiss @wa-after-hide=${(event: Event) => this.#hidden(event)}>
      <form id="naming" @submit=${(event: SubmitEvent) => void this.#save(event)}>
        <wa-input name="name" label=${t.name} required maxlength="80" autofocus></wa-input>
        <wa-checkbox name="columns" checked>${t.withColumns}</wa-checkbox>
        <wa-checkbox name="first">${t.isFirst}</wa-checkbox>
      </form>
      <wa-button slot="footer" appearance="plain" data-dialog="close">${t.cancel}</wa-button>
      <wa-button slot="footer" variant="brand" @click=${() => this.renderRoot.querySelector('form')?.requestSubmit()}>${t.submit}</wa-button>
    </wa-dialog>`;
  }

  async #chosen(value: string | undefined, views: readonly SavedView[]): Promise<void> {
    if (value === 'save') this.isNaming = true;
    else if (value === 'copy') await this.#copy();
    else if (value?.startsWith('show ')) {
      const view = views.find(({ name }) => name === value.slice(5));
      if (view) this.send('sw-view-chosen', view);
    } else if (value?.startsWith('remove ')) await this.#remove(views.find(({ name }) => name === value.slice(7)));
  }

  async #copy(): Promise<void> {
    const url = new URL(window.location.href);
    url.searchParams.set('columns', this.columns.join(','));
    await navigator.clipboard.writeText(url.href);
    toast({ text: t.copied, tone: 'success' });
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const name = form.get('name');
    if (typeof name !== 'string' || name.trim() === '') return;
    this.isNaming = false;
    const { filter, sort, columns } = this;
    const view = { name: name.trim(), filter, sort, ...(form.has('columns') && { columns }), ...(form.has('first') && { isFirst: true }) };
    await kept(() => saveView(this.type, view));
  }

  async #remove(view: SavedView | undefined): Promise<void> {
    if (!view) return;
    await kept(() => forgetView(this.type, view.name));
    toast({ text: t.removed(view.name), action: { text: t.undo, run: () => void kept(() => saveView(this.type, view)) } });
  }

  #hidden(event: Event): void {
    if (event.target === event.currentTarget) this.isNaming = false;
  }
}

async function kept(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch {
    toast({ text: listTexts.notKept, tone: 'warning' });
  }
}

define('sw-list-views', SwListViews);
