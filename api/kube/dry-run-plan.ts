import type { Api, Target } from './api.ts';
import type { ApiObject } from './definition.ts';

/** A write or delete that was only tried, as the server would have carried it out. */
export interface Trial {
  readonly object: ApiObject;
  readonly isDeletion: boolean;
}

/** Tells in sentences what a trial would come to outside Kubernetes. */
export type PlanOf = (trial: Trial) => Promise<readonly string[]>;

const patienceMs = 2000;

/**
 * The warnings that go with a dry run of one of the kinds that were defined here. Never an error: a dry run has to answer whether the
 * object is good also when nobody can tell what would come of it.
 */
export async function planWarnings(api: Api, target: Target, trial: Trial): Promise<readonly string[]> {
  const { planOf } = api;
  if (!planOf || target.resource.isBuiltIn || target.subresource !== '') return [];
  let stopWaiting = (): void => undefined;
  const late = new Promise<readonly string[]>((done) => {
    stopWaiting = api.clock.after(patienceMs, () => done([`plan: none within ${patienceMs / 1000} s; ask for it with "stackwarden plan"`]));
  });
  const told = planOf(trial).catch((error: unknown) => {
    api.planFailed?.(error);
    return ['plan: it could not be made; the log of the server says why'];
  });
  return Promise.race([told, late]).finally(() => stopWaiting());
}
