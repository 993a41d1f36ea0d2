import { css, html, nothing } from 'lit';
import type { Operation, OperationState } from '../data/operations.ts';
import { actionName } from '../texts/action-names.ts';
import { operationTexts as t } from '../texts/operations.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import type { IconName } from './icons.ts';

const icons: Readonly<Record<OperationState, IconName>> = {
  queued: 'clock',
  running: 'refresh-cw',
  succeeded: 'circle-check',
  failed: 'circle-x',
  cancelled: 'minus',
};

/** How an operation stands: a sign, a word, and how far it is while it is under way. */
export class SwOperationState extends SwElement {
  static override properties = { operation: { attribute: false } };
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        vertical-align: middle;
        align-items: center;
        gap: var(--wa-space-2xs);
        white-space: nowrap;
      }
      .failed {
        color: var(--wa-color-danger-on-quiet);
      }
      .succeeded {
        color: var(--wa-color-success-on-quiet);
      }
      .queued,
      .cancelled {
        color: var(--wa-color-text-quiet);
      }
      .running {
        color: var(--wa-color-brand-on-quiet);
      }
      progress {
        width: 5rem;
        height: 0.45rem;
        accent-color: var(--wa-color-brand-fill-loud);
      }
    `,
  ];

  declare operation: Operation;

  override render() {
    const { state, percent, cancelRequestedAt, counts } = this.operation;
    const isOpen = state === 'running' || state === 'queued';
    const hasFailures = (counts?.failed ?? 0) > 0;
    const shown = hasFailures && !isOpen ? 'failed' : state;
    const word = isOpen && cancelRequestedAt !== undefined ? t.cancelling : t.states[shown];
    return html`<sw-icon class=${shown} name=${icons[shown]}></sw-icon><span class=${shown}>${word}</span>${
      state === 'running'
        ? html`<progress max="100" .value=${percent} aria-label=${t.progress(operationName(this.operation))}></progress><span class="quiet">${percent} %</span>`
        : nothing
    }`;
  }
}

/** `Start instance web`. */
export function operationName(operation: Operation): string {
  const [what, on] = operationParts(operation);
  return on === '' ? what : `${what} · ${on}`;
}

/** What is done, and to what. */
export function operationParts({ action, targetName, target, counts, input }: Operation): readonly [string, string] {
  if (action !== 'bulk') return [actionName(action), targetName || target];
  const each = (input as { action?: unknown } | null)?.action;
  const size = Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0);
  return [typeof each === 'string' ? actionName(each) : actionName(action), size > 0 ? t.several(size) : ''];
}

define('sw-operation-state', SwOperationState);
