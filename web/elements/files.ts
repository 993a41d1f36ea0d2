import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import { type FileEntry, type Folder, fileUrl, listFiles } from '../data/files.ts';
import { fileTexts as t } from '../texts/files.ts';
import { formatBytes, formatNumber, formatTime } from '../texts/format.ts';
import './confirm.ts';
import type { Question } from './confirm.ts';
import { base, define, SwElement } from './element.ts';
import { newFolder, removal, renaming } from './files-deeds.ts';
import { crumbsOf, inside, parentOf } from './files-path.ts';
import { filesStyles } from './files-styles.ts';
import './files-uploads.ts';
import type { SwFilesUploads } from './files-uploads.ts';
import './icon.ts';
import type { IconName } from './icons.ts';
import { again, loaded } from './loaded.ts';
import './state.ts';
import './table.ts';
import type { SwTable } from './table.ts';
import type { TableColumn } from './table-columns.ts';

const icons: Readonly<Record<FileEntry['kind'], IconName>> = { file: 'file', directory: 'folder', link: 'link', other: 'info' };

/** Files of the far side of a terminal that one works in: browsed, uploaded, downloaded, renamed, deleted. */
export class SwFiles extends SwElement {
  static override properties = {
    terminalId: { type: String },
    path: { type: String },
    showsHidden: { state: true },
    selected: { state: true },
    isOver: { state: true },
    question: { state: true },
  };
  static override styles = [base, filesStyles];

  declare terminalId: string;
  /** Where it begins; `~` unless given. */
  declare path: string;
  declare showsHidden: boolean;
  declare selected: ReadonlySet<string>;
  declare isOver: boolean;
  declare question: Question | undefined;

  readonly #uploads = createRef<SwFilesUploads>();
  readonly #table = createRef<SwTable<FileEntry>>();
  readonly #chooser = createRef<HTMLInputElement>();
  readonly #folder = new Task(this, {
    args: () => [this.terminalId, this.path] as const,
    task: ([terminal, path], { signal }) => listFiles(terminal, path, signal),
  });

  constructor() {
    super();
    this.path = '~';
    this.showsHidden = false;
    this.selected = new Set();
    this.isOver = false;
    this.addEventListener('keydown', (event) => this.#pressed(event));
  }

  override focus(): void {
    this.#table.value?.focus();
  }

  override render(): TemplateResult {
    return html`<div
        class="files ${this.isOver ? 'over' : ''}"
        role="group"
        aria-label=${t.label}
        @dragover=${(event: DragEvent) => this.#dragged(event)}
        @dragleave=${() => (this.isOver = false)}
        @drop=${(event: DragEvent) => this.#dropped(event)}
      >
        ${this.#bar()}
        <div class="list">${this.#folder.error === undefined ? loaded(this.#folder, (folder) => this.#list(folder), 8) : this.#problem()}</div>
        ${this.isOver ? html`<p class="drop">${t.drop(this.#at)}</p>` : nothing}
        <sw-files-uploads
          ${ref(this.#uploads)}
          .terminalId=${this.terminalId}
          @sw-uploaded=${(event: CustomEvent<{ folder: string }>) => event.detail.folder === this.#at && this.#reload()}
        ></sw-files-uploads>
      </div>
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  /** The folder that is shown. */
  get #at(): string {
    return this.#folder.value?.path ?? this.path;
  }

  get #chosen(): readonly FileEntry[] {
    return (this.#folder.value?.entries ?? []).filter(({ name }) => this.selected.has(name));
  }

  /** A folder that may not be read is left the way one came. */
  #problem(): TemplateResult {
    return html`<sw-problem .problem=${this.#folder.error} @retry=${() => this.#reload()}></sw-problem>`;
  }

  #bar(): TemplateResult {
    const chosen = this.#chosen;
    const one = chosen.length === 1 ? chosen[0] : undefined;
    const isFile = one !== undefined && one.kind !== 'directory';
    return html`<div class="bar">
      <nav aria-label=${t.path}>
        ${this.#button('folder-up', t.up, () => this.#go(parentOf(this.#at)))}
        ${crumbsOf(this.#at).map(
          ({ name, path }) =>
            html`<button class="crumb" aria-current=${path === this.#at ? 'true' : nothing} @click=${() => this.#go(path)}>${name}</button>`,
        )}
      </nav>
      <span class="row">
        ${this.#button('refresh-cw', t.reload, () => this.#reload())} ${this.#button('folder-plus', t.newFolder, () => this.#ask(newFolder))}
        <wa-button size="s" appearance="outlined" @click=${() => this.#chooser.value?.click()}
          ><sw-icon slot="start" name="file-up"></sw-icon>${t.upload}</wa-button
        >
        <input ${ref(this.#chooser)} type="file" multiple hidden @change=${(event: Event) => this.#given(event.target as HTMLInputElement)} />
        ${
          isFile
            ? html`<wa-button size="s" appearance="outlined" href=${fileUrl(this.terminalId, inside(this.#at, one.name))} download=${one.name}
                ><sw-icon slot="start" name="download"></sw-icon>${t.download}</wa-button
              >`
            : this.#button('download', t.download, undefined, one ? t.noFolders : t.chooseOne)
        }
        ${this.#button('pencil', t.rename, one && (() => this.#rename(one)), t.chooseOne)}
        ${this.#button('trash', t.remove, chosen.length > 0 ? () => this.#remove() : undefined, t.chooseSome)}
        <wa-switch size="s" .checked=${this.showsHidden} @change=${(event: Event) => (this.showsHidden = (event.target as HTMLInputElement).checked)}
          >${t.hidden}</wa-switch
        >
      </span>
    </div>`;
  }

  /** Without `run` it cannot be used now; why not is said. */
  #button(icon: IconName, label: string, run: (() => void) | undefined, otherwise = ''): TemplateResult {
    const name = run ? label : `${label}: ${otherwise}`;
    return html`<wa-button size="s" appearance="plain" title=${name} ?disabled=${!run} @click=${run}
      ><sw-icon name=${icon} label=${name}></sw-icon
    ></wa-button>`;
  }

  #list({ path, entries, isCut }: Folder): TemplateResult {
    const shown = this.showsHidden ? entries : entries.filter(({ name }) => !name.startsWith('.'));
    if (shown.length === 0)
      return html`<sw-empty icon="folder" .heading=${t.none} .text=${entries.length > 0 ? t.onlyHidden : t.noneText}></sw-empty>`;
    return html`<sw-table
        ${ref(this.#table)}
        .label=${t.list(path)}
        .columns=${columns()}
        .rows=${shown}
        .keyOf=${(entry: FileEntry) => entry.name}
        .selected=${this.selected}
        .cellStyles=${nameStyles}
        .density=${'dense'}
        selectable
        title=${t.hint}
        @sw-select=${(event: CustomEvent<ReadonlySet<string>>) => (this.selected = event.detail)}
        @sw-open=${(event: CustomEvent<{ row: FileEntry }>) => this.#open(event.detail.row)}
      ></sw-table>
      ${isCut ? html`<p class="quiet">${t.cut(formatNumber(entries.length))}</p>` : nothing}`;
  }

  #go(path: string): void {
    this.selected = new Set();
    this.path = path;
  }

  #reload(): void {
    this.selected = new Set();
    void again(this.#folder);
  }

  #open({ name, kind }: FileEntry): void {
    const path = inside(this.#at, name);
    // Whether a link leads to a folder shows when it is gone into.
    if (kind === 'directory' || kind === 'link') return this.#go(path);
    const link = Object.assign(document.createElement('a'), { href: fileUrl(this.terminalId, path), download: name });
    return link.click();
  }

  #pressed(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement) || target.role !== 'grid') return;
    const [one] = this.#chosen;
    if (event.key === 'Backspace') this.#go(parentOf(this.#at));
    else if (event.key === 'F2' && one) this.#rename(one);
    else if (event.key === 'Delete' && one) this.#remove();
    else return;
    event.preventDefault();
  }

  #ask(make: (terminal: string, folder: string, done: () => void) => Question): void {
    this.question = make(this.terminalId, this.#at, () => this.#reload());
  }

  #rename(one: FileEntry): void {
    this.#ask((terminal, folder, done) => renaming(terminal, folder, one.name, done));
  }

  #remove(): void {
    const names = this.#chosen.map(({ name }) => name);
    this.#ask((terminal, folder, done) => removal(terminal, folder, names, done));
  }

  #given(input: HTMLInputElement): void {
    this.#uploads.value?.add([...(input.files ?? [])], this.#at);
    // The same file may be chosen again.
    input.value = '';
  }

  #dragged(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.isOver = true;
  }

  #dropped(event: DragEvent): void {
    event.preventDefault();
    this.isOver = false;
    // A folder comes as an entry of no size that cannot be read.
    const files = [...(event.dataTransfer?.items ?? [])].filter((item) => item.webkitGetAsEntry()?.isFile).map((item) => item.getAsFile());
    this.#uploads.value?.add(
      files.filter((file) => file !== null),
      this.#at,
    );
  }
}

function columns(): readonly TableColumn<FileEntry>[] {
  const { columns: name } = t;
  return [
    {
      name: 'name',
      label: name.name,
      width: 260,
      isPinned: true,
      text: (entry) => entry.name,
      cell: ({ name: text, kind }) => html`<sw-icon name=${icons[kind]} label=${t.kinds[kind]}></sw-icon> ${text}`,
    },
    {
      name: 'size',
      label: name.size,
      width: 100,
      align: 'end',
      text: ({ kind, sizeBytes }) => (kind === 'directory' ? '' : formatBytes(sizeBytes)),
    },
    { name: 'modified', label: name.modified, width: 190, text: ({ modifiedAt }) => formatTime(modifiedAt) },
    { name: 'mode', label: name.mode, width: 80, text: ({ mode }) => mode },
  ];
}

const nameStyles = css`
  sw-icon {
    color: var(--wa-color-text-quiet);
  }
`;

define('sw-files', SwFiles);
