import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { driftOf, type ObjectDrift, type Way } from '../../data/drift.ts';
import { watch } from '../../data/watch.ts';
import '../../elements/diff.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/state.ts';
import { driftTexts as t } from '../../texts/drift.ts';
import { formatTime } from '../../texts/format.ts';
import './drift-item.ts';
import './settle-dialog.ts';

/** The drift of one object, as it is now, with what to do about it; and what is ignored of it. */
export class SwDriftObject extends SwElement {
  static override properties = {
    kind: { type: String },
    namespace: { type: String },
    name: { type: String },
    drift: { state: true },
    failure: { state: true },
    settling: { state: true },
  };
  static override styles = base;

  declare kind: string;
  declare namespace: string;
  declare name: string;
  declare drift: ObjectDrift | undefined;
  declare failure: unknown;
  declare settling: Way | undefined;
  #endWatch: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    const isMine = (key: string) => key === `${this.kind}/${this.namespace}/${this.name}`;
    this.#endWatch = watch({ types: ['object'], changed: ({ key }) => void (isMine(key) && this.#ask()), reset: () => void this.#ask() });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endWatch?.();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!['kind', 'namespace', 'name'].some((one) => changed.has(one as 'kind'))) return;
    this.drift = undefined;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      this.drift = await driftOf(this);
      this.failure = undefined;
    } catch (error) {
      this.failure = error;
    }
  }

  override render(): TemplateResult {
    const { drift } = this;
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#ask()}></sw-problem>`;
    if (!drift) return html`<sw-loading></sw-loading>`;
    return html`
      ${
        drift.isDrifted
          ? html`<sw-drift-item alone .item=${drift} @sw-settle=${(event: CustomEvent<{ way: Way }>) => (this.settling = event.detail.way)}></sw-drift-item>`
          : html`<sw-empty icon="circle-check" .heading=${t.none.title} .text=${t.none.text}></sw-empty>`
      }
      ${drift.ignored.length > 0 ? ignoredList(drift) : nothing}
      ${
        this.settling
          ? html`<sw-settle-dialog .way=${this.settling} .items=${[drift]} @sw-close=${() => ((this.settling = undefined), void this.#ask())}></sw-settle-dialog>`
          : nothing
      }
    `;
  }
}

function ignoredList({ ignored }: ObjectDrift): TemplateResult {
  return html`<h3>${t.ignored}</h3>
    <sw-diff plain .changes=${ignored.map(({ path, declared, observed }) => ({ path, from: declared, to: observed }))} .labels=${{ before: t.declared, after: t.observed }}></sw-diff>
    <ul>
      ${ignored.map(({ path, reason, until }) => html`<li><span class="mono">${path}</span>: ${until ? t.ignoredUntil(reason, formatTime(until)) : reason}</li>`)}
    </ul>`;
}

define('sw-drift-object', SwDriftObject);
