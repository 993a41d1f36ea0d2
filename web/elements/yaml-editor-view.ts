import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from '@codemirror/language';
import { type Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
} from '@codemirror/view';
import type { Schemas } from '../data/schemas.ts';
import type { Path } from '../data/validate.ts';
import { language } from '../texts/language.ts';
import { editorPhrases } from '../texts/yaml-editor.ts';
import { readYaml, type YamlProblem } from './yaml-editor-check.ts';
import { aboutKey, type Completion, completionsAt } from './yaml-editor-complete.ts';
import { look } from './yaml-editor-look.ts';
import { placeAt } from './yaml-editor-place.ts';

/** What was found out about a text elsewhere: by the server. Lines count from 1. */
export interface Remark {
  readonly line: number;
  readonly message: string;
}

/** Names that may stand at a path of a kind: flavors, declared networks. */
export type Suggest = (kind: string, path: Path) => Promise<readonly string[]>;

export interface ViewOptions {
  readonly root: ShadowRoot;
  readonly parent: HTMLElement;
  readonly value: string;
  readonly label: string;
  readonly describedBy: string;
  schemas(): Schemas;
  suggest(): Suggest | undefined;
  remarks(): readonly Remark[];
  changed(value: string): void;
  checked(problems: readonly YamlProblem[]): void;
}

/** The editor itself; a chunk of its own, brought when an editor is shown. */
export class YamlView {
  readonly #view: EditorView;
  readonly #readonly = new Compartment();
  readonly #linter = new Compartment();
  readonly #options: ViewOptions;

  constructor(options: ViewOptions) {
    this.#options = options;
    const state = EditorState.create({
      doc: options.value,
      extensions: [this.#readonly.of([]), this.#linter.of(lint(options)), ...extensions(options)],
    });
    this.#view = new EditorView({ state, parent: options.parent, root: options.root });
  }

  get value(): string {
    return this.#view.state.doc.toString();
  }

  set value(text: string) {
    if (text !== this.value) this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  setReadonly(isReadonly: boolean): void {
    const how = isReadonly
      ? [EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ tabindex: '0' })]
      : [];
    this.#view.dispatch({ effects: this.#readonly.reconfigure(how) });
  }

  /** Checks anew, for schemas or remarks that came or a language that changed. */
  check(): void {
    this.#view.dispatch({ effects: this.#linter.reconfigure(lint(this.#options)) });
  }

  goTo(line: number): void {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.max(1, Math.min(line, doc.lines)));
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    this.#view.focus();
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}

function extensions(options: ViewOptions): Extension[] {
  return [
    lineNumbers(),
    foldGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    yaml(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorState.phrases.of(language.value === 'zh' ? editorPhrases : {}),
    lintGutter(),
    autocompletion({ override: [(context) => complete(context, options)], icons: false }),
    hoverTooltip((view, offset) => hover(view, offset, options.schemas())),
    keymap.of([...completionKeymap, ...searchKeymap, ...foldKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': options.label, 'aria-describedby': options.describedBy }),
    EditorView.domEventHandlers({ beforeinput: typeOverSelection }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.changed(update.state.doc.toString());
    }),
    look,
  ];
}

/** Left to the browser, it would keep the look of what is typed over in a style attribute, which our pages forbid. */
function typeOverSelection(event: InputEvent, view: EditorView): boolean {
  const { data, inputType } = event;
  if (inputType !== 'insertText' || data === null || view.composing || view.state.readOnly || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
  return true;
}

function lint(options: ViewOptions): Extension {
  return linter(
    ({ state }): Diagnostic[] => {
      const { problems } = readYaml(state.doc.toString(), options.schemas());
      options.checked(problems);
      const remarks = options.remarks().filter(({ line }) => line >= 1 && line <= state.doc.lines);
      return [
        ...problems.map(({ from, to, message }) => ({ from, to: Math.max(from, to), message, severity: 'error' as const })),
        ...remarks.map(({ line, message }) => ({
          from: state.doc.line(line).from,
          to: state.doc.line(line).to,
          message,
          severity: 'error' as const,
        })),
      ];
    },
    { delay: 300 },
  );
}

async function complete(context: CompletionContext, options: ViewOptions): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const place = placeAt(text, context.pos);
  const isAsked = context.explicit || place.typed !== '' || place.is === 'value';
  if (!isAsked || /^\s*#/.test(context.state.doc.lineAt(context.pos).text)) return null;
  const found = completionsAt(options.schemas(), place);
  const named = found.length === 0 && place.is === 'value' ? await namesAt(place, options) : [];
  const all = [...found, ...named];
  if (all.length === 0) return null;
  return { from: context.pos - place.typed.length, options: all.map(presented), validFor: /^[\w./:-]*$/ };
}

async function namesAt({ kind, path }: ReturnType<typeof placeAt>, options: ViewOptions): Promise<Completion[]> {
  const names =
    kind === undefined
      ? []
      : await options
          .suggest()?.(kind, path)
          .catch(() => []);
  return (names ?? []).map((label) => ({ label, type: 'value' }));
}

function presented({ label, detail, info, text, type }: Completion) {
  return {
    label,
    type,
    ...(detail !== undefined && { detail }),
    ...(info !== undefined && { info }),
    apply: (view: EditorView, _: unknown, from: number, to: number) => put(view, text ?? label, from, to, type),
  };
}

function put(view: EditorView, text: string, from: number, to: number, type: Completion['type']): void {
  const at = text.indexOf('|');
  const insert = text.replace('|', '');
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + (at < 0 ? insert.length : at) },
    userEvent: 'input.complete',
  });
  if (type === 'property') startCompletion(view);
}

function hover(view: EditorView, offset: number, schemas: Schemas): Tooltip | null {
  const line = view.state.doc.lineAt(offset);
  const word = /[\w./-]+/g;
  for (let found = word.exec(line.text); found; found = word.exec(line.text)) {
    const [from, to] = [line.from + found.index, line.from + found.index + found[0].length];
    if (offset < from || offset > to || view.state.sliceDoc(to, to + 1) !== ':') continue;
    const text = view.state.doc.toString();
    const place = placeAt(text, from);
    const about = aboutKey(schemas, place, [...place.path, found[0]]);
    if (!about) return null;
    const [name] = found;
    return { pos: from, end: to, above: true, create: () => ({ dom: aboutDom(name, about) }) };
  }
  return null;
}

function aboutDom(name: string, { type, description }: { type: string; description: string }): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'about-key';
  const strong = document.createElement('strong');
  strong.textContent = name;
  const kind = document.createElement('span');
  kind.textContent = type;
  const text = document.createElement('div');
  text.textContent = description;
  dom.append(strong, kind, text);
  return dom;
}
