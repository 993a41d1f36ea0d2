import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { type DriftItem, type SettleBody, type Settlement, settleDrift, type Way } from '../../data/drift.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { driftTexts } from '../../texts/drift.ts';
import { kindName } from '../../texts/kinds.ts';
import { settleTexts as t } from '../../texts/settle.ts';
import { dialogStyles } from './settle-dialog.styles.ts';
import './settle-object.ts';
import { type EndChoice, endOf, type Job, type JobState, keyOf, obstacleOf, runAll, settleable } from './settling.ts';

const ends: readonly EndChoice[] = ['hour', 'day', 'week', 'month', 'never', 'at'];
/** Objects whose change is shown; for what is beyond, it is checked only. */
const mostShown = 10;

/**
 * Asks once more before drift is accepted, reverted or ignored: which fields, what that changes in the declaration and in the cloud, and where a
 * repository owns it, the change to make there. Then does it, object by object. Sends `sw-close` {settled} when it is over.
 */
export class SwSettleDialog extends SwElement {
  static override properties = {
    way: { type: String },
    items: { attribute: false },
    previews: { state: true },
    chosen: { state: true },
    reason: { state: true },
    end: { state: true },
    at: { state: true },
    isTried: { state: true },
    isBusy: { state: true },
    states: { state: true },
  };
  static override styles = [base, dialogStyles];

  declare way: Way;
  declare items: readonly DriftItem[];
  /** What a dry run said of each object: the change, or why not. */
  declare previews: ReadonlyMap<string, Settlement | { readonly error: unknown }>;
  /** Fields chosen, by object. */
  declare chosen: ReadonlyMap<string, ReadonlySet<string>>;
  declare reason: string;
  declare end: EndChoice;
  declare at: string;
  /** Somebody tried to go on: what is missing may be said. */
  declare isTried: boolean;
  declare isBusy: boolean;
  declare states: ReadonlyMap<DriftItem, JobState>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settled = 0;

  constructor() {
    super();
    this.items = [];
    this.previews = new Map();
    this.chosen = new Map();
    this.reason = '';
    this.end = 'week';
    this.at = '';
    this.isTried = false;
    this.isBusy = false;
    this.states = new Map();
  }

  override firstUpdated(): void {
    this.chosen = new Map(this.#able().map((item) => [keyOf(item), new Set(settleable(item, this.way))]));
    void this.#preview(this.#able());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  #able(): readonly DriftItem[] {
    return this.items.filter((item) => obstacleOf(item, this.way) === undefined && settleable(item, this.way).length > 0);
  }

  override render() {
    const able = this.#able();
    const skipped = this.items.filter((item) => !able.includes(item));
    return html`<wa-dialog open label=${t.titles[this.way](this.items.length)} @wa-hide=${(event: Event) => this.#hiding(event)} @wa-after-hide=${(event: Event) => this.#hidden(event)}>
      <div class="body">
        <p>${t.says[this.way]}</p>
        ${this.way === 'ignore' ? this.#form() : nothing}
        ${skipped.length > 0 ? skippedNote(skipped, this.way) : nothing}
        ${able.slice(0, mostShown).map(
          (item) => html`<sw-settle-object
            .way=${this.way}
            .item=${item}
            .preview=${this.previews.get(keyOf(item))}
            .chosen=${this.chosen.get(keyOf(item)) ?? new Set()}
            .state=${this.states.get(item)}
            ?locked=${this.isBusy}
            @sw-fields=${(event: CustomEvent<ReadonlySet<string>>) => this.#choose(item, event.detail)}
          ></sw-settle-object>`,
        )}
        ${able.length > mostShown ? html`<p class="quiet">${t.manyPreviews(mostShown)}</p>` : nothing}
        ${this.#failures(able.slice(mostShown))}
      </div>
      <div slot="footer" class="footer">${this.#footer()}</div>
    </wa-dialog>`;
  }

  #form(): TemplateResult {
    const changed = () => this.#previewSoon();
    const isPast = this.isTried && endOf(this.end, this.at, Date.now()) === null;
    return html`<div class="form">
      <div>
        <wa-input
          autofocus
          required
          size="s"
          maxlength="500"
          label=${t.reason}
          hint=${t.reasonHint}
          .value=${this.reason}
          ?disabled=${this.isBusy}
          @input=${(event: Event) => (this.reason = (event.target as HTMLInputElement).value)}
          @change=${changed}
        ></wa-input>
        ${this.isTried && this.reason.trim() === '' ? html`<p class="error" role="alert">${t.reasonMissing}</p>` : nothing}
      </div>
      <wa-select
        size="s"
        label=${t.until}
        .value=${this.end}
        ?disabled=${this.isBusy}
        @change=${(event: Event) => ((this.end = (event.target as HTMLInputElement).value as EndChoice), changed())}
      >
        ${ends.map((one) => html`<wa-option value=${one}>${t.ends[one]}</wa-option>`)}
      </wa-select>
      ${
        this.end === 'at'
          ? html`<div>
              <wa-input size="s" type="datetime-local" label=${t.at} .value=${this.at} @change=${(event: Event) => ((this.at = (event.target as HTMLInputElement).value), changed())}></wa-input>
              ${isPast ? html`<p class="error" role="alert">${t.atPast}</p>` : nothing}
            </div>`
          : nothing
      }
    </div>`;
  }

  #failures(unseen: readonly DriftItem[]) {
    const failed = unseen.flatMap((item) => {
      const state = this.states.get(item);
      const preview = this.previews.get(keyOf(item));
      if (state?.state === 'failed') return [{ item, error: state.error }];
      return preview && 'error' in preview ? [{ item, error: preview.error }] : [];
    });
    if (failed.length === 0) return nothing;
    return html`<wa-callout variant="danger" size="s">
      ${t.failed(failed.length)}
      <ul>
        ${failed.map(({ item, error }) => html`<li>${kindName(item.kind)} ${item.name}: ${problemText(error)}</li>`)}
      </ul>
    </wa-callout>`;
  }

  #footer(): TemplateResult {
    const jobs = this.#jobs();
    const fields = jobs.reduce((sum, { body }) => sum + body.paths.length, 0);
    const states = [...this.states.values()];
    const done = states.filter(({ state }) => state === 'done').length;
    const failed = states.filter(({ state }) => state === 'failed').length;
    const isTrying = this.previews.size < this.#able().length;
    const says =
      states.length > 0
        ? `${t.ofAll(done, states.length)}${failed > 0 ? ` · ${t.failed(failed)}` : ''}`
        : isTrying && this.#able().length > 0
          ? t.trying
          : '';
    return html`<span class="quiet grow" role="status">${says}</span>
      <wa-button size="s" appearance="plain" data-dialog="close">${failed > 0 ? t.close : t.cancel}</wa-button>
      <wa-button size="s" variant="brand" class="confirm" ?disabled=${fields === 0} ?loading=${this.isBusy} @click=${() => this.#settle(jobs)}
        >${failed > 0 ? t.retry : t.confirm[this.way](fields)}</wa-button
      >`;
  }

  #choose(item: DriftItem, paths: ReadonlySet<string>): void {
    this.chosen = new Map([...this.chosen, [keyOf(item), paths]]);
    if (paths.size > 0) void this.#preview([item]);
  }

  #previewSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#preview(this.#able()), 200);
  }

  #bodyFor(item: DriftItem): SettleBody {
    const paths = [...(this.chosen.get(keyOf(item)) ?? [])];
    if (this.way !== 'ignore') return { paths };
    const until = endOf(this.end, this.at, Date.now());
    return { paths, reason: this.reason.trim() || '…', ...(until && { until }) };
  }

  async #preview(items: readonly DriftItem[]): Promise<void> {
    const run = async ({ item, body }: Job) => {
      const settlement = await settleDrift(this.way, item, { ...body, dryRun: true }).catch((error: unknown) => ({ error }));
      this.previews = new Map([...this.previews, [keyOf(item), settlement]]);
    };
    await runAll(
      items.map((item) => ({ item, body: this.#bodyFor(item) })),
      run,
      () => undefined,
    );
  }

  /** What is left to be done: not what a repository owns, nor what a dry run refused, nor what is done. */
  #jobs(): Job[] {
    return this.#able().flatMap((item) => {
      const preview = this.previews.get(keyOf(item));
      if (!preview || 'error' in preview || preview.owner !== undefined || this.states.get(item)?.state === 'done') return [];
      const body = this.#bodyFor(item);
      return body.paths.length > 0 ? [{ item, body }] : [];
    });
  }

  async #settle(jobs: readonly Job[]): Promise<void> {
    this.isTried = true;
    if (this.way === 'ignore' && (this.reason.trim() === '' || endOf(this.end, this.at, Date.now()) === null)) return;
    // What would be tried now is done in a moment.
    clearTimeout(this.#timer);
    this.isBusy = true;
    const before = this.states;
    const states = await runAll(
      jobs,
      ({ item, body }) => settleDrift(this.way, item, body),
      (now) => (this.states = new Map([...before, ...now])),
    );
    this.isBusy = false;
    const settled = [...states.values()].filter(({ state }) => state === 'done').length;
    this.#settled += settled;
    if (settled < states.size) return;
    toast({ text: t.done[this.way](this.#settled), tone: 'success' });
    this.#end();
  }

  #hiding(event: Event): void {
    // Selects and tooltips inside hide too.
    if (event.target === event.currentTarget && this.isBusy) event.preventDefault();
  }

  #hidden(event: Event): void {
    if (event.target === event.currentTarget) this.#end();
  }

  #end(): void {
    this.send('sw-close', { settled: this.#settled });
  }
}

function skippedNote(skipped: readonly DriftItem[], way: Way): TemplateResult {
  return html`<wa-callout variant="neutral" size="s">
    ${t.skipped(skipped.length)}
    <ul>
      ${skipped.map((item) => html`<li>${kindName(item.kind)} ${item.name}: ${driftTexts.obstacles[obstacleOf(item, way) ?? 'Missing']}</li>`)}
    </ul>
  </wa-callout>`;
}

define('sw-settle-dialog', SwSettleDialog);
