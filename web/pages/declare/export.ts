import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { navigate, setQuery } from '../../app/router.ts';
import { declarableKinds, type Exported, exportDeclared, exportUndeclared } from '../../data/adoption.ts';
import { clusterNames, firstUp, namespaceNames } from '../../data/choices.ts';
import { download, toYaml } from '../../data/manifests.ts';
import { base, define } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import '../../elements/yaml-editor.ts';
import { declareTexts as all } from '../../texts/declare.ts';
import { kindName } from '../../texts/kinds.ts';
import { leftOut } from './adopt.ts';
import { keepForEditor } from './editor.ts';
import { checkField, selectField, textField } from './fields.ts';
import { declareLook } from './look.ts';

const t = all.export;

/** A cloud, or a part of it, as manifests. What is exported stands in the address. */
export class SwDeclareExport extends SwPage {
  static override properties = {
    ...SwPage.properties,
    clusters: { state: true },
    namespaces: { state: true },
    made: { state: true },
    isBusy: { state: true },
    problem: { state: true },
  };
  static override styles = [
    base,
    declareLook,
    css`
      form {
        padding-block-end: var(--wa-space-m);
      }
      .kinds {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-2xs) var(--wa-space-m);
      }
      sw-yaml-editor {
        height: calc(100vh - var(--sw-bar-height) - 24rem);
      }
    `,
  ];

  declare clusters: readonly string[] | undefined;
  declare namespaces: readonly string[];
  declare made: Exported | undefined;
  declare isBusy: boolean;
  declare problem: unknown;

  #made = '';

  constructor() {
    super();
    this.namespaces = [];
    this.isBusy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  async #begin(): Promise<void> {
    this.problem = undefined;
    try {
      const [clusters, namespaces] = await Promise.all([clusterNames(), namespaceNames()]);
      Object.assign(this, { clusters, namespaces });
    } catch (error) {
      this.problem = error;
    }
  }

  get #cluster(): string {
    return this.query.get('cluster') ?? this.query.get('clusters')?.split(',')[0] ?? firstUp(this.clusters ?? []);
  }

  get #kinds(): readonly string[] {
    return this.query.get('kinds')?.split(',').filter(Boolean) ?? [];
  }

  override updated(): void {
    if (this.clusters && this.query.has('made') && this.#made !== this.query.toString() && !this.isBusy) void this.#make();
  }

  async #make(): Promise<void> {
    this.#made = this.query.toString();
    this.isBusy = true;
    this.problem = undefined;
    this.made = undefined;
    const [name, tag, namespace] = ['name', 'tag', 'namespace'].map((one) => this.query.get(one) ?? '');
    try {
      if (this.query.get('what') === 'declared') {
        this.made = { manifests: await exportDeclared(this.#cluster, { kinds: this.#kinds, name }), leftOut: [], notes: [] };
      } else {
        const select = [...this.#kinds.map((kind) => `kind=${kind}`), ...(name ? [`name=${name}`] : []), ...(tag ? [`tag=${tag}`] : [])];
        this.made = await exportUndeclared(this.#cluster, namespace || 'default', select);
      }
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  override render() {
    const header = html`<sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.text}</p></sw-page-header>`;
    if (!this.clusters && this.problem !== undefined)
      return html`${header}<sw-problem .problem=${this.problem} @retry=${() => this.#begin()}></sw-problem>`;
    if (!this.clusters) return html`${header}<sw-loading></sw-loading>`;
    if (this.clusters.length === 0)
      return html`${header}<sw-empty icon="cloud" .heading=${all.adopt.noClusters} .text=${all.adopt.noClustersText}></sw-empty>`;
    return html`${header} ${this.#form()} ${this.#result()}`;
  }

  #form(): TemplateResult {
    const { query } = this;
    const what = query.get('what') ?? 'undeclared';
    const set = (change: Readonly<Record<string, string>>) => setQuery({ ...change, made: undefined });
    const toggle = (kind: string, isOn: boolean) =>
      set({ kinds: declarableKinds.filter((one) => (one === kind ? isOn : this.#kinds.includes(one))).join(',') });
    return html`<form class="stack" novalidate @submit=${(event: Event) => this.#submit(event)}>
      <div class="fields">
        ${selectField({ label: all.adopt.cluster, name: 'cluster', value: this.#cluster, options: (this.clusters ?? []).map((value) => ({ value, text: value })), set: (cluster) => set({ cluster }) })}
        ${selectField({
          label: t.what,
          name: 'what',
          value: what,
          options: [
            { value: 'undeclared', text: t.undeclared },
            { value: 'declared', text: t.declared },
          ],
          set: (value) => set({ what: value }),
        })}
        ${
          what === 'declared'
            ? nothing
            : selectField({
                label: all.adopt.namespace,
                name: 'namespace',
                value: query.get('namespace') ?? 'default',
                options: [...new Set(['default', ...this.namespaces])].map((value) => ({ value, text: value })),
                set: (namespace) => set({ namespace }),
              })
        }
        ${textField({ label: t.name, name: 'name', hint: t.nameHint, value: query.get('name') ?? '', set: (name) => set({ name }) })}
        ${what === 'declared' ? nothing : textField({ label: t.tag, name: 'tag', value: query.get('tag') ?? '', set: (tag) => set({ tag }) })}
      </div>
      <fieldset>
        <legend>${t.kinds}</legend>
        <div class="kinds">${declarableKinds.map((kind) => checkField({ label: kindName(kind), value: this.#kinds.includes(kind), set: (isOn) => toggle(kind, isOn) }))}</div>
      </fieldset>
      <div class="row"><wa-button size="s" variant="brand" type="submit" ?loading=${this.isBusy}>${t.make}</wa-button></div>
    </form>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    this.#made = '';
    setQuery({ made: '1' });
    this.requestUpdate();
  }

  #result(): TemplateResult | typeof nothing {
    if (this.isBusy) return html`<sw-loading></sw-loading>`;
    if (this.problem !== undefined) return html`<sw-problem .problem=${this.problem} @retry=${() => this.#make()}></sw-problem>`;
    const { made } = this;
    if (!made || !this.query.has('made')) return nothing;
    if (made.manifests.length === 0)
      return html`${leftOut(made)}<sw-empty icon="search" .heading=${t.nothing} .text=${t.nothingText}></sw-empty>`;
    const yaml = toYaml(made.manifests);
    const open = () => {
      keepForEditor(yaml);
      navigate('/declare/editor');
    };
    const copy = async () => {
      await navigator.clipboard.writeText(yaml);
      toast({ text: all.copied, tone: 'success', stayMs: 2500 });
    };
    return html`<div class="stack">
      <div class="row">
        <strong class="grow" role="status">${t.count(made.manifests.length)}</strong>
        <wa-button size="s" appearance="outlined" @click=${copy}>${all.copy}</wa-button>
        <wa-button size="s" appearance="outlined" @click=${open}>${all.openInEditor}</wa-button>
        <wa-button size="s" variant="brand" @click=${() => download(`${this.#cluster}.yaml`, yaml)}>${all.download}</wa-button>
      </div>
      ${leftOut(made)}
      <sw-yaml-editor readonly .value=${yaml}></sw-yaml-editor>
    </div>`;
  }
}

define('sw-declare-export', SwDeclareExport);
