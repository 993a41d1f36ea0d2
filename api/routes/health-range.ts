import { parseDuration } from '#controller/kinds/duration.ts';
import { parseMoment } from './audit-schema.ts';
import { Refused } from './cloud-connection-request.ts';

export interface HealthQuery {
  readonly since?: string;
  readonly until?: string;
  readonly step?: string;
}

/** Epoch ms. */
export interface HealthRange {
  readonly since: number;
  readonly until: number;
  readonly stepMs: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const usualSteps = [1, 5, 15, 60, 180, 360].map((minutes) => minutes * minuteMs);
const mostPoints = 1500;

const text = { type: 'string' } as const;
const moment = (what: string) => ({ ...text, format: 'moment', maxLength: 40, description: what });

/** What a question about some time takes; `usualPoints` is how many it answers at most when no step is told. */
export const healthQuery = (usualPoints: number) =>
  ({
    type: 'object',
    additionalProperties: false,
    properties: {
      since: moment('a time such as 2026-11-29T09:30:00Z or a date; from then on. Default: a day before until.'),
      until: moment('a time such as 2026-11-29T09:30:00Z or a date; before then. Default: now.'),
      step: {
        ...text,
        pattern: '^([0-9]{1,4}(m|h))+$',
        maxLength: 16,
        description: `how long a point is, as 1m, 15m or 6h. Default: what gives ${usualPoints} points at most.`,
      },
    },
  }) as const;

/** Throws Refused, as `checkStrictly` words it. */
export function rangeOf(query: HealthQuery, { now, usualPoints }: { readonly now: number; readonly usualPoints: number }): HealthRange {
  const until = parse(query.until) ?? now;
  const since = parse(query.since) ?? until - dayMs;
  if (since >= until) throw wrong('since', 'It has to be before until.');
  const length = until - since;
  const longest = usualSteps.at(-1) ?? dayMs;
  const stepMs =
    query.step === undefined ? (usualSteps.find((step) => length / step <= usualPoints) ?? longest) : parseDuration(query.step);
  if (stepMs < minuteMs) throw wrong('step', 'A minute is the shortest.');
  if (length / stepMs > mostPoints)
    throw wrong('step', `That would be more than ${mostPoints} points. Take a longer step or a shorter time.`);
  return { since, until, stepMs };
}

function parse(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseMoment(text);
}

function wrong(field: string, message: string): Refused {
  return new Refused(400, 'BadRequest', `${field}: ${message}`, { errors: [{ field, message }] });
}
