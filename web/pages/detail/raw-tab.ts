import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import type { Permission } from '#api/auth/permissions.ts';
import { type Plan, planManifests } from '../../data/declare.ts';
import { fetchObject, type ObjectName, replaceObject, type WholeObject } from '../../data/declared-object.ts';
import type { DeclaredObject } from '../../data/resource.ts';
import { loadSchemas, type Schemas } from '../../data/schemas.ts';
import { may } from '../../data/session.ts';
import '../../elements/diff.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { download } from '../../elements/secret-once.ts';
import '../../elements/plan-view.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import '../../elements/yaml-editor.ts';
import type { YamlChange } from '../../elements/yaml-editor.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { copyButton, copyStyles } from './copy.ts';
import { nameOf } from './header.ts';
import { readYaml, yamlOf } from './object-yaml.ts';
import { SwDetailPart } from './part.ts';
import { detailStyles } from './styles.ts';

/** What changing objects that stand for a type of resource needs. */
const nouns: Readonly<Record<string, string>> = {
  server: 'instance',
  volume: 'volume',
  volume_snapshot: 'snapshot',
  image: 'image',
  security_group: 'securityGroup',
  keypair: 'keyPair',
  server_group: 'serverGroup',
};

interface Review {
  readonly object: WholeObject;
  readonly text: string;
  /** Undefined: the person may not plan. */
  readonly plan?: Plan;
}

/** The JSON of the cloud as it is, and the declaration, which can be edited: what changes is shown before it is applied. */
export class SwDetailRaw extends SwDetailPart {
  static override properties = {
    ...SwDetailPart.properties,
    object: { state: true },
    schemas: { state: true },
    text: { state: true },
    review: { state: true },
    problem: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    base,
    detailStyles,
    copyStyles,
    css`
      .halves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr));
        gap: var(--wa-space-l);
        align-items: start;
      }
      section {
        min-width: 0;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs);
        padding-block-end: var(--wa-space-2xs);
      }
      pre,
      sw-yaml-editor {
        height: min(40rem, 66vh);
      }
      wa-callout {
        margin-block: var(--wa-space-xs);
      }
    `,
  ];

  /** The whole object as it was read; undefined until then. */
  declare object: WholeObject | undefined;
  declare schemas: Schemas | undefined;
  /** The edited text; undefined while nobody edits. */
  declare text: string | undefined;
  declare review: Review | undefined;
  declare problem: string | undefined;
  declare failure: unknown;
  declare isBusy: boolean;

  constructor() {
    super();
    this.isBusy = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    // Who edits keeps what they began with; the server refuses to write over what came meanwhile.
    if (changed.has('detail') && this.text === undefined) void this.#read();
  }

  override render() {
    const { body, object } = this.detail;
    return html`<div class="halves">
      ${object ? this.#declaration(object) : nothing}
      <section>
        ${
          body === null
            ? html`<h2>${t.raw.cloud}</h2><p class="quiet">${t.raw.notThere}</p>`
            : this.#top(t.raw.cloud, JSON.stringify(body, null, 2), 'json')
        }
        ${body === null ? nothing : html`<pre tabindex="0" aria-label=${t.raw.cloud}>${JSON.stringify(body, null, 2)}</pre>`}
      </section>
    </div>`;
  }

  #top(title: string, text: string, kind: 'json' | 'yaml', more: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<div class="top">
      <h2 class="grow">${title}</h2>
      ${copyButton(text)}
      <wa-button size="s" appearance="outlined" @click=${() => download(`${nameOf(this.detail, this.id)}.${kind}`, text)}>
        <sw-icon slot="start" name="download"></sw-icon>${t.raw.download}
      </wa-button>
      ${more}
    </div>`;
  }

  #declaration(declared: DeclaredObject): TemplateResult {
    if (this.failure !== undefined) {
      return html`<section><sw-problem .problem=${this.failure} @retry=${() => this.#read()}></sw-problem></section>`;
    }
    const { object } = this;
    if (!object) return html`<section><sw-loading .lines=${8}></sw-loading></section>`;
    const yaml = yamlOf(object);
    return html`<section>
      ${this.#top(t.raw.object, this.text ?? yaml, 'yaml', this.#buttons(declared, yaml))}
      ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" size="s" role="alert">${this.problem}</wa-callout>`}
      ${this.review ? this.#changes(this.review, yaml) : this.#editor(yaml)}
    </section>`;
  }

  #editor(yaml: string): TemplateResult {
    return html`<sw-yaml-editor
      .value=${this.text ?? yaml}
      .schemas=${this.schemas}
      .label=${t.raw.object}
      ?readonly=${this.text === undefined}
      @sw-change=${(event: CustomEvent<YamlChange>) => this.text !== undefined && ((this.text = event.detail.value))}
    ></sw-yaml-editor>`;
  }

  #changes({ text, plan }: Review, yaml: string): TemplateResult {
    return html`<sw-diff .before=${yaml} .after=${text}></sw-diff>
      ${plan === undefined ? nothing : html`<h2>${t.raw.wouldDo}</h2><sw-plan-view .plan=${plan}></sw-plan-view>`}`;
  }

  #buttons({ metadata }: DeclaredObject, yaml: string): TemplateResult {
    const permission = `${nouns[this.detail.row.type] ?? 'network'}.change` as Permission;
    if (!may(permission, { cluster: this.cluster, namespace: metadata.namespace })) {
      return html`<span class="quiet">${t.raw.mayNot(permission)}</span>`;
    }
    if (this.text === undefined) {
      return html`<wa-button size="s" appearance="outlined" @click=${() => (this.text = yaml)}>
        <sw-icon slot="start" name="pencil"></sw-icon>${t.raw.edit}
      </wa-button>`;
    }
    return html`<wa-button size="s" appearance="plain" @click=${() => this.#end()}>${t.raw.discard}</wa-button>
      ${
        this.review
          ? html`<wa-button size="s" appearance="outlined" @click=${() => (this.review = undefined)}>${t.raw.back}</wa-button>
              <wa-button size="s" variant="brand" ?loading=${this.isBusy} @click=${() => this.#apply()}>${t.raw.apply}</wa-button>`
          : html`<wa-button size="s" variant="brand" ?loading=${this.isBusy} @click=${() => this.#look(yaml)}>${t.raw.review}</wa-button>`
      }`;
  }

  #name(): ObjectName {
    const { apiVersion, kind, metadata } = this.detail.object as DeclaredObject;
    return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
  }

  async #read(): Promise<void> {
    if (!this.detail.object) return;
    try {
      this.object = await fetchObject(this.#name());
      this.failure = undefined;
      // Without them the editor still checks that it is YAML.
      this.schemas ??= await loadSchemas().catch(() => undefined);
    } catch (error) {
      this.failure = error;
    }
  }

  async #look(yaml: string): Promise<void> {
    const { text = yaml, object } = this;
    this.problem = undefined;
    if (!object) return;
    if (text === yaml) {
      this.problem = t.raw.unchanged;
      return;
    }
    const read = readYaml(text, object);
    if ('problem' in read) {
      this.problem = read.problem === 'renamed' ? t.raw.renamed : t.raw.badYaml(read.why);
      return;
    }
    await this.#busy(async () => {
      const plan = may('plan.read') ? await planManifests(text) : undefined;
      this.review = { object: read.object, text, ...(plan && { plan }) };
    });
  }

  async #apply(): Promise<void> {
    const { review } = this;
    if (!review) return;
    await this.#busy(async () => {
      this.object = await replaceObject(this.#name(), review.object);
      toast({ text: t.raw.applied, tone: 'success' });
      this.#end();
    });
  }

  async #busy(work: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    try {
      await work();
      this.problem = undefined;
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.isBusy = false;
    }
  }

  #end(): void {
    Object.assign(this, { text: undefined, review: undefined, problem: undefined });
  }
}

define('sw-detail-raw', SwDetailRaw);
