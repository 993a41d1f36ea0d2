import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import { fileState, putPiece } from '../data/files.ts';
import { isUnfinished, noteFinished, noteUnfinished, type Unfinished, unfinishedUploads } from '../data/unfinished.ts';
import { fileTexts } from '../texts/files.ts';
import { formatBytes, formatDuration, formatList, formatNumber, formatPercent } from '../texts/format.ts';
import { base, define, SwElement } from './element.ts';
import { inside } from './files-path.ts';
import './icon.ts';
import type { IconName } from './icons.ts';
import { problemText } from './state.ts';
import { toast } from './toast.ts';
import { Upload } from './upload.ts';

const mostAtOnce = 500;
const t = fileTexts.uploads;

/** Uploads to the far side of a terminal, one after the other. Sends `sw-uploaded` {folder} after each. */
export class SwFilesUploads extends SwElement {
  static override properties = { terminalId: { type: String } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-2xs);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        max-height: 12rem;
        overflow: auto;
      }
      li {
        display: grid;
        grid-template-columns: minmax(8rem, 1fr) minmax(6rem, 2fr) auto;
        gap: 0 var(--wa-space-s);
        align-items: center;
        padding-block: var(--wa-space-3xs);
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .said {
        font-size: var(--wa-font-size-s);
        font-variant-numeric: tabular-nums;
      }
      .problem {
        grid-column: 1 / -1;
        color: var(--wa-color-danger-on-quiet);
      }
      @media (max-width: 40rem) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .progress {
          grid-row: 2;
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  declare terminalId: string;

  #uploads: readonly Upload[] = [];
  readonly #folders = new WeakMap<Upload, string>();
  #isRunning = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const one of this.#uploads) one.pause();
  }

  /** Whether files are on their way. */
  get isBusy(): boolean {
    return this.#uploads.some((one) => !one.isOver);
  }

  /** Sends files to a folder, those that are on their way first. */
  add(files: readonly File[], folder: string): void {
    const room = mostAtOnce - this.#uploads.filter((one) => !one.isOver).length;
    if (files.length > room) toast({ text: t.tooMany(formatNumber(mostAtOnce)), tone: 'warning' });
    this.#uploads = [...this.#uploads, ...files.slice(0, Math.max(0, room)).map((file) => this.#make(file, folder))];
    this.requestUpdate();
    void this.#runAll();
  }

  override render(): TemplateResult {
    const known = new Set(this.#uploads.map(({ path }) => path));
    const left = unfinishedUploads().filter(({ terminal, path }) => terminal === this.terminalId && !known.has(path));
    return html`
      ${
        left.length === 0
          ? nothing
          : html`<p class="row">
              <span class="grow">${t.unfinished(formatList(left.map(({ path }) => path)))}</span>
              <wa-button size="s" appearance="plain" @click=${() => this.#forgetAll(left)}>${t.forgetAll}</wa-button>
            </p>`
      }
      ${
        this.#uploads.length === 0
          ? nothing
          : html`<ul aria-label=${t.title}>
              ${repeat(
                this.#uploads,
                (one) => one,
                (one) => html`<li>${this.#one(one)}</li>`,
              )}
            </ul>`
      }
    `;
  }

  #one(one: Upload): TemplateResult {
    const { name, state, sentBytes, totalBytes, speed, problem } = one;
    const share = totalBytes === 0 ? (state === 'done' ? 1 : 0) : sentBytes / totalBytes;
    const said = [
      t.progress(formatBytes(sentBytes), formatBytes(totalBytes)),
      ...(state === 'running' && speed > 0
        ? [t.speed(formatBytes(speed)), t.left(formatDuration(Math.ceil((totalBytes - sentBytes) / speed)))]
        : [t.states[state]]),
    ];
    return html`<span class="name" title=${one.path}>${name}</span>
      <span class="progress">
        <wa-progress-bar value=${Math.round(share * 100)} label=${`${name}: ${formatPercent(share)}`}></wa-progress-bar>
        <span class="said quiet">${said.join(' · ')}</span>
      </span>
      <span>
        ${state === 'running' || state === 'away' || state === 'waiting' ? this.#button('pause', t.pause(name), () => one.pause()) : nothing}
        ${state === 'paused' || state === 'failed' ? this.#button('play', t.go(name), () => this.#wake(one)) : nothing}
        ${one.isOver ? this.#button('x', t.forget(name), () => this.#forget(one)) : this.#button('x', t.cancel(name), () => this.#cancel(one))}
      </span>
      ${problem === undefined ? nothing : html`<span class="problem" role="alert">${problemText(problem)}</span>`}`;
  }

  #button(icon: IconName, label: string, run: () => void): TemplateResult {
    return html`<wa-button size="s" appearance="plain" @click=${run}><sw-icon name=${icon} label=${label}></sw-icon></wa-button>`;
  }

  #make(file: File, folder: string): Upload {
    const path = inside(folder, file.name);
    const { terminalId: terminal } = this;
    const begun = { terminal, path, sizeBytes: file.size, modifiedAt: file.lastModified };
    const upload = new Upload(
      { name: file.name, path, bytes: file, mayResume: isUnfinished(begun) },
      {
        partial: async (signal) => (await fileState(terminal, path, file.size, signal)).partialBytes ?? 0,
        put: (piece) => {
          noteUnfinished(begun);
          return putPiece(terminal, path, piece);
        },
        changed: () => this.requestUpdate(),
        now: () => performance.now(),
        wait,
      },
    );
    this.#folders.set(upload, folder);
    return upload;
  }

  async #runAll(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (;;) {
      const next = this.#uploads.find(({ state }) => state === 'waiting');
      if (!next || !this.isConnected) break;
      await next.run();
      if (next.state !== 'done') continue;
      noteFinished({ terminal: this.terminalId, path: next.path });
      this.send('sw-uploaded', { folder: this.#folders.get(next) });
    }
    this.#isRunning = false;
  }

  #wake(one: Upload): void {
    one.wake();
    void this.#runAll();
  }

  #cancel(one: Upload): void {
    one.cancel();
    this.#forget(one);
  }

  #forget(one: Upload): void {
    noteFinished({ terminal: this.terminalId, path: one.path });
    this.#uploads = this.#uploads.filter((other) => other !== one);
    this.requestUpdate();
  }

  #forgetAll(some: readonly Unfinished[]): void {
    for (const one of some) noteFinished(one);
    this.requestUpdate();
  }
}

/** Less when the network is known to be back. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener('online', over);
      signal.removeEventListener('abort', over);
      done();
    };
    const timer = setTimeout(over, ms);
    window.addEventListener('online', over);
    signal.addEventListener('abort', over);
  });
}

define('sw-files-uploads', SwFilesUploads);
