import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
import { setQuery, withQuery } from '../../app/router.ts';
import type { ObjectPlace } from '../../data/drift.ts';
import { type ObjectThen, objectAt, type Revision, type RevisionDetail, revision, revisionsOf } from '../../data/history.ts';
import { may } from '../../data/session.ts';
import { watch } from '../../data/watch.ts';
import '../../elements/diff.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import { historyTexts as t } from '../../texts/history.ts';
import { kindName } from '../../texts/kinds.ts';
import { momentIn } from './as-of.ts';
import './object-then.ts';
import { objectHistoryStyles } from './object-history.styles.ts';
import { mayGoBack } from './permission.ts';
import { forbidden } from './places.ts';
import './revision-list.ts';
import './rollback-dialog.ts';

interface Loaded {
  readonly revisions: readonly Revision[];
  readonly next: string | undefined;
}

/** Who declared what when, two revisions compared, the way back; and what was declared and there as of a time. */
export class SwObjectHistory extends SwPage {
  static override properties = {
    ...SwPage.properties,
    loaded: { state: true },
    sides: { state: true },
    object: { state: true },
    failure: { state: true },
    goingTo: { state: true },
  };
  static override styles = [base, objectHistoryStyles];

  declare loaded: Loaded | undefined;
  declare sides: { readonly from: RevisionDetail | undefined; readonly to: RevisionDetail } | undefined;
  declare object: ObjectThen | undefined;
  declare failure: unknown;
  /** The revision to roll back to. */
  declare goingTo: number | undefined;
  #endWatch: (() => void) | undefined;
  #shown = '';
  #compared = '';

  override connectedCallback(): void {
    super.connectedCallback();
    const isMine = (key: string) => key === `${this.#place.kind}/${this.#place.namespace}/${this.#place.name}`;
    this.#endWatch = watch({
      types: ['object'],
      changed: ({ key, body }) => void (isMine(key) && body?.['generation'] !== this.loaded?.revisions[0]?.revision && this.#load()),
      reset: () => void (this.#mayLook && this.#load()),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endWatch?.();
  }

  get #place(): ObjectPlace {
    const { kind = '', namespace = '', name = '' } = this.params;
    return { kind, namespace: namespace === '-' ? '' : namespace, name };
  }

  /** An object may have moved between clusters: its history takes a role in its namespace, whatever the cluster. */
  get #mayLook(): boolean {
    return may('history.read', { cluster: '*', namespace: this.#place.namespace || '*' });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { kind, namespace, name } = this.#place;
    if (!this.#mayLook) return;
    const shown = JSON.stringify([kind, namespace, name, momentIn(this.query)]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      void this.#load();
    }
    if (changed.has('loaded') || changed.has('query')) void this.#compare();
  }

  async #load(): Promise<void> {
    const shown = this.#shown;
    const at = momentIn(this.query);
    try {
      const [revisions, object] = await Promise.all([revisionsOf(this.#place), objectAt(this.#place, at)]);
      if (shown !== this.#shown) return;
      this.object = object;
      this.loaded = { revisions: revisions.items, next: revisions.next };
      this.failure = undefined;
    } catch (error) {
      if (shown === this.#shown) this.failure = error;
    }
  }

  async #more(): Promise<void> {
    const { loaded } = this;
    if (!loaded?.next) return;
    const { items, next } = await revisionsOf(this.#place, loaded.next);
    this.loaded = { revisions: [...loaded.revisions, ...items], next };
  }

  /** The two revisions that the address names; the newest and the one before it, unless it does. */
  get #pair(): { readonly from: number | undefined; readonly to: number } | undefined {
    const numbers = this.loaded?.revisions.map((one) => one.revision) ?? [];
    const asked = (name: string) => numbers.find((one) => String(one) === this.query.get(name));
    const to = asked('to') ?? numbers[0];
    if (to === undefined) return undefined;
    return { from: asked('from') ?? numbers.find((one) => one < to), to };
  }

  async #compare(): Promise<void> {
    const pair = this.#pair;
    if (!pair) return;
    const compared = JSON.stringify([this.#place, pair]);
    if (compared === this.#compared) return;
    this.#compared = compared;
    try {
      const [from, to] = await Promise.all([
        pair.from === undefined ? undefined : revision(this.#place, pair.from),
        revision(this.#place, pair.to),
      ]);
      if (compared === this.#compared) this.sides = { from, to };
    } catch (error) {
      if (compared === this.#compared) this.failure = error;
    }
  }

  override render() {
    if (!this.#mayLook) return forbidden('history.read');
    const { kind, namespace, name } = this.#place;
    const at = momentIn(this.query);
    const { loaded, object } = this;
    const observed = object?.observed;
    return html`
      <sw-page-header .heading=${t.of(kindName(kind), name)}>
        <span slot="about" class="quiet">${[namespace, object?.declared.cluster].filter((one) => one).join(' · ')}</span>
        <span slot="actions" class="links">
          ${observed?.state === 'present' ? html`<a href="/resources/${observed.type}/${encodeURIComponent(observed.cluster ?? '')}/${encodeURIComponent(observed.id ?? '')}">${t.resource}</a>` : nothing}
          <a href="/audit?object=${[kind, namespace, name]
            .filter((one) => one !== '')
            .map(encodeURIComponent)
            .join('/')}">${t.audit}</a>
        </span>
      </sw-page-header>
      ${this.failure === undefined ? nothing : html`<sw-problem .problem=${this.failure} @retry=${() => this.#load()}></sw-problem>`}
      ${loaded && object ? this.#found(loaded, object, at) : this.failure === undefined ? html`<sw-loading lines="8"></sw-loading>` : nothing}
    `;
  }

  #found(loaded: Loaded, object: ObjectThen, at: string | undefined): TemplateResult {
    const { revisions } = loaded;
    return html`
      <sw-as-of .at=${at} .knownSince=${revisions.at(-1)?.at} .marks=${revisions.map((one) => one.at)}></sw-as-of>
      <div class="columns">
        <sw-revision-list
          .revisions=${revisions}
          .from=${this.#pair?.from}
          .to=${this.#pair?.to}
          .current=${object.declared.revision}
          .may=${mayGoBack(this.#place, object)}
          ?past=${at !== undefined}
          ?more=${loaded.next !== undefined}
          @sw-pair=${(event: CustomEvent<{ from?: number; to?: number }>) => setQuery({ from: number(event.detail.from), to: number(event.detail.to) })}
          @sw-roll-back=${(event: CustomEvent<{ revision: number }>) => (this.goingTo = event.detail.revision)}
          @sw-more=${() => this.#more()}
        ></sw-revision-list>
        <div class="main">${at === undefined ? this.#comparison() : html`<sw-object-then .object=${object}></sw-object-then>`}</div>
      </div>
      ${
        this.goingTo === undefined
          ? nothing
          : html`<sw-rollback-dialog .place=${this.#place} .revision=${this.goingTo} @sw-close=${() => ((this.goingTo = undefined), void this.#load())}></sw-rollback-dialog>`
      }
    `;
  }

  #comparison(): TemplateResult {
    const { sides } = this;
    if (!sides) return html`<sw-loading></sw-loading>`;
    const { from, to } = sides;
    const labels = { before: from ? t.revision(from.revision) : '', after: t.revision(to.revision) };
    return html`<h2>${from ? t.compared(from.revision, to.revision) : t.first(to.revision)}</h2>
      <sw-diff .before=${from?.spec && { spec: from.spec }} .after=${to.spec && { spec: to.spec }} .labels=${labels}></sw-diff>
      ${this.query.has('from') || this.query.has('to') ? html`<p><a href=${withQuery({ from: undefined, to: undefined })}>${t.toNow}</a></p>` : nothing}`;
  }
}

function number(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

define('sw-object-history', SwObjectHistory);
