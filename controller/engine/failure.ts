import type { JsonObject } from './json.ts';
import { type Outcome, polling, retrying, stalled } from './outcome.ts';
import { type Pass, StepFailed } from './pass.ts';
import type { LoopDeps, Verdict } from './ports.ts';
import { AuditUnavailable } from './scribe.ts';

/** What comes of a pass that threw; audits an attempt that failed, once until it fails otherwise or succeeds. */
export async function outcomeOf<Cloud>(error: unknown, pass: Pass<Cloud>): Promise<Outcome> {
  if (error instanceof AuditUnavailable) return retrying({ reason: 'AuditUnavailable', message: error.message });
  if (!(error instanceof StepFailed)) return outcomeFor(verdictOn(error, pass.deps));
  const verdict = verdictOn(error.cause, pass.deps);
  // "Not now" is no failure: the cloud says so in its everyday life.
  if (verdict.kind !== 'waiting') await auditFailure(error, verdict, pass);
  const outcome = outcomeFor(verdict);
  const { drift, status } = error.found;
  const isRefusedCreate = error.step === 'create' && verdict.refused === true;
  const fields: JsonObject = { ...status, ...(isRefusedCreate && { intent: null }) };
  return { ...outcome, status: fields, ...(drift && { drift }) };
}

/** What comes of an error that no step of ours is behind. */
export function outcomeFor(verdict: Verdict): Outcome {
  switch (verdict.kind) {
    case 'waiting':
      return polling(verdict);
    case 'transient':
      return retrying(verdict, verdict.retryAfterMs === undefined ? {} : { atLeastMs: verdict.retryAfterMs });
    case 'stalled':
      return stalled(verdict);
  }
}

/** The composition root's verdict; an error it stumbles over is ours, and no reason to stop. */
export function verdictOn(error: unknown, deps: Pick<LoopDeps<unknown>, 'classify' | 'log'>): Verdict {
  try {
    return deps.classify(error);
  } catch (flaw) {
    deps.log('error', 'Classifying an error failed', { error: String(error), flaw: String(flaw) });
    return { kind: 'transient', reason: 'InternalError', message: 'An error of the controller itself; see its log.' };
  }
}

async function auditFailure<Cloud>(failed: StepFailed, verdict: Verdict, { memory, scribe }: Pass<Cloud>): Promise<void> {
  const type = { create: 'CreateFailed', update: 'UpdateFailed', delete: 'DeleteFailed' }[failed.step];
  // Request ids in a message differ each time; the failure is the same.
  const fingerprint = `${type} ${verdict.message.replaceAll(/req-[0-9a-f-]{36}/g, '')}`;
  if (memory.failure === fingerprint) return;
  memory.failure = fingerprint;
  await scribe.after({ type, message: verdict.message, result: 'failed', changes: failed.changes, requestIds: failed.requestIds });
}
