import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { HealthRecords } from '#controller/health/records.ts';
import { createHealthSeries, type SeriesPoint } from '#controller/health/series.ts';
import { typeOfKind } from '#controller/lists/noun.ts';
import type { Overview, StalledObject } from '#controller/overview.ts';
import type { Access } from '../auth/gate.ts';
import { checkStrictly } from './cloud-connection-request.ts';
import { type HealthQuery, type HealthRange, healthQuery, rangeOf } from './health-range.ts';
import { driftAnswer, healthAnswer, stalledAnswer, stalledQuery } from './overview-schema.ts';
import { problem } from './problem.ts';
import { maySeeRow } from './resource-access.ts';

export interface OverviewRoutesOptions {
  readonly health: Pick<HealthRecords, 'read'>;
  /** Undefined until the controller runs. */
  overview(): { readonly now: Overview; readonly clusters: readonly string[] } | undefined;
  /** Epoch ms. */
  now(): number;
}

type Points = readonly (SeriesPoint | undefined)[];
type FiguresOf = (cluster: string, points: Points) => object;

/** Taken unless a step is told: a chart of all clouds has room for so many. */
const usualPoints = 120;
const access: Access = { permission: 'cluster.read', at: 'anywhere' };

/**
 * `GET /api/v1/overview/health` and `/drift`: figures of all clouds over time, one list of times and for each cloud one list a figure, null
 * where nothing was sampled; `/stalled`: objects that need a person now. MUST be registered where the gate stands.
 */
export const overviewRoutes: FastifyPluginAsync<OverviewRoutesOptions> = async (app, options) => {
  checkStrictly(app);
  const series = createHealthSeries(options.health, () => options.now());
  /** What each of `figuresOf` tells of the clouds that somebody may see. */
  const overTime = async (request: FastifyRequest, reply: FastifyReply, figuresOf: (now: Overview) => FiguresOf) => {
    const found = running(options, reply);
    if (!found) return reply;
    const range = rangeOf(request.query as HealthQuery, { now: options.now(), usualPoints });
    const times = timesIn(range);
    const figures = figuresOf(found.now);
    const clouds = seenBy(request, found.clusters).map(async (cluster) => {
      const points = placed(await series.read(cluster, range), times);
      return { cluster, ...figures(cluster, points) };
    });
    return { step: range.stepMs / 1000, at: times.map(timeOf), clouds: await Promise.all(clouds) };
  };

  app.get(
    '/api/v1/overview/health',
    { schema: { querystring: healthQuery(usualPoints), response: healthAnswer }, config: { access } },
    (request, reply) => overTime(request, reply, () => (_, points) => healthOf(points)),
  );

  app.get(
    '/api/v1/overview/drift',
    { schema: { querystring: healthQuery(usualPoints), response: driftAnswer }, config: { access } },
    (request, reply) =>
      overTime(request, reply, (overview) => {
        const counts = overview.drift();
        return (cluster, points) => ({ now: counts.get(cluster) ?? null, ...driftOf(points) });
      }),
  );

  app.get<{ Querystring: { readonly limit: number } }>(
    '/api/v1/overview/stalled',
    // What one may see depends on the kind; nobody is refused, but they may see none.
    { schema: { querystring: stalledQuery, response: stalledAnswer }, config: { access: 'signed-in' } },
    async (request, reply) => {
      const found = running(options, reply);
      if (!found) return reply;
      const objects = found.now.stalled().filter((object) => maySee(request, object));
      return { items: objects.slice(0, request.query.limit), total: objects.length };
    },
  );
};

function running(options: OverviewRoutesOptions, reply: FastifyReply): ReturnType<OverviewRoutesOptions['overview']> {
  const found = options.overview();
  if (!found) void problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
  return found;
}

function seenBy(request: FastifyRequest, clusters: readonly string[]): string[] {
  return clusters.filter((cluster) => request.may('cluster.read', { cluster, namespace: '*' }).allowed);
}

function maySee(request: FastifyRequest, { kind, cluster, namespace }: StalledObject): boolean {
  const type = typeOfKind.get(kind);
  if (!type) return request.may('cluster.read', { cluster, namespace: '*' }).allowed;
  return maySeeRow(request.identity, type, { cluster, namespace });
}

function timesIn({ since, until, stepMs }: HealthRange): number[] {
  const first = since - (since % stepMs);
  return Array.from({ length: Math.ceil((until - first) / stepMs) }, (_, index) => first + index * stepMs);
}

/** One place for each time, undefined where nothing is known. */
function placed(points: readonly SeriesPoint[], times: readonly number[]): (SeriesPoint | undefined)[] {
  const byTime = new Map(points.map((point) => [point.at, point]));
  return times.map((time) => byTime.get(time));
}

function healthOf(points: Points) {
  const each = (of: (point: SeriesPoint) => number | undefined) => points.map((point) => (point && of(point)) ?? null);
  return {
    asked: each(({ asked }) => asked),
    reachable: each(({ reachable }) => reachable),
    calls: each(({ calls }) => calls),
    errors: each(({ errors }) => errors),
    p50: each(({ p50 }) => p50),
    p95: each(({ p95 }) => p95),
  };
}

function driftOf(points: Points) {
  const each = (of: keyof NonNullable<SeriesPoint['drift']>) => points.map((point) => point?.drift?.[of] ?? null);
  return {
    drifted: each('drifted'),
    missing: each('missing'),
    contested: each('contested'),
    undeclared: each('undeclared'),
    stalled: each('stalled'),
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
