import { css, html, type PropertyValues } from 'lit';
import type { Schemas } from '../data/schemas.ts';
import { language } from '../texts/language.ts';
import { yamlEditorTexts as t } from '../texts/yaml-editor.ts';
import { base, define, SwElement } from './element.ts';
import './state.ts';
import type { YamlProblem } from './yaml-editor-check.ts';
import type { Remark, Suggest, YamlView } from './yaml-editor-view.ts';

export type { YamlProblem } from './yaml-editor-check.ts';
export type { Remark, Suggest } from './yaml-editor-view.ts';

/** What `sw-change` tells. */
export interface YamlChange {
  readonly value: string;
  readonly problems: readonly YamlProblem[];
}

/**
 * An editor of manifests: any number of YAML documents, completed and checked by the schemas of their kinds. It fills its host, which has to
 * have a height. Sends `sw-change` {value, problems}: at once with each change of the text, and again when what is wrong with it changed.
 */
export class SwYamlEditor extends SwElement {
  static override properties = {
    value: { type: String },
    schemas: { attribute: false },
    readonly: { type: Boolean },
    label: { type: String },
    remarks: { attribute: false },
    suggest: { attribute: false },
    isReady: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 8rem;
      }
      .frame {
        flex: 1;
        min-height: 0;
        overflow: hidden;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
      }
      .hint {
        font-size: var(--wa-font-size-s);
      }
    `,
  ];

  declare value: string;
  /** Without them only the YAML itself is checked. */
  declare schemas: Schemas | undefined;
  declare readonly: boolean;
  declare label: string | undefined;
  /** Shown at their lines beside what the editor finds itself. */
  declare remarks: readonly Remark[];
  /** Names to complete where the schema has none. */
  declare suggest: Suggest | undefined;
  declare isReady: boolean;

  #view: YamlView | undefined;
  #problems: readonly YamlProblem[] = [];
  #unfollow: (() => void) | undefined;

  constructor() {
    super();
    this.value = '';
    this.readonly = false;
    this.remarks = [];
    this.isReady = false;
  }

  /** Puts the cursor at a line, from 1, and shows it. */
  goTo(line: number): void {
    this.#view?.goTo(line);
  }

  override focus(): void {
    this.#view?.focus();
  }

  override render() {
    return html`
      <div class="frame">${this.isReady ? '' : html`<sw-loading></sw-loading>`}</div>
      <div id="hint" class=${this.readonly ? 'unseen' : 'quiet hint'} ?hidden=${this.readonly}>${t.leave}</div>
    `;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unfollow = language.subscribe(() => this.#view?.check());
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unfollow?.();
    this.#view?.destroy();
    this.#view = undefined;
    this.isReady = false;
  }

  override updated(changed: PropertyValues): void {
    const view = this.#view;
    if (!view) return;
    if (changed.has('value')) view.value = this.value;
    if (changed.has('readonly') || changed.has('isReady')) view.setReadonly(this.readonly);
    if (changed.has('schemas') || changed.has('remarks')) view.check();
  }

  async #begin(): Promise<void> {
    const { YamlView: View } = await import('./yaml-editor-view.ts');
    await this.updateComplete;
    const parent = this.renderRoot.querySelector<HTMLElement>('.frame');
    if (!this.isConnected || this.#view || !parent) return;
    this.isReady = true;
    await this.updateComplete;
    this.#view = new View({
      root: this.renderRoot as ShadowRoot,
      parent,
      value: this.value,
      label: this.label ?? t.label,
      describedBy: 'hint',
      schemas: () => this.schemas ?? new Map(),
      suggest: () => this.suggest,
      remarks: () => this.remarks,
      changed: (value) => this.#changed(value),
      checked: (problems) => this.#checked(problems),
    });
    this.#view.setReadonly(this.readonly);
  }

  #changed(value: string): void {
    if (value === this.value) return;
    this.value = value;
    this.send('sw-change', { value, problems: this.#problems } satisfies YamlChange);
  }

  #checked(problems: readonly YamlProblem[]): void {
    if (JSON.stringify(problems) === JSON.stringify(this.#problems)) return;
    this.#problems = problems;
    this.send('sw-change', { value: this.value, problems } satisfies YamlChange);
  }
}

define('sw-yaml-editor', SwYamlEditor);
