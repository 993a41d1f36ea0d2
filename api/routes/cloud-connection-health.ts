import type { FastifyPluginAsync } from 'fastify';
import type { HealthPoint } from '#controller/health/records.ts';
import { parseDuration } from '#controller/kinds/duration.ts';
import { parseMoment } from './audit-schema.ts';
import {
  asItself,
  atCluster,
  type ClusterRoute,
  type ConnectionContext,
  checkStrictly,
  clusterNamed,
  Refused,
} from './cloud-connection-request.ts';
import { healthQuery, nameParams } from './cloud-connections-schema.ts';

interface HealthQuery {
  readonly since?: string;
  readonly until?: string;
  readonly step?: string;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const usualSteps = [1, 5, 15, 60, 180, 360].map((minutes) => minutes * minuteMs);
const usualPoints = 300;
const mostPoints = 1500;

/**
 * `GET /api/v1/clusters/NAME/health`: points of one step each, oldest first. Of each how many minutes it was asked and answered in, calls, errors
 * and latencies (ms) by service, and what was last known of token, credential and quotas. Steps without a sample are left out.
 */
export const connectionHealthRoutes: FastifyPluginAsync<ConnectionContext> = async (app, context) => {
  checkStrictly(app);
  app.get<ClusterRoute & { Querystring: HealthQuery }>(
    '/api/v1/clusters/:cluster/health',
    { schema: { params: nameParams, querystring: healthQuery }, config: { access: atCluster('cluster.read') } },
    async ({ params, query }) => {
      await clusterNamed(asItself(context), params.cluster);
      const range = rangeOf(query, Date.now());
      const points = (await context.health?.read(params.cluster, range)) ?? [];
      return { cluster: params.cluster, step: range.stepMs / 1000, items: points.map(present) };
    },
  );
};

function rangeOf(query: HealthQuery, now: number): { since: number; until: number; stepMs: number } {
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

function present({ at, ...point }: HealthPoint) {
  return { at: new Date(at).toISOString(), ...point };
}
