import type { JsonObject } from '#controller/engine/json.ts';
import type { FieldProblem } from '../routes/problem.ts';

/** A time for which a declared field is left as a person makes it. */
export interface Override {
  /** RFC 3339. */
  readonly until: string;
  readonly reason: string;
}

const longestMs = 30 * 24 * 3_600_000;

/** What is given as `override` beside the input of an action; a list of problems when it is none. */
export function readOverride(given: unknown, now: number): Override | FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { until, reason, ...others } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  const end =
    typeof until === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(until)
      ? Date.parse(until)
      : Number.NaN;
  if (!(end > now && end <= now + longestMs)) {
    problems.push({ field: 'override.until', message: 'Allowed: a time to come within 30 days, as 2026-11-29T08:00:00Z.' });
  }
  if (typeof reason !== 'string' || reason.length === 0 || reason.length > 500) {
    problems.push({ field: 'override.reason', message: 'Allowed: why, in 1 to 500 characters, for whoever looks at it later.' });
  }
  for (const field of Object.keys(others)) {
    problems.push({ field: `override.${field}`, message: 'There is no such field; known are until, reason.' });
  }
  return problems.length > 0 ? problems : { until: new Date(end).toISOString(), reason: reason as string };
}

/**
 * The `spec.ignore` under which the reconciler leaves the fields of a patch alone for the time of an override. Other entries stay;
 * those for the same fields are replaced.
 */
export function ignoringFor(spec: JsonObject, patch: JsonObject, { until, reason }: Override): JsonObject {
  const paths = Object.keys(patch).map((field) => `spec.${field}`);
  const others = ((spec['ignore'] ?? []) as readonly JsonObject[]).filter(({ path }) => !paths.some((one) => one === path));
  return { ignore: [...others, ...paths.map((path) => ({ path, reason, until }))] };
}
