import type { HealthPoint } from '../../../data/connections.ts';
import type { ChartSeries } from '../../../elements/chart-series.ts';

/** Calls to one service in the time that is shown. */
export interface ServiceSum {
  readonly service: string;
  readonly calls: number;
  readonly errors: number;
  /** ms; undefined when nothing was answered. Weighted by calls. */
  readonly p50: number | undefined;
  /** ms, the worst. */
  readonly p95: number | undefined;
}

/** The services that were called, by name. */
export function servicesIn(points: readonly HealthPoint[]): readonly string[] {
  return [...new Set(points.flatMap(({ services }) => Object.keys(services)))].toSorted();
}

export function sumsOf(points: readonly HealthPoint[]): readonly ServiceSum[] {
  return servicesIn(points).map((service) => {
    const parts = points.flatMap(({ services }) => services[service] ?? []);
    const timed = parts.filter(({ p50 }) => p50 !== undefined);
    const weight = timed.reduce((sum, { calls }) => sum + calls, 0);
    return {
      service,
      calls: parts.reduce((sum, { calls }) => sum + calls, 0),
      errors: parts.reduce((sum, { errors }) => sum + errors, 0),
      p50: weight === 0 ? undefined : timed.reduce((sum, { p50 = 0, calls }) => sum + p50 * calls, 0) / weight,
      p95: timed.length === 0 ? undefined : Math.max(...timed.map(({ p95 = 0 }) => p95)),
    };
  });
}

/** One line a service; where it was not called the line has a gap. */
export function linesOfServices(
  points: readonly HealthPoint[],
  field: 'p95' | 'errors',
  nameOf: (service: string) => string,
): readonly ChartSeries[] {
  return servicesIn(points).map((service) => ({
    name: nameOf(service),
    points: points.map(({ at, services }) => ({ x: Date.parse(at), y: services[service]?.[field] ?? null })),
  }));
}

/** The part of the minutes it was asked in that it answered in; undefined when it was not asked. */
export function availability(points: readonly HealthPoint[]): number | undefined {
  const asked = points.reduce((sum, point) => sum + point.asked, 0);
  return asked === 0 ? undefined : points.reduce((sum, point) => sum + point.reachable, 0) / asked;
}
