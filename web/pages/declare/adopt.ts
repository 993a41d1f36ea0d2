import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { setQuery, withQuery } from '../../app/router.ts';
import {
  declarableKinds,
  type Exported,
  exportUndeclared,
  managed,
  mostSelectors,
  type Undeclared,
  type UndeclaredPage,
  undeclaredOf,
} from '../../data/adoption.ts';
import { clusterNames, firstUp, namespaceNames } from '../../data/choices.ts';
import { draft, keepDraft } from '../../data/drafts.ts';
import { download, toYaml } from '../../data/manifests.ts';
import { loadSchemas, type Schemas } from '../../data/schemas.ts';
import { may } from '../../data/session.ts';
import { base, define } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/plan-view-apply.ts';
import '../../elements/state.ts';
import '../../elements/yaml-editor.ts';
import { declareTexts as all } from '../../texts/declare.ts';
import { formatAgo, formatNumber } from '../../texts/format.ts';
import { frameTexts } from '../../texts/frame.ts';
import { kindName } from '../../texts/kinds.ts';
import type { Choice } from './choice-table.ts';
import './choice-table.ts';
import { selectField, textField } from './fields.ts';
import { declareLook } from './look.ts';
import { wizardLook } from './wizard-look.ts';

const t = all.adopt;
const steps = ['choose', 'look', 'take'] as const;
type StepId = (typeof steps)[number];

interface Chosen {
  readonly cluster: string;
  readonly namespace: string;
  readonly ids: readonly string[];
}

const draftName = 'adopt';
/** What nobody declared belongs to no namespace: it takes a role for the whole cluster. */
const maySeeUndeclared = (cluster: string) => may('cluster.read', { cluster, namespace: '*' });

const nothingChosen: Chosen = { cluster: '', namespace: 'default', ids: [] };

/**
 * What exists and nobody declared, into manifests: chosen here or by the address (`?cluster=main&ids=a,b`, or `select=id=a&select=id=b`), looked at with their empty plan,
 * declared so that they are only observed, and then taken over.
 */
export class SwDeclareAdopt extends SwPage {
  static override properties = {
    ...SwPage.properties,
    chosen: { state: true },
    clusters: { state: true },
    isLocked: { state: true },
    namespaces: { state: true },
    schemas: { state: true },
    page: { state: true },
    made: { state: true },
    isObserved: { state: true },
    problem: { state: true },
  };
  static override styles = [
    base,
    declareLook,
    wizardLook,
    css`
      .left {
        overflow-wrap: anywhere;
      }
      .wizard sw-yaml-editor {
        height: 22rem;
      }
    `,
  ];

  declare chosen: Chosen;
  declare clusters: readonly string[] | undefined;
  declare isLocked: boolean;
  declare namespaces: readonly string[];
  declare schemas: Schemas | undefined;
  declare page: UndeclaredPage | undefined;
  declare made: Exported | undefined;
  /** They were applied, and are observed. */
  declare isObserved: boolean;
  declare problem: unknown;

  #reading: AbortController | undefined;
  #read = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.chosen = { ...nothingChosen, ...draft<Chosen>(draftName) };
    this.namespaces = [];
    this.isObserved = false;
    this.isLocked = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading?.abort();
    clearTimeout(this.#timer);
  }

  async #begin(): Promise<void> {
    this.problem = undefined;
    try {
      const [names, namespaces, schemas] = await Promise.all([clusterNames(), namespaceNames(), loadSchemas()]);
      const clusters = names.filter(maySeeUndeclared);
      Object.assign(this, { namespaces, schemas, isLocked: clusters.length < names.length && clusters.length === 0 });
      const wanted = this.query.get('cluster') ?? this.query.get('clusters')?.split(',')[0] ?? this.chosen.cluster;
      const cluster = clusters.includes(wanted) ? wanted : firstUp(clusters);
      const ids = idsIn(this.query) ?? (cluster === this.chosen.cluster ? this.chosen.ids : []);
      const namespace = this.query.get('namespace') ?? this.chosen.namespace;
      this.#keep({ cluster, ids, namespace });
      this.clusters = clusters;
      if (idsIn(this.query)) setQuery({ ids: undefined, select: undefined, step: 'look' });
    } catch (error) {
      this.problem = error;
    }
  }

  override updated(): void {
    if (!this.clusters || this.chosen.cluster === '') return;
    const { cluster, namespace, ids } = this.chosen;
    if (this.#step === 'choose') {
      const wanted = JSON.stringify([cluster, this.query.get('kind'), this.query.get('name')]);
      if (wanted !== this.#read) void this.#readPage(wanted);
    } else if (!this.made && this.problem === undefined) {
      if (ids.length === 0) setQuery({ step: undefined });
      else void this.#make(cluster, namespace, ids);
    }
  }

  get #step(): StepId {
    return steps.find((one) => one === this.query.get('step')) ?? 'choose';
  }

  #keep(change: Partial<Chosen>): void {
    this.chosen = { ...this.chosen, ...change };
    this.made = undefined;
    this.isObserved = false;
    this.problem = undefined;
    keepDraft(draftName, this.chosen);
  }

  async #readPage(wanted: string, cursor?: string): Promise<void> {
    this.#read = wanted;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const earlier = cursor === undefined ? undefined : this.page;
    if (!earlier) this.page = undefined;
    const [kind, name] = [this.query.get('kind'), this.query.get('name')];
    try {
      const found = await undeclaredOf(
        this.chosen.cluster,
        { ...(kind && { kind }), ...(name && { name }), ...(cursor !== undefined && { cursor }) },
        reading.signal,
      );
      this.page = earlier ? { ...found, items: [...earlier.items, ...found.items] } : found;
    } catch (error) {
      if (!reading.signal.aborted) this.problem = error;
    }
  }

  async #make(cluster: string, namespace: string, ids: readonly string[]): Promise<void> {
    this.made = { manifests: [], leftOut: [], notes: [] };
    try {
      this.made = await exportUndeclared(
        cluster,
        namespace,
        ids.map((id) => `id=${id}`),
      );
    } catch (error) {
      this.made = undefined;
      this.problem = error;
    }
  }

  override render() {
    const header = html`<sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.text}</p></sw-page-header>`;
    if (this.problem !== undefined) return html`${header}<sw-problem .problem=${this.problem} @retry=${() => this.#again()}></sw-problem>`;
    if (!this.clusters) return html`${header}<sw-loading></sw-loading>`;
    if (this.isLocked)
      return html`${header}<sw-empty icon="lock" .heading=${frameTexts.forbidden.title} .text=${`${frameTexts.forbidden.text} ${frameTexts.forbidden.needs('cluster.read')}`}></sw-empty>`;
    if (this.clusters.length === 0)
      return html`${header}<sw-empty icon="cloud" .heading=${t.noClusters} .text=${t.noClustersText}></sw-empty>`;
    return html`${header}
      <div class="wizard">
        <nav aria-label=${t.title}><ol>${steps.map((one, index) => this.#mark(one, index))}</ol></nav>
        <div class="stack">
          <h2 tabindex="-1">${t.steps[this.#step]}</h2>
          ${this.#step === 'choose' ? this.#choose() : this.#look()}
        </div>
      </div>`;
  }

  #again(): void {
    this.problem = undefined;
    this.#read = '';
    if (!this.clusters) void this.#begin();
  }

  #mark(step: StepId, index: number): TemplateResult {
    const isOpen = step === 'choose' || (this.chosen.ids.length > 0 && (step === 'look' || this.isObserved));
    const inside = html`<span class="mark" aria-hidden="true">${index + 1}</span><span class="name">${t.steps[step]}</span>`;
    if (!isOpen) return html`<li><a class="quiet" aria-disabled="true">${inside}</a></li>`;
    return html`<li><a href=${withQuery({ step: step === 'choose' ? undefined : step })} aria-current=${step === this.#step ? 'step' : nothing}>${inside}</a></li>`;
  }

  #choose(): TemplateResult {
    const { cluster, namespace, ids } = this.chosen;
    const spaces = [...new Set([...this.namespaces, namespace])];
    return html`
      <div class="fields">
        ${selectField({ label: t.cluster, name: 'cluster', value: cluster, options: (this.clusters ?? []).map((value) => ({ value, text: value })), set: (value) => this.#keep({ cluster: value, ids: [] }) })}
        ${selectField({ label: t.namespace, name: 'namespace', value: namespace, options: spaces.map((value) => ({ value, text: value })), set: (value) => this.#keep({ namespace: value }) })}
        ${selectField({ label: t.kind, name: 'kind', value: this.query.get('kind') ?? '', options: [{ value: '', text: t.allKinds }, ...declarableKinds.map((value) => ({ value, text: kindName(value) }))], set: (kind) => setQuery({ kind }) })}
        ${textField({ label: t.filter, name: 'filter', value: this.query.get('name') ?? '', set: (name) => this.#filter(name) })}
      </div>
      ${this.#list()}
      <div class="row ways">
        <wa-button size="s" variant="brand" ?disabled=${ids.length === 0 || ids.length > mostSelectors} aria-describedby="chosen" @click=${() => setQuery({ step: 'look' }, { replace: false })}>${t.next}</wa-button>
        <span id="chosen" class="quiet">${ids.length > mostSelectors ? t.tooMany(mostSelectors) : t.selected(ids.length)}</span>
      </div>
    `;
  }

  #filter(name: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setQuery({ name }), 250);
  }

  #list(): TemplateResult {
    const { page } = this;
    if (!page) return html`<sw-loading></sw-loading>`;
    const rows = page.items.filter((one): one is Undeclared & { kind: string } => one.kind !== undefined);
    const unseen =
      page.unseen.length > 0 ? html`<wa-callout variant="warning" size="s">${t.unseen(page.unseen.join(', '))}</wa-callout>` : nothing;
    if (rows.length === 0) return html`${unseen}<sw-empty icon="badge-check" .heading=${t.none} .text=${t.noneText}></sw-empty>`;
    const keys = rows.map(({ id }) => id);
    const columns = [t.name, t.kind, t.id, t.created].map((text) => ({ text }));
    const choices = rows.map(
      ({ id, kind, name, createdAt }): Choice => ({
        key: id,
        cells: [name || t.unnamed, kindName(kind), id, createdAt === undefined ? '' : formatAgo(createdAt)],
      }),
    );
    return html`
      ${unseen}
      <div class="row">
        <wa-button size="s" appearance="outlined" @click=${() => this.#keep({ ids: [...new Set([...this.chosen.ids, ...keys])] })}>${t.selectAll(rows.length)}</wa-button>
        <wa-button size="s" appearance="outlined" ?disabled=${this.chosen.ids.length === 0} @click=${() => this.#keep({ ids: [] })}>${t.clear}</wa-button>
      </div>
      <sw-choice-table
        multiple
        noFilter
        .label=${t.choose}
        .columns=${columns}
        .choices=${choices}
        .chosen=${this.chosen.ids}
        @sw-pick=${(event: CustomEvent<{ keys: readonly string[] }>) => this.#keep({ ids: event.detail.keys })}
      ></sw-choice-table>
      ${page.next === undefined ? nothing : html`<div class="row"><wa-button size="s" appearance="outlined" @click=${() => this.#readPage(this.#read, page.next)}>${t.more}</wa-button></div>`}
    `;
  }

  #look(): TemplateResult {
    const { made } = this;
    if (!made || (made.manifests.length === 0 && made.leftOut.length === 0)) return html`<sw-loading></sw-loading>`;
    const isTaking = this.#step === 'take';
    const yaml = toYaml(isTaking ? managed(made.manifests) : made.manifests);
    return html`
      <p>${isTaking ? t.takeOverText : t.proof}</p>
      ${leftOut(made)}
      ${
        made.manifests.length === 0
          ? nothing
          : html`<div class="panes">
              <div class="stack">
                <div class="row">
                  <strong class="grow">${t.manifests} (${formatNumber(made.manifests.length)})</strong>
                  <wa-button size="s" appearance="outlined" @click=${() => download(`${this.chosen.cluster}.yaml`, yaml)}>${all.download}</wa-button>
                </div>
                <sw-yaml-editor readonly .value=${yaml} .schemas=${this.schemas}></sw-yaml-editor>
              </div>
              ${isTaking ? html`<sw-apply-panel id="take" .manifests=${yaml} plansAtOnce></sw-apply-panel>` : this.#observe(yaml)}
            </div>`
      }
    `;
  }

  #observe(yaml: string): TemplateResult {
    return html`<div class="stack">
      <sw-apply-panel .manifests=${yaml} plansAtOnce @sw-settled=${() => (this.isObserved = true)}></sw-apply-panel>
      ${
        this.isObserved
          ? html`<wa-callout variant="success" size="s">
              ${t.observed}
              <wa-button size="s" variant="brand" @click=${() => setQuery({ step: 'take' }, { replace: false })}>${t.takeOver}</wa-button>
            </wa-callout>`
          : nothing
      }
    </div>`;
  }
}

/** Ids that whoever links here has chosen; undefined when nobody has. */
function idsIn(query: URLSearchParams): readonly string[] | undefined {
  const selected = query.getAll('select').flatMap((one) => (one.startsWith('id=') ? [one.slice(3)] : []));
  const ids = [...(query.get('ids')?.split(',') ?? []), ...selected].filter(Boolean);
  return ids.length > 0 ? ids : undefined;
}

/** What is not among the manifests and why, and what one should know of them. */
export function leftOut({ leftOut: left, notes }: Exported): TemplateResult | typeof nothing {
  if (left.length + notes.length === 0) return nothing;
  return html`<wa-callout variant="warning" size="s" class="left">
    ${left.length > 0 ? html`<strong>${t.leftOut(left.length)}</strong><ul>${left.map(({ kind, id, name, reason }) => html`<li>${kind} ${name || id}: ${reason}</li>`)}</ul>` : nothing}
    ${notes.length > 0 ? html`<strong>${t.notes}</strong><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>` : nothing}
  </wa-callout>`;
}

define('sw-declare-adopt', SwDeclareAdopt);
