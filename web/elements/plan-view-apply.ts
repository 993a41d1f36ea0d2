import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import {
  type Applied,
  applyManifests,
  keyOf,
  type ManifestProblem,
  manifestProblems,
  type Plan,
  planManifests,
  type Seen,
} from '../data/declare.ts';
import { missingRight } from '../data/declare-rights.ts';
import { Problem } from '../data/http.ts';
import { formatAgo, formatList } from '../texts/format.ts';
import { planTexts as t } from '../texts/plan.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import './plan-view.ts';
import { valueText } from './plan-view.ts';
import './plan-view-progress.ts';
import './state.ts';

/**
 * From manifests to clouds: plan, look, apply, watch until all is ready. Sends `sw-remarks` {problems} for what the server says of lines,
 * `sw-go-to` {line}, `sw-edit` {value} where it offers to mend the text, `sw-applied` {objects}, and `sw-settled` when all has come to rest.
 */
export class SwApplyPanel extends SwElement {
  static override properties = {
    manifests: { type: String },
    wrong: { type: Number },
    seen: { attribute: false },
    plansAtOnce: { type: Boolean },
    makesNew: { type: Boolean },
    plan: { state: true },
    planned: { state: true },
    trial: { state: true },
    problem: { state: true },
    busy: { state: true },
    isForced: { state: true },
    mayLose: { state: true },
    applied: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
        align-content: start;
      }
      .conflict {
        display: grid;
        gap: var(--wa-space-2xs);
      }
      ul {
        margin: 0;
        padding-inline-start: 1.2em;
      }
      .line {
        border: 0;
        padding: 0;
        background: none;
        color: var(--wa-color-text-link);
        font: inherit;
        cursor: pointer;
        text-decoration: underline;
      }
      .problems {
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare manifests: string;
  /** How much is known to be wrong with them; not applied then. */
  declare wrong: number;
  declare seen: Seen | undefined;
  /** Plans without being asked, once there is something to plan. */
  declare plansAtOnce: boolean;
  /** Nothing that is there already should be changed: when it would be, that is told. */
  declare makesNew: boolean;
  declare plan: Plan | undefined;
  /** The text that was planned. */
  declare planned: string | undefined;
  declare trial: readonly Applied[];
  declare problem: unknown;
  declare busy: 'plan' | 'apply' | undefined;
  declare isForced: boolean;
  declare mayLose: boolean;
  declare applied: readonly Applied[] | undefined;

  #asking: AbortController | undefined;

  constructor() {
    super();
    this.manifests = '';
    this.wrong = 0;
    this.plansAtOnce = false;
    this.makesNew = false;
    this.trial = [];
    this.isForced = false;
    this.mayLose = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
  }

  override updated(): void {
    if (
      this.plansAtOnce &&
      this.planned !== this.manifests &&
      this.busy === undefined &&
      this.applied === undefined &&
      !this.#blank &&
      this.problem === undefined
    )
      void this.makePlan();
  }

  override render() {
    if (this.applied) return this.#outcome(this.applied);
    const why = this.#whyNot();
    return html`
      <div class="row">
        <wa-button size="s" appearance="outlined" ?loading=${this.busy === 'plan'} ?disabled=${this.#blank} @click=${() => this.makePlan()}>${this.plan ? t.planAgain : t.plan}</wa-button>
        <wa-button size="s" variant="brand" ?loading=${this.busy === 'apply'} ?disabled=${why !== undefined} aria-describedby="why" @click=${() => this.#apply()}>
          ${t.apply}
        </wa-button>
        <span id="why" class="quiet">${why ?? ''}</span>
      </div>
      ${this.#failure()} ${this.plan ? html`<sw-plan-view .plan=${this.plan}></sw-plan-view>` : nothing} ${this.#existing()} ${this.#loss()} ${this.#conflicts(this.trial)}
    `;
  }

  /** Asks the server what applying would do. */
  async makePlan(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const text = this.manifests;
    const { signal } = asking;
    this.busy = 'plan';
    this.problem = undefined;
    this.send('sw-remarks', { problems: [] });
    try {
      const [plan, trial] = await Promise.all([
        planManifests(text, { signal }),
        applyManifests(text, { signal, dryRun: true, ...(this.seen && { seen: this.seen }) }),
      ]);
      if (signal.aborted) return;
      Object.assign(this, { plan, trial, planned: text, isForced: false, mayLose: false });
    } catch (error) {
      if (signal.aborted) return;
      Object.assign(this, { plan: undefined, trial: [], planned: text });
      this.#failed(error);
    } finally {
      if (!signal.aborted) this.busy = undefined;
    }
  }

  async #apply(): Promise<void> {
    this.busy = 'apply';
    this.problem = undefined;
    try {
      this.applied = await applyManifests(this.manifests, { force: this.isForced, ...(this.seen && { seen: this.seen }) });
      this.send('sw-applied', { objects: this.applied });
    } catch (error) {
      this.#failed(error);
    } finally {
      this.busy = undefined;
    }
  }

  #failed(error: unknown): void {
    this.problem = error;
    if (error instanceof Problem) this.send('sw-remarks', { problems: manifestProblems(error) });
  }

  get #blank(): boolean {
    return this.manifests.trim() === '';
  }

  get #loses(): boolean {
    return this.plan?.objects.some(({ losesData }) => losesData) ?? false;
  }

  #whyNot(): string | undefined {
    if (this.#blank) return t.empty;
    if (this.wrong > 0) return `${t.wrong(this.wrong)} ${t.putRight}`;
    if (!this.plan) return t.planFirst;
    if (this.planned !== this.manifests) return `${t.stale} ${t.planFirst}`;
    const missing = missingRight(
      this.trial.filter(({ outcome }) => outcome !== 'unchanged').map((one) => ({ ...one, ...clusterIn(this.plan, one) })),
    );
    if (missing) return t.needs(missing.permission, `${missing.object.kind} ${missing.object.name}`);
    if (this.trial.every(({ outcome }) => outcome === 'unchanged') && this.plan.verdict === 'nothing') return t.nothing;
    if (this.trial.some(({ outcome }) => outcome === 'conflict') && !this.isForced) return t.conflictTitle;
    if (this.#loses && !this.mayLose) return t.lossFirst;
    return undefined;
  }

  #failure(): TemplateResult | typeof nothing {
    const { problem } = this;
    if (problem === undefined) return nothing;
    const problems = problem instanceof Problem ? manifestProblems(problem) : [];
    if (problems.length === 0) return html`<sw-problem .problem=${problem} @retry=${() => this.makePlan()}></sw-problem>`;
    return html`<wa-callout variant="danger" size="s" role="alert">
      ${t.wrong(problems.length)}
      <ul class="problems">${problems.map((one) => html`<li>${this.#problemLine(one)}</li>`)}</ul>
    </wa-callout>`;
  }

  #problemLine({ line, object, path, message }: ManifestProblem): TemplateResult {
    const namespace = path === 'metadata.namespace' ? /namespace (\S+?);/.exec(message)?.[1] : undefined;
    return html`
      ${line === undefined ? nothing : html`<button class="line" @click=${() => this.send('sw-go-to', { line })}>${t.line(line)}</button>`}
      ${object ? html`<strong>${object}</strong>` : nothing} ${path && namespace === undefined ? html`<code>${path}</code>` : nothing}
      ${namespace === undefined ? message : t.missingNamespace(namespace)}
      ${namespace === undefined ? nothing : html`<wa-button size="s" appearance="outlined" @click=${() => this.#addNamespace(namespace)}>${t.makeNamespace(namespace)}</wa-button>`}
    `;
  }

  #addNamespace(namespace: string): void {
    this.problem = undefined;
    this.send('sw-edit', { value: `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n---\n${this.manifests}` });
  }

  #existing(): TemplateResult | typeof nothing {
    const found = this.trial.filter(({ outcome }) => outcome === 'changed' || outcome === 'conflict' || outcome === 'unchanged');
    if (!this.makesNew || found.length === 0) return nothing;
    return html`<wa-callout variant="warning" size="s" role="alert">${t.exists(formatList(found.map(({ kind, name }) => `${kind} ${name}`)))}</wa-callout>`;
  }

  #loss(): TemplateResult | typeof nothing {
    if (!this.#loses) return nothing;
    return html`<wa-checkbox size="s" ?checked=${this.mayLose} @change=${(event: Event) => (this.mayLose = isChecked(event))}>${t.lossConfirm}</wa-checkbox>`;
  }

  #conflicts(objects: readonly Applied[]): TemplateResult | typeof nothing {
    const found = objects.filter(({ outcome }) => outcome === 'conflict');
    if (found.length === 0) return nothing;
    return html`<wa-callout variant="warning" size="s" role="alert">
      <div class="conflict">
        <strong>${t.conflictTitle}</strong>
        <span>${t.conflictText}</span>
        ${found.map(
          ({ kind, name, conflicts }) => html`<div><strong>${kind} ${name}</strong>
            <ul>
              ${conflicts.map(
                ({ path, from, to, manager, actor, at, pipeline }) => html`<li>
                  <code>${path}</code>: <code>${valueText(from)}</code> → <code>${valueText(to)}</code> · ${t.conflictOwner(manager)}${actor && at ? ` (${t.conflictBy(actor, formatAgo(at))})` : ''}
                  ${pipeline ? html`<div>${t.conflictPipeline}</div>` : nothing}
                </li>`,
              )}
            </ul></div>`,
        )}
        <wa-checkbox size="s" ?checked=${this.isForced} @change=${(event: Event) => (this.isForced = isChecked(event))}>${t.forceConfirm}</wa-checkbox>
      </div>
    </wa-callout>`;
  }

  #outcome(applied: readonly Applied[]): TemplateResult {
    const failed = applied.filter(({ outcome }) => outcome === 'refused' || outcome === 'conflict');
    return html`
      ${failed.length > 0 ? html`<wa-callout variant="danger" size="s" role="alert">${t.someFailed(failed.length)}</wa-callout>` : nothing}
      <sw-apply-progress .applied=${applied}></sw-apply-progress>
      ${this.#conflicts(applied)}
      <div class="row"><wa-button size="s" appearance="outlined" @click=${() => this.#again()}>${t.planAgain}</wa-button></div>
    `;
  }

  #again(): void {
    this.applied = undefined;
    void this.makePlan();
  }
}

/** The cloud an object is planned for; none of what belongs to none. */
function clusterIn(plan: Plan | undefined, object: Applied): { cluster?: string } {
  const found = plan?.objects.find((one) => keyOf(one) === keyOf(object));
  return found ? { cluster: found.cluster } : {};
}

function isChecked(event: Event): boolean {
  return (event.target as HTMLInputElement).checked;
}

define('sw-apply-panel', SwApplyPanel);
