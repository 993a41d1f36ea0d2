import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { here, navigate, setQuery, withQuery } from '../../app/router.ts';
import { type ChoiceRow, choicesOf, clusterNames, firstUp, isUp, namespaceNames } from '../../data/choices.ts';
import { cloudStates } from '../../data/cloud-states.ts';
import { draft, forgetDraft, keepDraft } from '../../data/drafts.ts';
import { download, toYaml } from '../../data/manifests.ts';
import { loadSchemas, type Schemas } from '../../data/schemas.ts';
import { follow } from '../../data/stored.ts';
import { base } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/plan-view-apply.ts';
import '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { readYaml } from '../../elements/yaml-editor-check.ts';
import '../../elements/yaml-editor.ts';
import { declareTexts } from '../../texts/declare.ts';
import { wizardTexts as t } from '../../texts/wizard.ts';
import { keepForEditor } from './editor.ts';
import { selectField, textField } from './fields.ts';
import { isForm, type WhereForm } from './instance-form.ts';
import { declareLook } from './look.ts';
import { wizardLook } from './wizard-look.ts';

export interface Step {
  /** In the address. */
  readonly id: string;
  readonly title: string;
  render(): TemplateResult;
  /** What of the manifests is asked in it, as `concerns` reads it: `Kind:path`. */
  readonly asks: readonly string[];
}

/** What a wizard lets people choose from: types of resources with the columns shown. */
export type Offers = Readonly<Record<string, readonly string[]>>;

export interface Fault {
  /** `Kind:path`. */
  readonly at: string;
  readonly message: string;
}

interface Kept<Form> {
  readonly form: Form;
  readonly visited: readonly string[];
}

const newNamespace = ' new';

/**
 * Base of the wizards: steps one may go through in any order, each field checked by the schema of what it ends in, and at the end manifests to
 * plan and apply. The step is in the address, the form in this tab.
 */
export abstract class SwWizard<Form extends WhereForm> extends SwPage {
  static override properties: PropertyDeclarations = {
    ...SwPage.properties,
    form: { state: true },
    visited: { state: true },
    schemas: { state: true },
    clusters: { state: true },
    namespaces: { state: true },
    rows: { state: true },
    problem: { state: true },
  };
  static override styles = [base, declareLook, wizardLook];

  declare form: Form;
  /** Steps that were left: what is wrong there is told. */
  declare visited: readonly string[];
  declare schemas: Schemas | undefined;
  declare clusters: readonly string[] | undefined;
  declare namespaces: readonly string[];
  declare rows: Readonly<Record<string, readonly ChoiceRow[]>> | undefined;
  declare problem: unknown;

  protected abstract readonly draftName: string;
  protected abstract readonly empty: Form;
  protected abstract readonly offers: Offers;
  protected abstract heading(): string;
  protected abstract ownSteps(): readonly Step[];
  protected abstract manifests(): readonly object[];
  /** What a form lacks that its manifests would be valid without. */
  protected moreFaults(): readonly Fault[] {
    return [];
  }
  /** More to read of a cluster than its rows. */
  protected async readMore(_cluster: string, _signal: AbortSignal): Promise<void> {}

  #faults: readonly Fault[] = [];
  #yaml = '';
  #reading: AbortController | undefined;
  #shownStep: string | undefined;

  constructor() {
    super();
    this.visited = [];
    this.namespaces = [];
    follow(this, cloudStates);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const kept = draft<Kept<Form>>(this.draftName);
    this.visited = kept?.visited ?? [];
    this.form = isForm(kept?.form) ? { ...this.empty, ...kept.form } : this.empty;
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading?.abort();
  }

  /** Reads what there is to choose from. */
  async #begin(): Promise<void> {
    this.problem = undefined;
    try {
      const [schemas, clusters, namespaces] = await Promise.all([loadSchemas(), clusterNames(), namespaceNames()]);
      Object.assign(this, { schemas, clusters, namespaces });
      const wanted = this.query.get('cluster') ?? this.query.get('clusters')?.split(',')[0] ?? this.form.cluster;
      const cluster = clusters.includes(wanted) ? wanted : firstUp(clusters);
      const namespace = this.query.get('namespace') ?? this.form.namespace;
      this.set({
        cluster,
        namespace: namespaces.includes(namespace) || this.form.isNamespaceNew ? namespace : (namespaces[0] ?? 'default'),
      } as Partial<Form>);
      await this.#readRows();
    } catch (error) {
      this.problem = error;
    }
  }

  async #readRows(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const { cluster } = this.form;
    if (cluster === '') return;
    this.rows = undefined;
    try {
      const found = Object.entries(this.offers).map(
        async ([type, fields]) => [type, await choicesOf(type, cluster, fields, reading.signal)] as const,
      );
      const [rows] = await Promise.all([Promise.all(found), this.readMore(cluster, reading.signal)]);
      this.rows = Object.fromEntries(rows);
    } catch (error) {
      if (!reading.signal.aborted) this.problem = error;
    }
  }

  protected set(change: Partial<Form>): void {
    this.form = { ...this.form, ...change };
    keepDraft(this.draftName, { form: this.form, visited: this.visited } satisfies Kept<Form>);
  }

  /** What is wrong with a field, once its step was left. */
  protected fault(step: string, ...places: readonly string[]): string | undefined {
    if (!this.visited.includes(step)) return undefined;
    return this.#faults.find(({ at }) => places.some((place) => concerns(at, place)))?.message;
  }

  /** Rows of a type; none until they are loaded. */
  protected of(type: string): readonly ChoiceRow[] {
    return this.rows?.[type] ?? [];
  }

  protected get where(): Step {
    return {
      id: 'where',
      title: t.where.title,
      asks: ['Namespace:', ...this.kinds().map((kind) => `${kind}:metadata`)],
      render: () => this.renderWhere(),
    };
  }

  protected renderWhere(more: TemplateResult | typeof nothing = nothing): TemplateResult {
    const { form } = this;
    const spaces = [...new Set([...this.namespaces, ...(form.isNamespaceNew ? [] : [form.namespace])])].map((value) => ({
      value,
      text: value,
    }));
    const name = this.fault('where', ...this.kinds().map((kind) => `${kind}:metadata.name`));
    return html`<div class="fields">
      ${selectField({
        label: t.where.cluster,
        name: 'cluster',
        isRequired: true,
        value: form.cluster,
        options: (this.clusters ?? []).map((value) => ({ value, text: isUp(value) ? value : t.notUp(value) })),
        set: (cluster) => this.#setCluster(cluster),
      })}
      ${selectField({
        label: t.where.namespace,
        name: 'namespace',
        value: form.isNamespaceNew ? newNamespace : form.namespace,
        options: [...spaces, { value: newNamespace, text: t.where.newNamespace }],
        set: (value) =>
          this.set(
            (value === newNamespace
              ? { isNamespaceNew: true, namespace: '' }
              : { isNamespaceNew: false, namespace: value }) as Partial<Form>,
          ),
      })}
      ${
        form.isNamespaceNew
          ? textField({
              label: t.where.namespaceName,
              name: 'newNamespace',
              value: form.namespace,
              isRequired: true,
              fault: this.fault('where', 'Namespace:metadata.name'),
              hint: t.where.nameHint,
              set: (namespace) => this.set({ namespace } as Partial<Form>),
            })
          : nothing
      }
      ${textField({ label: t.where.name, name: 'name', value: form.name, isRequired: true, fault: name, hint: t.where.nameHint, set: (value) => this.set({ name: value } as Partial<Form>) })}
      ${more}
    </div>`;
  }

  /** Kinds named after the form. */
  protected abstract kinds(): readonly string[];

  #setCluster(cluster: string): void {
    if (cluster === this.form.cluster) return;
    this.set({ cluster } as Partial<Form>);
    void this.#readRows();
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('form') && !changed.has('schemas')) return;
    const objects = this.manifests() as readonly { kind: string }[];
    this.#yaml = toYaml(objects);
    const { problems } = readYaml(this.#yaml, this.schemas ?? new Map());
    const found = problems.map(({ document, path, message }) => ({ at: `${objects[document - 1]?.kind ?? ''}:${path}`, message }));
    this.#faults = [...this.moreFaults(), ...found];
  }

  override updated(): void {
    const step = this.#step();
    if (this.#shownStep === step.id || !this.clusters) return;
    // Whoever looks at the whole is told everything that is wrong.
    if (step.id === 'review') this.#leave();
    const isFirst = this.#shownStep === undefined;
    this.#shownStep = step.id;
    if (!isFirst) this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  #steps(): readonly Step[] {
    const review: Step = { id: 'review', title: t.review.title, asks: [], render: () => this.#review() };
    return [...this.ownSteps(), review];
  }

  #step(steps = this.#steps()): Step {
    return steps.find(({ id }) => id === this.query.get('step')) ?? (steps[0] as Step);
  }

  override render() {
    const header = html`<sw-page-header .heading=${this.heading()}>
      <wa-button slot="actions" size="s" appearance="outlined" @click=${() => this.#reset()}>${t.reset}</wa-button>
    </sw-page-header>`;
    if (this.problem !== undefined) return html`${header}<sw-problem .problem=${this.problem} @retry=${() => this.#begin()}></sw-problem>`;
    if (!this.clusters) return html`${header}<sw-loading></sw-loading>`;
    if (this.clusters.length === 0) return html`${header}<sw-empty icon="cloud" .heading=${t.noClusters}></sw-empty>`;
    const steps = this.#steps();
    const step = this.#step(steps);
    const at = steps.indexOf(step);
    const next = steps[at + 1];
    return html`${header}
      <div class="wizard">
        <nav aria-label=${t.steps}><ol>${steps.map((one, index) => this.#mark(one, index, one === step))}</ol></nav>
        <form class="stack" novalidate @submit=${(event: Event) => this.#submit(event, step, next)}>
          <h2 tabindex="-1">${step.title} <span class="unseen">${t.step(at + 1, steps.length)}</span></h2>
          ${this.#cloud()} ${this.rows || step.id === 'where' || step.id === 'review' ? step.render() : html`<sw-loading></sw-loading>`}
          <div class="row ways">
            ${at > 0 ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#go(step, steps[at - 1])}>${t.back}</wa-button>` : nothing}
            ${next ? html`<wa-button size="s" variant="brand" type="submit">${t.next}</wa-button>` : nothing}
          </div>
        </form>
      </div>`;
  }

  /** What is known of a cloud that does not answer may be old. */
  #cloud(): TemplateResult | typeof nothing {
    const cloud = cloudStates.value?.find(({ name }) => name === this.form.cluster);
    if (!cloud || cloud.health === 'up') return nothing;
    return html`<wa-callout variant="warning" size="s">${t.cloudState(cloud.name, cloud.message)}</wa-callout>`;
  }

  #mark(step: Step, index: number, isCurrent: boolean): TemplateResult {
    const isVisited = this.visited.includes(step.id);
    const isFaulty = isVisited && this.#isFaulty(step);
    const sign = isFaulty ? '!' : isVisited && !isCurrent ? '✓' : String(index + 1);
    return html`<li>
      <a class=${isFaulty ? 'faulty' : isVisited ? 'done' : ''} href=${withQuery({ step: step.id })} aria-current=${isCurrent ? 'step' : nothing} @click=${() => this.#leave()}>
        <span class="mark" aria-hidden="true">${sign}</span>
        <span class="name">${step.title}</span>
        ${isFaulty ? html`<span class="unseen">(${t.faulty})</span>` : nothing}
      </a>
    </li>`;
  }

  #isFaulty({ asks }: Step): boolean {
    return this.#faults.some(({ at }) => asks.some((ask) => concerns(at, ask)));
  }

  #submit(event: Event, step: Step, next: Step | undefined): void {
    event.preventDefault();
    if (next) this.#go(step, next);
  }

  #go(_from: Step, to: Step | undefined): void {
    this.#leave();
    if (to) setQuery({ step: to.id }, { replace: false });
  }

  /** Whoever looks at the whole has been everywhere. */
  #leave(): void {
    const { id } = this.#step();
    const left = id === 'review' ? this.#steps().map((one) => one.id) : [id];
    this.visited = [...new Set([...this.visited, ...left])];
    this.set({});
  }

  #reset(): void {
    forgetDraft(this.draftName);
    const { cluster, namespace } = this.form;
    this.visited = [];
    this.form = { ...this.empty, cluster, namespace };
    setQuery({ step: undefined });
  }

  #review(): TemplateResult {
    const wrong = this.#faults.length;
    const open = () => {
      keepForEditor(this.#yaml);
      navigate('/declare/editor');
    };
    return html`
      <p class="quiet">${t.review.text}</p>
      ${wrong > 0 ? html`<p class="error" role="alert">! ${t.review.wrong}</p>` : nothing}
      <div class="panes">
        <div class="stack">
          <div class="row">
            <wa-button size="s" appearance="outlined" @click=${() => this.#copy()}>${declareTexts.copy}</wa-button>
            <wa-button size="s" appearance="outlined" @click=${() => download(`${this.form.name || 'manifests'}.yaml`, this.#yaml)}>${declareTexts.download}</wa-button>
            <wa-button size="s" appearance="outlined" @click=${open}>${declareTexts.openInEditor}</wa-button>
          </div>
          <sw-yaml-editor readonly .value=${this.#yaml} .schemas=${this.schemas}></sw-yaml-editor>
        </div>
        <sw-apply-panel
          .manifests=${this.#yaml}
          .wrong=${wrong}
          .plansAtOnce=${wrong === 0}
          makesNew
          @sw-edit=${() => this.set({ isNamespaceNew: true } as Partial<Form>)}
          @sw-applied=${() => forgetDraft(this.draftName)}
        ></sw-apply-panel>
      </div>
    `;
  }

  async #copy(): Promise<void> {
    await navigator.clipboard.writeText(this.#yaml);
    toast({ text: declareTexts.copied, tone: 'success', stayMs: 2500 });
  }

  /** The address of another wizard for the same place. */
  protected hrefTo(path: string): string {
    const { cluster, namespace } = this.form;
    return `${path}?${new URLSearchParams({ cluster, namespace, ...(here.value.query.has('clusters') && { clusters: here.value.query.get('clusters') ?? '' }) })}`;
  }
}

/** Whether a fault is at a place or inside it; `Kind:` is all of a kind, and `$` behind a place leaves out what is inside. */
function concerns(at: string, place: string): boolean {
  if (place.endsWith('$')) return at === place.slice(0, -1);
  return at === place || (place.endsWith(':') && at.startsWith(place)) || at.startsWith(`${place}.`) || at.startsWith(`${place}[`);
}
