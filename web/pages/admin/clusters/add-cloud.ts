import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import { createConnection, type FoundEntry, importEntries } from '../../../data/connections.ts';
import { may, mayEverywhere } from '../../../data/session.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import '../../../elements/icon.ts';
import { problemText } from '../../../elements/state.ts';
import { toast } from '../../../elements/toast.ts';
import { addCloudTexts as t } from '../../../texts/add-cloud.ts';
import { formatList } from '../../../texts/format.ts';
import { actButton, valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import './clouds-yaml.ts';
import type { PastedClouds } from './clouds-yaml.ts';
import './connection-test.ts';
import type { Subject } from './connection-test.ts';
import { type EnteredConnection, entryOf } from './entry.ts';
import './entry-form.ts';

/** Of an entry: whether it becomes a Cluster, and of which name. */
interface Choice {
  readonly isChosen: boolean;
  readonly name: string;
  readonly isWell: boolean;
}

/** Connects clouds: paste a clouds.yaml or enter a connection, try it, add it. Sends `added` with `{ names }`; tells in a toast as well. */
export class SwAddCloud extends SwElement {
  static override properties = {
    way: { state: true },
    pasted: { state: true },
    choices: { state: true },
    entered: { state: true },
    isEnteredWell: { state: true },
    problem: { state: true },
    failures: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    base,
    adminStyles,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-m);
      }
      .entry {
        display: grid;
        gap: var(--wa-space-s);
      }
      .entry > .facts {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(12rem, 18rem);
        gap: var(--wa-space-s) var(--wa-space-m);
        align-items: end;
      }
      .facts p {
        overflow-wrap: anywhere;
      }
      @media (max-width: 560px) {
        .entry > .facts {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  declare way: 'paste' | 'form';
  declare pasted: PastedClouds | undefined;
  declare choices: ReadonlyMap<string, Choice>;
  declare entered: EnteredConnection;
  declare isEnteredWell: boolean;
  declare problem: unknown;
  declare failures: readonly string[];
  declare isBusy: boolean;

  constructor() {
    super();
    this.#clear();
    this.way = 'paste';
    this.isBusy = false;
  }

  override render() {
    return html`
      <wa-radio-group
        class="unlabelled"
        size="s"
        orientation="horizontal"
        label=${t.title}
        .value=${this.way}
        @change=${(event: Event) => (this.way = valueOf(event) as 'paste' | 'form')}
      >
        <wa-radio value="paste" appearance="button">${t.ways.paste}</wa-radio>
        <wa-radio value="form" appearance="button">${t.ways.form}</wa-radio>
      </wa-radio-group>
      ${this.way === 'paste' ? this.#paste() : this.#form()}
      ${this.failures.map((text) => html`<wa-callout variant="danger" role="alert">${text}</wa-callout>`)}
      ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`}
      ${this.#addButton()}
    `;
  }

  #paste(): TemplateResult {
    return html`<sw-clouds-yaml @pasted=${(event: CustomEvent<PastedClouds>) => this.#pasted(event.detail)}></sw-clouds-yaml>
      ${this.pasted?.entries.map((entry) => this.#entry(entry))}`;
  }

  #form(): TemplateResult {
    const made = entryOf(this.entered);
    const subject: Subject | undefined = made && { credentials: { entry: made.entry }, spec: made.spec };
    return html`<sw-entry-form
        .value=${this.entered}
        @entered=${(event: CustomEvent<EnteredConnection>) => {
          this.entered = event.detail;
          this.isEnteredWell = false;
        }}
      ></sw-entry-form>
      <sw-connection-test
        .subject=${subject}
        .obstacle=${testObstacle() ?? (subject ? undefined : t.notComplete)}
        @tested=${(event: CustomEvent<{ isWell: boolean }>) => (this.isEnteredWell = event.detail.isWell)}
      ></sw-connection-test>`;
  }

  #entry(entry: FoundEntry): TemplateResult {
    const { cloud, flaw, authUrl, region } = entry;
    const choice = this.choices.get(cloud);
    if (flaw !== undefined || !choice || !this.pasted)
      return html`<section class="card"><h3>${cloud}</h3><wa-callout variant="warning">${flaw}</wa-callout></section>`;
    const { cloudsYaml, secureYaml } = this.pasted;
    const subject: Subject = { credentials: { cloudsYaml, ...(secureYaml !== undefined && { secureYaml }), cloud } };
    return html`<section class="card entry" aria-label=${cloud}>
      <div class="facts">
        <div>
          <wa-checkbox
            ?checked=${choice.isChosen}
            @change=${(event: Event) => this.#choose(cloud, { isChosen: (event.target as HTMLInputElement).checked })}
            ><strong>${t.choose(cloud)}</strong></wa-checkbox
          >
          <p class="quiet small">${[authUrl, region, whoIn(entry)].filter(Boolean).join(' · ')}</p>
        </div>
        <wa-input
          size="s"
          label=${t.clusterName}
          autocomplete="off"
          spellcheck="false"
          .value=${choice.name}
          ?disabled=${!choice.isChosen}
          @input=${(event: Event) => this.#choose(cloud, { name: valueOf(event).trim() })}
        ></wa-input>
      </div>
      ${
        choice.isChosen
          ? html`<sw-connection-test
              .subject=${subject}
              .obstacle=${testObstacle()}
              @tested=${(event: CustomEvent<{ isWell: boolean }>) => this.#choose(cloud, event.detail)}
            ></sw-connection-test>`
          : nothing
      }
    </section>`;
  }

  #addButton(): TemplateResult {
    const chosen = [...this.choices.values()].filter(({ isChosen }) => isChosen);
    const isForm = this.way === 'form';
    const isComplete = isForm ? entryOf(this.entered) !== undefined && Boolean(this.entered.name?.trim()) : chosen.length > 0;
    const isWell = isForm ? this.isEnteredWell : chosen.every((one) => one.isWell);
    const text = isComplete && !isWell && mayEverywhere('cluster.test') ? t.addAnyway : t.add(isForm ? 1 : chosen.length);
    const missing = isComplete ? undefined : isForm ? t.notComplete : t.nothingChosen;
    const obstacle = may('cluster.change') ? missing : t.mayNotAdd;
    return html`<div class="buttons">
      ${actButton({ id: 'add', text, icon: 'plus', variant: isWell ? 'brand' : 'neutral', obstacle, run: () => void this.#add() })}
    </div>`;
  }

  #pasted(pasted: PastedClouds): void {
    this.pasted = pasted;
    const isOnly = pasted.entries.length === 1;
    const sound = pasted.entries.filter(({ flaw }) => flaw === undefined);
    this.choices = new Map(sound.map(({ cloud, name }) => [cloud, { isChosen: isOnly, name, isWell: false }]));
    this.failures = [];
    this.problem = undefined;
  }

  #choose(cloud: string, change: Partial<Choice>): void {
    const before = this.choices.get(cloud);
    if (before) this.choices = new Map([...this.choices, [cloud, { ...before, ...change }]]);
  }

  async #add(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.problem = undefined;
    this.failures = [];
    try {
      const names = this.way === 'form' ? await this.#addEntered() : await this.#addPasted();
      if (names.length === 0) return;
      if (this.failures.length === 0) this.#clear();
      toast({ text: t.added(formatList(names)), tone: 'success' });
      this.send('added', { names });
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  async #addEntered(): Promise<readonly string[]> {
    const made = entryOf(this.entered);
    const name = this.entered.name?.trim();
    if (!made || !name) return [];
    const description = this.entered.description?.trim();
    await createConnection({ name, ...(description && { description }), spec: made.spec, credentials: { entry: made.entry } });
    return [name];
  }

  async #addPasted(): Promise<readonly string[]> {
    if (!this.pasted) return [];
    const { cloudsYaml, secureYaml } = this.pasted;
    const select = [...this.choices].flatMap(([cloud, { isChosen, name }]) => (isChosen ? [{ cloud, name }] : []));
    const items = await importEntries({ cloudsYaml, ...(secureYaml !== undefined && { secureYaml }), select });
    this.failures = items.filter(({ status }) => status !== 201).map(({ name, detail = '' }) => t.notAdded(name, detail));
    return items.filter(({ status }) => status === 201).map(({ name }) => name);
  }

  /** Nothing of a secret stays behind. */
  #clear(): void {
    this.pasted = undefined;
    this.choices = new Map();
    this.entered = {};
    this.isEnteredWell = false;
    this.failures = [];
  }
}

const testObstacle = (): string | undefined => (mayEverywhere('cluster.test') ? undefined : t.mayNotTest);

function whoIn({ kind, user, project, applicationCredential }: FoundEntry): string {
  if (user !== undefined && project !== undefined) return t.as(user, project);
  const sort = kind === undefined ? '' : t.kinds[kind];
  return [sort, user ?? applicationCredential].filter(Boolean).join(' ');
}

define('sw-add-cloud', SwAddCloud);
