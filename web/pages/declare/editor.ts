import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { setQuery } from '../../app/router.ts';
import { type ManifestProblem, type ObjectName, type Seen } from '../../data/declare.ts';
import { draft, forgetDraft, keepDraft } from '../../data/drafts.ts';
import { download, readManifest, toYaml } from '../../data/manifests.ts';
import { loadSchemas, type Schemas } from '../../data/schemas.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/plan-view-apply.ts';
import '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import type { Remark, SwYamlEditor, YamlChange } from '../../elements/yaml-editor.ts';
import '../../elements/yaml-editor.ts';
import { declareTexts as t } from '../../texts/declare.ts';
import { declareLook } from './look.ts';
import { suggestNames } from './suggest.ts';

interface Draft {
  readonly text: string;
  readonly seen?: Seen;
  /** The object it began with. */
  readonly object?: string;
}

const draftName = 'editor';

/** Puts a text into the editor, which is where the address then leads: `/declare/editor`. */
export function keepForEditor(text: string): void {
  keepDraft(draftName, { text } satisfies Draft);
}

/** Manifests written by hand. `?object=Kind/namespace/name` begins with an object as it is declared now. */
export class SwDeclareEditor extends SwPage {
  static override properties = {
    ...SwPage.properties,
    text: { state: true },
    seen: { state: true },
    schemas: { state: true },
    wrong: { state: true },
    remarks: { state: true },
    problem: { state: true },
    isLoading: { state: true },
  };
  static override styles = [
    base,
    declareLook,
    css`
      input[type='file'] {
        display: none;
      }
    `,
  ];

  declare text: string;
  declare seen: Seen | undefined;
  declare schemas: Schemas | undefined;
  declare wrong: number;
  declare remarks: readonly Remark[];
  declare problem: unknown;
  declare isLoading: boolean;

  #object: string | undefined;

  constructor() {
    super();
    const kept = draft<Draft>(draftName);
    this.text = kept?.text ?? '';
    this.seen = kept?.seen;
    this.#object = kept?.object;
    this.wrong = 0;
    this.remarks = [];
    this.isLoading = false;
    // Without them one can write all the same; the server checks.
    void loadSchemas().then(
      (found) => (this.schemas = found),
      () => undefined,
    );
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const wanted = this.query.get('object') ?? undefined;
    if (changed.has('query') && wanted !== undefined && wanted !== this.#object) void this.#load(wanted);
  }

  override render() {
    const object = this.query.get('object');
    return html`
      <sw-page-header .heading=${t.editor.title}>
        <p slot="about" class="quiet">${object ? t.editor.editing(object) : t.editor.text}</p>
        <div slot="actions" class="row">
          <wa-button size="s" appearance="outlined" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click()}>${t.editor.load}</wa-button>
          <wa-button size="s" appearance="outlined" ?disabled=${this.text === ''} @click=${() => this.#copy()}>${t.copy}</wa-button>
          <wa-button size="s" appearance="outlined" ?disabled=${this.text === ''} @click=${() => download('manifests.yaml', this.text)}>${t.download}</wa-button>
          <wa-button size="s" appearance="outlined" ?disabled=${this.text === ''} @click=${() => this.#clear()}>${t.editor.clear}</wa-button>
        </div>
      </sw-page-header>
      <input type="file" accept=".yaml,.yml,.json" multiple tabindex="-1" aria-hidden="true" @change=${(event: Event) => this.#open(event)} />
      ${this.problem === undefined ? nothing : html`<sw-problem .problem=${this.problem} @retry=${() => this.#load(object ?? '')}></sw-problem>`}
      ${
        this.isLoading
          ? html`<sw-loading></sw-loading>`
          : html`<div class="panes">
              <sw-yaml-editor
                .value=${this.text}
                .schemas=${this.schemas}
                .remarks=${this.remarks}
                .suggest=${suggestNames}
                @sw-change=${(event: CustomEvent<YamlChange>) => this.#changed(event.detail)}
              ></sw-yaml-editor>
              <sw-apply-panel
                .manifests=${this.text}
                .wrong=${this.wrong}
                .seen=${this.seen}
                @sw-remarks=${(event: CustomEvent<{ problems: readonly ManifestProblem[] }>) => this.#remark(event.detail.problems)}
                @sw-go-to=${(event: CustomEvent<{ line: number }>) => this.renderRoot.querySelector<SwYamlEditor>('sw-yaml-editor')?.goTo(event.detail.line)}
                @sw-edit=${(event: CustomEvent<{ value: string }>) => this.#keep(event.detail.value)}
                @sw-applied=${() => (this.seen = undefined)}
              ></sw-apply-panel>
            </div>`
      }
    `;
  }

  async #load(object: string): Promise<void> {
    const name = nameIn(object);
    if (!name) return;
    this.isLoading = true;
    this.problem = undefined;
    try {
      const { manifest, seen } = await readManifest(name);
      this.#object = object;
      this.seen = seen;
      this.#keep(toYaml([manifest]));
    } catch (error) {
      this.problem = error;
    } finally {
      this.isLoading = false;
    }
  }

  #changed({ value, problems }: YamlChange): void {
    this.wrong = problems.length;
    if (value !== this.text) this.#keep(value);
  }

  #keep(text: string): void {
    this.text = text;
    keepDraft(draftName, {
      text,
      ...(this.seen && { seen: this.seen }),
      ...(this.#object !== undefined && { object: this.#object }),
    } satisfies Draft);
  }

  #remark(problems: readonly ManifestProblem[]): void {
    this.remarks = problems.flatMap(({ line, path, message }) =>
      line === undefined ? [] : [{ line, message: path ? `${path}: ${message}` : message }],
    );
  }

  #clear(): void {
    this.#object = undefined;
    this.seen = undefined;
    this.text = '';
    forgetDraft(draftName);
    setQuery({ object: undefined });
  }

  async #copy(): Promise<void> {
    await navigator.clipboard.writeText(this.text);
    toast({ text: t.copied, tone: 'success', stayMs: 2500 });
  }

  async #open(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const texts = await Promise.all([...(input.files ?? [])].map((file) => file.text()));
    if (texts.length > 0) this.#keep(texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('---\n'));
    input.value = '';
  }
}

/** `Kind/namespace/name`, or `Kind/name` of what is in none. */
function nameIn(object: string): ObjectName | undefined {
  const parts = object.split('/');
  const [kind = '', second = '', third] = parts;
  if (kind === '' || second === '' || parts.length > 3) return undefined;
  return third === undefined ? { kind, namespace: '', name: second } : { kind, namespace: second, name: third };
}

define('sw-declare-editor', SwDeclareEditor);
