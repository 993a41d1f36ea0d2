import type { HealthPoint, HealthRecords } from './records.ts';
import { type DriftCounts, mergeServices, type ServiceHealth } from './sample.ts';

/** A step of time of one cloud, in the few figures that charts over all clouds show; calls are those to all its services. */
export interface SeriesPoint extends ServiceHealth {
  /** Epoch ms at which it begins. */
  readonly at: number;
  /** Minutes in which it was asked at all, and in which it answered. */
  readonly asked: number;
  readonly reachable: number;
  readonly drift?: DriftCounts;
}

/** The same as `records.read` in a smaller form, and cheap to ask for again and again: what is over does not change and is remembered. */
export interface HealthSeries {
  /** Points in [since, until) of `stepMs` each, oldest first; steps without a sample are left out. Epoch ms. */
  read(
    cluster: string,
    range: { readonly since: number; readonly until: number; readonly stepMs: number },
  ): Promise<readonly SeriesPoint[]>;
}

interface Remembered {
  /** Steps in [from, to) are over. */
  readonly from: number;
  readonly to: number;
  readonly points: readonly SeriesPoint[];
}

/** A sample is stored when its cloud has answered: some time after the moment it is of. */
const lateMs = 2 * 60_000;
/** Clouds times steps that people look at. */
const mostRemembered = 400;

export function createHealthSeries(records: Pick<HealthRecords, 'read'>, now: () => number): HealthSeries {
  const remembered = new Map<string, Remembered>();
  const remember = (key: string, one: Remembered) => {
    // Again at the end: the first is then the one that was not asked for longest.
    remembered.delete(key);
    remembered.set(key, one);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= mostRemembered) break;
      remembered.delete(oldest);
    }
  };
  return {
    async read(cluster, { since, until, stepMs }) {
      const from = since - (since % stepMs);
      const begunLast = until - (until % stepMs);
      const key = `${stepMs} ${cluster}`;
      const known = remembered.get(key);
      const isOfUse = known !== undefined && known.from <= from && known.to > from;
      const readFrom = isOfUse ? Math.min(known.to, begunLast) : from;
      const old = isOfUse ? known.points.filter(({ at }) => at >= from && at < readFrom) : [];
      const fresh = readFrom < until ? await records.read(cluster, { since: readFrom, until, stepMs }) : [];
      const points = [...old, ...fresh.map(seriesPoint)];
      const over = Math.min(begunLast, now() - lateMs);
      const to = Math.max(over - (over % stepMs), readFrom);
      if (!isOfUse || to >= known.to) remember(key, { from, to, points: points.filter(({ at }) => at < to) });
      return points;
    },
  };
}

function seriesPoint({ at, asked, reachable, services, drift }: HealthPoint): SeriesPoint {
  return { at, asked, reachable, ...mergeServices(Object.values(services)), ...(drift && { drift }) };
}
