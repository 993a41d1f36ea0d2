import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import {
  type ActionEffects,
  type ActionInput,
  type ActionOffer,
  beginAction,
  fetchEffects,
  type InputSchema,
  type Override,
} from '../data/actions.ts';
import { Problem } from '../data/http.ts';
import { hasEnded } from '../data/operations.ts';
import type { ResourceName } from '../data/resource.ts';
import { actionName } from '../texts/action-names.ts';
import { actionTexts as t } from '../texts/actions.ts';
import './action-effects.ts';
import { followDeed } from './action-follow.ts';
import { filtersOf, tellsSecret } from './action-groups.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import './override-fields.ts';
import { changedInput, faultsOf } from './schema-fields.ts';
import './schema-form.ts';
import './secret-once.ts';
import { problemText } from './state.ts';

/** As long as the server waits for the end of an operation. */
const longestWaitSeconds = 60;

/** Asks for what an action takes, shows what it would do, and has it confirmed as its danger asks. Sends `sw-begun` and `sw-closed`. */
export class SwActionDialog extends SwElement {
  static override properties = {
    of: { attribute: false },
    name: { type: String },
    offer: { attribute: false },
    current: { attribute: false },
    preset: { attribute: false },
    input: { state: true },
    effects: { state: true },
    problem: { state: true },
    isLooking: { state: true },
    isSending: { state: true },
    typed: { state: true },
    override: { state: true },
    wantsOverride: { state: true },
    secret: { state: true },
    isMissed: { state: true },
  };
  static override styles = [
    base,
    css`
      wa-dialog {
        --width: min(40rem, 94vw);
      }
      .body {
        display: grid;
        gap: var(--wa-space-m);
      }
    `,
  ];

  declare of: ResourceName;
  /** What people call the resource. */
  declare name: string;
  declare offer: ActionOffer;
  /** How the fields of the input are now. */
  declare current: ActionInput;
  /** What is filled in already. */
  declare preset: ActionInput;
  declare input: ActionInput;
  declare effects: ActionEffects | undefined;
  declare problem: unknown;
  declare isLooking: boolean;
  declare isSending: boolean;
  declare typed: string;
  /** As far as it is filled in. */
  declare override: Override | undefined;
  declare wantsOverride: boolean;
  declare secret: Readonly<Record<string, string>> | undefined;
  declare isMissed: boolean;

  /** One wish is carried out once, however often its button is pressed. */
  readonly #key = crypto.randomUUID();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: AbortController | undefined;

  constructor() {
    super();
    this.current = {};
    this.preset = {};
    this.input = {};
    this.isLooking = false;
    this.isSending = false;
    this.typed = '';
    this.wantsOverride = false;
    this.isMissed = false;
  }

  override firstUpdated(): void {
    this.input = { ...this.current, ...this.preset };
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#looking?.abort();
  }

  override render() {
    const title = t.title(actionName(this.offer.name), this.name);
    return html`<wa-dialog
      label=${title}
      open
      @wa-after-hide=${(event: Event) => event.target === event.currentTarget && this.send('sw-closed')}
    >
      <div class="body" aria-busy=${this.isSending}>${this.secret ? this.#secret(this.secret) : this.#form()}</div>
      <div slot="footer" class="row">${this.secret || this.isMissed ? this.#closeButton() : this.#buttons()}</div>
    </wa-dialog>`;
  }

  #form(): TemplateResult {
    if (this.isMissed) return html`<wa-callout variant="warning">${t.secret.missed}</wa-callout>`;
    const { offer } = this;
    return html`
      <sw-schema-form
        ?hidden=${Object.keys(without(offer.input, this.preset).properties ?? {}).length === 0}
        .schema=${without(offer.input, this.preset)}
        .value=${this.input}
        .errors=${this.problem instanceof Problem ? this.problem.errors : []}
        .cluster=${this.of.cluster}
        .filters=${filtersOf(offer.name, this.name)}
        @sw-change=${(event: CustomEvent<{ value: ActionInput }>) => this.#change(event.detail.value)}
        @sw-submit=${() => this.#submit()}
      ></sw-schema-form>
      <div aria-live="polite">${this.#outlook()}</div>
      ${this.wantsOverride ? this.#override() : nothing}
      ${
        offer.danger === 'loss' && this.effects
          ? html`<wa-input
              label=${t.typeName(this.name)}
              autocomplete="off"
              data-confirm
              .value=${this.typed}
              @input=${(event: Event) => (this.typed = (event.target as WaInput).value ?? '')}
              @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && this.#submit()}
            ></wa-input>`
          : nothing
      }
    `;
  }

  #outlook(): TemplateResult | typeof nothing {
    if (this.isSending) return html`<p class="row"><wa-spinner></wa-spinner>${t.working}</p>`;
    if (this.problem !== undefined) {
      const isOfFields = this.problem instanceof Problem && this.problem.errors.length > 0;
      return isOfFields ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`;
    }
    if (this.effects) return html`<sw-action-effects .effects=${this.effects} .cluster=${this.of.cluster}></sw-action-effects>`;
    if (this.isLooking) return html`<p class="row quiet"><wa-spinner></wa-spinner>${t.looking}</p>`;
    return html`<p class="quiet">${t.incomplete}</p>`;
  }

  #override(): TemplateResult {
    return html`<sw-override-fields
      @sw-change=${(event: CustomEvent<Override | undefined>) => {
        this.override = event.detail;
        this.#lookSoon();
      }}
    ></sw-override-fields>`;
  }

  #secret(secret: Readonly<Record<string, string>>): TemplateResult {
    return html`<sw-secret-once .secret=${secret} .name=${this.name}></sw-secret-once>`;
  }

  #buttons(): TemplateResult {
    const { danger, name } = this.offer;
    return html`<wa-button appearance="outlined" @click=${() => this.#close()}>${t.cancel}</wa-button>
      <wa-button
        data-submit
        ?autofocus=${danger !== 'loss'}
        variant=${danger === 'none' ? 'brand' : danger === 'loss' ? 'danger' : 'warning'}
        ?disabled=${!this.#isReady()}
        ?loading=${this.isSending}
        @click=${() => this.#submit()}
        >${actionName(name)}</wa-button
      >`;
  }

  #closeButton(): TemplateResult {
    return html`<wa-button variant="brand" @click=${() => this.#close()}>${this.secret ? t.secret.kept : t.close}</wa-button>`;
  }

  #change(value: ActionInput): void {
    this.input = value;
    this.#lookSoon();
  }

  #lookSoon(): void {
    this.effects = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), 350);
  }

  /** Only what is whole is asked about: half a form has no outlook. */
  async #look(): Promise<void> {
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    if (faultsOf(this.offer.input, this.input).size > 0) {
      this.problem = undefined;
      return;
    }
    this.isLooking = true;
    try {
      const effects = await fetchEffects(this.#wish(), looking.signal);
      this.problem = undefined;
      this.effects = effects;
    } catch (error) {
      if (!looking.signal.aborted) this.#refused(error);
    } finally {
      if (!looking.signal.aborted) this.isLooking = false;
    }
  }

  #refused(error: unknown): void {
    if (error instanceof Problem && error.title === 'ManagedByGitOps') this.wantsOverride = true;
    this.effects = undefined;
    this.problem = error;
  }

  #wish() {
    const { of, offer } = this;
    return { of, action: offer.name, input: changedInput(offer.input, this.input, this.current), override: this.override };
  }

  #isReady(): boolean {
    if (this.isSending || !this.effects) return false;
    return this.offer.danger !== 'loss' || this.typed === this.name;
  }

  async #submit(): Promise<void> {
    if (!this.#isReady()) return;
    this.isSending = true;
    const wish = this.#wish();
    const isSecret = tellsSecret(wish.action);
    try {
      const begun = await beginAction(wish, { key: this.#key, ...(isSecret && { waitSeconds: longestWaitSeconds }) });
      followDeed({ of: this.of, name: this.name, action: wish.action, input: wish.input, current: this.current }, begun);
      this.send('sw-begun', { operation: begun });
      if (begun.secret) this.secret = begun.secret;
      else if (isSecret && wish.input['password'] === undefined && !hasEnded(begun)) this.isMissed = true;
      else this.#close();
    } catch (error) {
      this.#refused(error);
    } finally {
      this.isSending = false;
    }
  }

  #close(): void {
    const dialog = this.renderRoot.querySelector('wa-dialog');
    if (dialog) dialog.open = false;
  }
}

/** What is filled in already is not asked for. */
function without({ properties = {}, required = [], ...schema }: InputSchema, preset: ActionInput): InputSchema {
  const left = Object.entries(properties).filter(([name]) => !(name in preset));
  return { ...schema, properties: Object.fromEntries(left), required: required.filter((name) => !(name in preset)) };
}

define('sw-action-dialog', SwActionDialog);
