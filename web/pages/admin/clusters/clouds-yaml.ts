import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import { entriesIn, type FoundEntry } from '../../../data/connections.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { problemText } from '../../../elements/state.ts';
import { addCloudTexts } from '../../../texts/add-cloud.ts';
import { valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';

/** What was pasted, and what the server reads in it. Holds secrets. */
export interface PastedClouds {
  readonly cloudsYaml: string;
  readonly secureYaml?: string;
  readonly entries: readonly FoundEntry[];
}

const settleMs = 400;

/** A clouds.yaml to paste or open; read while it is typed. Sends `pasted` with PastedClouds. */
export class SwCloudsYaml extends SwElement {
  static override properties = {
    cloudsYaml: { state: true },
    secureYaml: { state: true },
    hasSecure: { state: true },
    problem: { state: true },
    isReading: { state: true },
    found: { state: true },
  };
  static override styles = [
    base,
    adminStyles,
    css`
      wa-textarea {
        --wa-font-family-body: var(--wa-font-family-code);
      }
      wa-textarea::part(textarea) {
        font-family: var(--wa-font-family-code);
        font-size: var(--wa-font-size-s);
      }
      input[type='file'] {
        display: none;
      }
    `,
  ];

  declare cloudsYaml: string;
  declare secureYaml: string;
  declare hasSecure: boolean;
  declare problem: unknown;
  declare isReading: boolean;
  declare found: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  constructor() {
    super();
    this.cloudsYaml = '';
    this.secureYaml = '';
    this.hasSecure = false;
    this.isReading = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#running?.abort();
  }

  override render() {
    const t = addCloudTexts.paste;
    return html`<div class="form">
      <wa-textarea
        label=${t.label}
        hint=${t.hint}
        rows="10"
        spellcheck="false"
        autocomplete="off"
        .value=${this.cloudsYaml}
        @input=${(event: Event) => this.#typed({ cloudsYaml: valueOf(event) })}
        @dragover=${(event: DragEvent) => event.preventDefault()}
        @drop=${(event: DragEvent) => this.#dropped(event)}
      ></wa-textarea>
      <div class="head">
        <wa-checkbox ?checked=${this.hasSecure} @change=${(event: Event) => this.#toggle((event.target as HTMLInputElement).checked)}>
          ${t.secure}
        </wa-checkbox>
        <input id="file" type="file" accept=".yaml,.yml,.txt" aria-label=${t.open} @change=${(event: Event) => this.#open(event)} />
        <wa-button size="s" appearance="outlined" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#file')?.click()}>
          <sw-icon slot="start" name="upload"></sw-icon>${t.open}
        </wa-button>
      </div>
      ${
        this.hasSecure
          ? html`<wa-textarea
              label=${t.secureLabel}
              rows="5"
              spellcheck="false"
              autocomplete="off"
              .value=${this.secureYaml}
              @input=${(event: Event) => this.#typed({ secureYaml: valueOf(event) })}
            ></wa-textarea>`
          : nothing
      }
      <div role="status">
        ${this.isReading ? html`<span class="state"><wa-spinner></wa-spinner>${t.reading}</span>` : this.#outcome()}
      </div>
    </div>`;
  }

  #outcome() {
    const t = addCloudTexts.paste;
    if (this.problem !== undefined) return html`<wa-callout variant="danger">${problemText(this.problem)}</wa-callout>`;
    if (this.found === undefined) return nothing;
    return this.found === 0 ? html`<wa-callout variant="warning">${t.none}</wa-callout>` : html`<p>${t.found(this.found)}</p>`;
  }

  #toggle(hasSecure: boolean): void {
    this.hasSecure = hasSecure;
    this.#typed({ secureYaml: '' });
  }

  #dropped(event: DragEvent): void {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void file.text().then((cloudsYaml) => this.#typed({ cloudsYaml }));
  }

  #open(event: Event): void {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    void file?.text().then((cloudsYaml) => this.#typed({ cloudsYaml }));
    // The same file can be opened again after it was mended.
    input.value = '';
  }

  #typed(changed: { cloudsYaml?: string; secureYaml?: string }): void {
    Object.assign(this, changed);
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.found = undefined;
    this.problem = undefined;
    this.isReading = this.cloudsYaml.trim() !== '';
    this.send('pasted', { cloudsYaml: this.cloudsYaml, entries: [] } satisfies PastedClouds);
    if (this.isReading) this.#timer = setTimeout(() => void this.#read(), settleMs);
  }

  async #read(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    const { cloudsYaml } = this;
    const secureYaml = this.secureYaml.trim() === '' ? undefined : this.secureYaml;
    try {
      const entries = await entriesIn(cloudsYaml, secureYaml, running.signal);
      this.found = entries.length;
      this.send('pasted', { cloudsYaml, ...(secureYaml !== undefined && { secureYaml }), entries } satisfies PastedClouds);
    } catch (error) {
      if (running.signal.aborted) return;
      this.problem = error;
    } finally {
      if (this.#running === running) this.isReading = false;
    }
  }
}

define('sw-clouds-yaml', SwCloudsYaml);
