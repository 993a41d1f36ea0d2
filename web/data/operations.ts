import { ask } from './http.ts';

export const operationStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type OperationState = (typeof operationStates)[number];

/** The action of many operations asked for at once. */
export const bulk = 'bulk';

/** What somebody asked for that takes time, as the API shows it. */
export interface Operation {
  readonly id: string;
  /** `instance.start`, ...; `bulk` for many at once. */
  readonly action: string;
  readonly actor: string;
  /** '' for a bulk. */
  readonly cluster: string;
  readonly type: string;
  readonly target: string;
  readonly targetName: string;
  readonly namespace: string;
  readonly state: OperationState;
  readonly percent: number;
  readonly steps: readonly { readonly name: string; readonly percent: number; readonly at?: string }[];
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly result?: unknown;
  readonly problem?: { readonly title: string; readonly detail: string; readonly requestIds?: readonly string[] };
  readonly requestIds: readonly string[];
  readonly parent?: string;
  readonly retryOf?: string;
  /** How many items of a bulk are in each state. */
  readonly counts?: Readonly<Partial<Record<OperationState, number>>>;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly cancelRequestedAt?: string;
  /** Seconds. */
  readonly elapsed: number;
}

export interface OperationFilter {
  readonly state?: string | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly cluster?: string | undefined;
  readonly type?: string | undefined;
  readonly target?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface OperationPage {
  readonly items: readonly Operation[];
  readonly next?: string;
}

interface PageOptions {
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal;
}

const all = '/api/v1/operations';
const one = (id: string) => `${all}/${encodeURIComponent(id)}`;

/** Newest first. Throws Problem. */
export function listOperations(filter: OperationFilter, { limit = 50, cursor, signal }: PageOptions = {}): Promise<OperationPage> {
  return ask<OperationPage>(all, { query: { ...filter, limit, cursor }, ...(signal && { signal }) });
}

/** Throws Problem. */
export const getOperation = (id: string): Promise<Operation> => ask<Operation>(one(id));

/** What came of each resource of a bulk. Throws Problem. */
export function itemsOfOperation(id: string, { limit = 100, cursor, signal }: PageOptions = {}): Promise<OperationPage> {
  return ask<OperationPage>(`${one(id)}/items`, { query: { limit, cursor }, ...(signal && { signal }) });
}

/** Throws Problem. */
export const cancelOperation = (id: string): Promise<Operation> => ask<Operation>(`${one(id)}/cancel`, { method: 'POST' });

/** Once more, as a new operation; of a bulk what failed or was cancelled. Throws Problem. */
export const retryOperation = (id: string): Promise<Operation> => ask<Operation>(`${one(id)}/retry`, { method: 'POST' });

export const hasEnded = ({ state }: Operation): boolean => state !== 'queued' && state !== 'running';

/** A bulk has failed for who looks at it when one of its items has. */
export const hasFailed = ({ state, counts }: Operation): boolean => state === 'failed' || (counts?.failed ?? 0) > 0;
