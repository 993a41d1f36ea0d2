import type { ActionInput, Danger } from './actions.ts';
import { ask } from './http.ts';
import type { Operation } from './operations.ts';

export interface BulkTarget {
  readonly cluster: string;
  readonly id: string;
}

/** One action on many: those named, or all that fit a filter. */
export interface BulkWish {
  readonly action: string;
  readonly input: ActionInput;
  readonly targets?: readonly BulkTarget[];
  readonly filter?: string;
}

export interface BulkPreviewItem extends BulkTarget {
  readonly name?: string;
  readonly by?: 'cloud' | 'declaration';
  readonly problem?: { readonly title: string; readonly detail: string };
  readonly loses?: string;
}

/** What would become of it. */
export interface BulkPreview {
  readonly danger: Danger;
  readonly targets: number;
  readonly possible: number;
  /** Of those possible: by changing the declaration. */
  readonly byDeclaration: number;
  readonly refused: readonly { readonly title: string; readonly detail: string; readonly count: number }[];
  readonly takesAlong: readonly { readonly type: string; readonly what: string; readonly count: number }[];
  readonly loses: readonly { readonly what: string; readonly count: number }[];
  /** The first hundred. */
  readonly items: readonly BulkPreviewItem[];
}

const path = '/api/v1/operations';

/** What would become of each; changes nothing. Throws Problem. */
export const previewBulk = (wish: BulkWish, signal?: AbortSignal): Promise<BulkPreview> =>
  ask<BulkPreview>(path, { method: 'POST', query: { dryRun: true }, body: wish, ...(signal && { signal }) });

/** Begins it; sent twice with one `key`, it is begun once. Throws Problem. */
export const beginBulk = (wish: BulkWish, key: string): Promise<Operation> =>
  ask<Operation>(path, { method: 'POST', body: wish, headers: { 'idempotency-key': key }, timeoutMs: 120_000 });
