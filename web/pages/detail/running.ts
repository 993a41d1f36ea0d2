import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import { cancelOperation, hasEnded, listOperations, type Operation } from '../../data/operations.ts';
import { watch } from '../../data/watch.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { actionName } from '../../texts/action-names.ts';
import { detailTexts as t } from '../../texts/detail.ts';

/** Operations under way on one resource, whoever asked for them: step, per cent, cancel. */
export class SwDetailRunning extends SwElement {
  static override properties = {
    cluster: { type: String },
    type: { type: String },
    id: { attribute: false },
    operations: { state: true },
  };
  static override styles = [
    base,
    css`
      ul {
        display: grid;
        gap: var(--wa-space-2xs);
        margin: 0 0 var(--wa-space-s);
        padding: var(--wa-space-xs) var(--wa-space-s);
        list-style: none;
        background: var(--wa-color-brand-fill-quiet);
        border-radius: var(--wa-border-radius-m);
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 8rem auto;
        align-items: center;
        gap: var(--wa-space-s);
      }
      wa-progress-bar {
        --track-height: 0.5rem;
      }
      @media (max-width: 560px) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        wa-progress-bar {
          grid-row: 2;
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  declare cluster: string;
  declare type: string;
  declare id: string;
  declare operations: readonly Operation[];

  #stop: (() => void) | undefined;

  constructor() {
    super();
    this.operations = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = watch({
      types: ['operation'],
      changed: ({ body }) => body && this.#take(body as unknown as Operation),
      reset: () => void this.#read(),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('id') || changed.has('cluster')) void this.#read();
  }

  override render() {
    if (this.operations.length === 0) return nothing;
    return html`<ul aria-label=${t.running.title}>
      ${this.operations.map((one) => {
        const step = one.state === 'queued' ? t.running.queued : (one.steps.at(-1)?.name ?? '');
        return html`<li>
          <span><strong>${actionName(one.action)}</strong> <span class="quiet">${one.actor} · ${step}</span></span>
          <wa-progress-bar .value=${one.percent} label=${`${actionName(one.action)} ${one.percent} %`}></wa-progress-bar>
          <wa-button size="s" appearance="plain" ?disabled=${one.cancelRequestedAt !== undefined} @click=${() => this.#cancel(one)}>
            ${one.cancelRequestedAt === undefined ? t.running.cancel : t.running.cancelling}
          </wa-button>
        </li>`;
      })}
    </ul>`;
  }

  async #read(): Promise<void> {
    const { cluster, type, id } = this;
    if (!id) return;
    try {
      const { items } = await listOperations({ cluster, type, target: id }, { limit: 10 });
      this.operations = items.filter((one) => !hasEnded(one));
    } catch {
      // Who may see no operations sees none here; the page has the rest.
      this.operations = [];
    }
  }

  #take(operation: Operation): void {
    if (operation.target !== this.id || operation.cluster !== this.cluster || operation.type !== this.type) return;
    const others = this.operations.filter(({ id }) => id !== operation.id);
    this.operations = hasEnded(operation) ? others : [...others, operation];
  }

  async #cancel({ id }: Operation): Promise<void> {
    try {
      this.#take(await cancelOperation(id));
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
  }
}

define('sw-detail-running', SwDetailRunning);
