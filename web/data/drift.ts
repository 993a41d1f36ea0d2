import type { DriftItem, Way } from '#api/drift/answer.ts';
import type { Cause } from '#api/drift/found.ts';
import type { Settlement } from '#api/drift/settle.ts';
import type { Survey, SurveyQuery } from '#api/drift/survey.ts';
import type { PresentedCloud } from '#api/routes/resource-answers.ts';
import { ask } from './http.ts';

export type { DriftField, DriftItem, Obstacle, Way } from '#api/drift/answer.ts';
export type { Cause } from '#api/drift/found.ts';
export type { Settlement } from '#api/drift/settle.ts';
export type { DriftGroup } from '#api/drift/survey.ts';
export type { PresentedCloud } from '#api/routes/resource-answers.ts';

export const causes: readonly Cause[] = ['drifted', 'missing', 'contested', 'undeclared'];

/** All that is not as declared, over all clouds. */
export type DriftSurvey = Omit<Survey, 'items'> & { readonly items: readonly DriftItem[]; readonly clouds: readonly PresentedCloud[] };

export interface ObjectPlace {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** One object: also what is ignored, and who is known to have changed it. */
export interface ObjectDrift extends DriftItem {
  readonly isDrifted: boolean;
  readonly changedBy: readonly string[];
  readonly ignored: readonly {
    readonly path: string;
    readonly declared: unknown;
    readonly observed: unknown;
    readonly reason: string;
    readonly until?: string;
  }[];
}

export interface SettleBody {
  /** All drift when empty. */
  readonly paths: readonly string[];
  readonly reason?: string;
  readonly until?: string;
  readonly dryRun?: boolean;
}

/** Throws Problem. */
export function surveyDrift(query: Partial<SurveyQuery>, signal?: AbortSignal): Promise<DriftSurvey> {
  return ask<DriftSurvey>('/api/v1/drift', { query: { ...query }, ...(signal && { signal }) });
}

/** Throws Problem. */
export function driftOf(place: ObjectPlace, signal?: AbortSignal): Promise<ObjectDrift> {
  return ask<ObjectDrift>(pathOf(place), signal ? { signal } : {});
}

/** Accepts, reverts once or ignores; with `dryRun` only says what that would change. Throws Problem. */
export function settleDrift(way: Way, place: ObjectPlace, body: SettleBody): Promise<Settlement> {
  return ask<Settlement>(`${pathOf(place)}/${way}`, { method: 'POST', body });
}

function pathOf({ kind, namespace, name }: ObjectPlace): string {
  return `/api/v1/objects/${[kind, namespace, name].map(encodeURIComponent).join('/')}/drift`;
}
