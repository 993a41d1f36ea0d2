import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import {
  type Connection,
  credentialsOf,
  type GivenCredentials,
  type KnownCredentials,
  replaceCredentials,
} from '../../../data/connections.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { loaded } from '../../../elements/loaded.ts';
import { toast } from '../../../elements/toast.ts';
import { addCloudTexts } from '../../../texts/add-cloud.ts';
import { clusterTexts } from '../../../texts/clusters.ts';
import { formatTime } from '../../../texts/format.ts';
import { actButton, stateMark, valueOf } from '../parts.ts';
import '../../../elements/form-dialog.ts';
import { adminStyles } from '../styles.ts';
import './clouds-yaml.ts';
import type { PastedClouds } from './clouds-yaml.ts';
import './connection-test.ts';
import { changeObstacle } from './deeds.ts';
import { type EnteredConnection, entryOf } from './entry.ts';
import './entry-form.ts';

/** What is known of a cluster's credentials, and new ones in their place; secrets are never shown. Sends `changed`. */
export class SwClusterCredentials extends SwElement {
  static override properties = {
    connection: { attribute: false },
    isOpen: { state: true },
    way: { state: true },
    pasted: { state: true },
    entered: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [base, adminStyles];

  declare connection: Connection;
  declare isOpen: boolean;
  declare way: 'paste' | 'form';
  declare pasted: PastedClouds | undefined;
  declare entered: EnteredConnection;
  declare problem: unknown;
  declare isBusy: boolean;
  readonly #known = new Task(this, {
    task: ([name], { signal }) => credentialsOf(name, signal),
    args: () => [this.connection.name] as const,
  });

  constructor() {
    super();
    this.isOpen = false;
    this.way = 'paste';
    this.entered = {};
  }

  override render() {
    const t = clusterTexts.settings;
    const obstacle = changeObstacle(this.connection.name);
    return html`<section class="card" aria-labelledby="credentials">
      <div class="head">
        <h2 id="credentials">${t.credentials}</h2>
        ${actButton({ id: 'replace', text: t.replace, icon: 'key-round', obstacle, run: () => (this.isOpen = true) })}
      </div>
      ${loaded(this.#known, facts, 3)} ${this.isOpen ? this.#dialog() : nothing}
    </section>`;
  }

  #dialog(): TemplateResult {
    const t = clusterTexts.settings;
    const credentials = this.#given();
    return html`<sw-form-dialog
      .heading=${t.replaceTitle(this.connection.name)}
      .submit=${t.replace}
      .isWide=${true}
      .isBusy=${this.isBusy}
      .isIncomplete=${credentials === undefined}
      .problem=${this.problem}
      @submitted=${() => void this.#replace()}
      @closed=${() => this.#close()}
    >
      <div class="form">
        <p>${t.replaceAbout}</p>
        <wa-radio-group
          class="unlabelled"
          size="s"
          orientation="horizontal"
          label=${t.replace}
          .value=${this.way}
          @change=${(event: Event) => (this.way = valueOf(event) as 'paste' | 'form')}
        >
          <wa-radio value="paste" appearance="button">${addCloudTexts.ways.paste}</wa-radio>
          <wa-radio value="form" appearance="button">${addCloudTexts.ways.form}</wa-radio>
        </wa-radio-group>
        ${
          this.way === 'paste'
            ? html`<sw-clouds-yaml @pasted=${(event: CustomEvent<PastedClouds>) => (this.pasted = event.detail)}></sw-clouds-yaml>`
            : html`<sw-entry-form
                .isNameless=${true}
                .value=${this.entered}
                @entered=${(event: CustomEvent<EnteredConnection>) => (this.entered = event.detail)}
              ></sw-entry-form>`
        }
        ${credentials ? html`<sw-connection-test .subject=${{ credentials }}></sw-connection-test>` : nothing}
      </div>
    </sw-form-dialog>`;
  }

  /** Undefined while something is missing. Of several entries the one the Cluster asks for, else the first sound one. */
  #given(): GivenCredentials | undefined {
    if (this.way === 'form') {
      const made = entryOf(this.entered);
      return made && { entry: made.entry };
    }
    const sound = this.pasted?.entries.filter(({ flaw }) => flaw === undefined) ?? [];
    const entry = sound.find(({ cloud }) => cloud === this.connection.spec.cloud) ?? sound[0];
    if (!this.pasted || !entry) return undefined;
    const { cloudsYaml, secureYaml } = this.pasted;
    return { cloudsYaml, ...(secureYaml !== undefined && { secureYaml }), cloud: entry.cloud };
  }

  async #replace(): Promise<void> {
    const credentials = this.#given();
    if (!credentials) return;
    this.isBusy = true;
    this.problem = undefined;
    try {
      await replaceCredentials(this.connection.name, credentials);
      this.#close();
      toast({ text: clusterTexts.settings.replaced, tone: 'success' });
      void this.#known.run().catch(() => undefined);
      this.send('changed');
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  /** Nothing of a secret stays behind. */
  #close(): void {
    this.isOpen = false;
    this.pasted = undefined;
    this.entered = {};
    this.problem = undefined;
  }
}

function facts(known: KnownCredentials): TemplateResult {
  const t = clusterTexts.settings;
  const {
    kind,
    authUrl,
    user,
    project,
    applicationCredential,
    verify,
    secret,
    changedAt,
    changedBy,
    createdAt,
    fingerprint,
    flaw,
    expiresAt,
  } = known;
  const rows: readonly (readonly [string, unknown])[] = [
    [t.kind, kind && addCloudTexts.kinds[kind]],
    [t.authUrl, authUrl && html`<code>${authUrl}</code> ${trustOf(authUrl, verify)}`],
    [t.user, user],
    [t.project, project],
    [t.application, applicationCredential && html`<code>${applicationCredential}</code>`],
    [clusterTexts.health.credential, expiresAt && formatTime(expiresAt)],
    [t.secret, html`<code>${secret.namespace}/${secret.name}</code>`],
    [t.changed, changedBy === undefined ? formatTime(changedAt ?? createdAt) : t.changedBy(formatTime(changedAt ?? createdAt), changedBy)],
    [t.fingerprint, html`<code>${fingerprint}</code>`],
  ];
  return html`${flaw === undefined ? nothing : html`<wa-callout variant="danger">${flaw}</wa-callout>`}
    <dl>
      ${rows.map(([name, value]) =>
        value
          ? html`<dt>${name}</dt>
              <dd>${value}</dd>`
          : nothing,
      )}
    </dl>`;
}

function trustOf(authUrl: string, isVerified: boolean | undefined): TemplateResult {
  const t = clusterTexts.settings;
  if (authUrl.startsWith('http:')) return stateMark('warning', t.plain, 'lock-open');
  return isVerified === false ? stateMark('warning', t.notVerified, 'lock-open') : stateMark('good', t.verified, 'lock');
}

define('sw-cluster-credentials', SwClusterCredentials);
