import { and, asc, desc, eq, gte, inArray, lt } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { type HealthSample, mergeSamples, type Quotas } from './sample.ts';

/** A sample, or several of one step, from this time on (epoch ms). */
export interface HealthPoint extends HealthSample {
  readonly at: number;
}

/** How clouds answered, over time. */
export interface HealthRecords {
  add(cluster: string, at: number, sample: HealthSample): Promise<void>;
  /** Points in [since, until) of `stepMs` each, oldest first; steps without a sample are left out. All times in epoch ms. */
  read(cluster: string, range: { readonly since: number; readonly until: number; readonly stepMs: number }): Promise<HealthPoint[]>;
  newest(cluster: string): Promise<HealthPoint | undefined>;
  /** The newest use of quotas that was sampled from `since` on (epoch ms): not each minute tells it. */
  newestQuota(cluster: string, since: number): Promise<{ readonly at: number; readonly quota: Quotas } | undefined>;
  /** Puts samples older than 2 days together by the hour and drops those older than 30 days. */
  thin(now: number): Promise<void>;
  /** The Cluster is gone. */
  forget(cluster: string): Promise<void>;
}

const hourMs = 3_600_000;
const wholeMs = 48 * hourMs;
const keptMs = 30 * 24 * hourMs;
/** Rows read at a time. */
const pageSize = 5000;
/** Among so many samples one tells of quotas, unless the cloud did not. */
const quotaRows = 60;

export function createHealthRecords(store: Store): HealthRecords {
  const health = store.tables.clusterHealth;
  type Row = typeof health.$inferSelect;
  const sampleOf = ({ body }: Row) => body as HealthSample;

  async function* rowsOf(cluster: string, since: number, until: number): AsyncGenerator<Row> {
    let from = since;
    let seen = new Set<number>();
    for (;;) {
      const rows = await store.db
        .select()
        .from(health)
        .where(and(eq(health.cluster, cluster), gte(health.at, from), lt(health.at, until)))
        .orderBy(asc(health.at), asc(health.seq))
        .limit(pageSize);
      yield* rows.filter(({ seq }) => !seen.has(seq));
      const last = rows.at(-1);
      if (rows.length < pageSize || !last) return;
      seen = new Set(rows.filter(({ at }) => at === last.at).map(({ seq }) => seq));
      from = last.at;
    }
  }

  async function thinOf(cluster: string, until: number): Promise<void> {
    let hour: Row[] = [];
    const merge = async () => {
      const [first] = hour;
      if (!first || hour.length < 2) return;
      const seqs = hour.map(({ seq }) => seq);
      const body = mergeSamples(hour.map(sampleOf));
      // Together: neither an hour twice nor an hour lost, whatever ends us in between.
      await store.tx(async (tx) => {
        const gone = await tx.changed(tx.db.delete(health).where(inArray(health.seq, seqs)));
        // Somebody else was at the same hour.
        if (gone === seqs.length) await tx.db.insert(health).values({ cluster, at: first.at, body });
      });
    };
    for await (const row of rowsOf(cluster, 0, until)) {
      const [first] = hour;
      if (first && Math.floor(first.at / hourMs) !== Math.floor(row.at / hourMs)) {
        await merge();
        hour = [];
      }
      hour.push(row);
    }
    await merge();
  }

  return {
    async add(cluster, at, body) {
      await store.db.insert(health).values({ cluster, at, body });
    },
    async read(cluster, { since, until, stepMs }) {
      const steps = new Map<number, HealthSample[]>();
      for await (const row of rowsOf(cluster, since, until)) {
        const start = row.at - (row.at % stepMs);
        const step = steps.get(start);
        if (step) step.push(sampleOf(row));
        else steps.set(start, [sampleOf(row)]);
      }
      return [...steps].map(([at, samples]) => ({ at, ...mergeSamples(samples) }));
    },
    async newest(cluster) {
      const [row] = await store.db.select().from(health).where(eq(health.cluster, cluster)).orderBy(desc(health.at)).limit(1);
      return row && { at: row.at, ...sampleOf(row) };
    },
    async newestQuota(cluster, since) {
      const isRecent = and(eq(health.cluster, cluster), gte(health.at, since));
      const rows = await store.db.select().from(health).where(isRecent).orderBy(desc(health.at)).limit(quotaRows);
      for (const row of rows) {
        const { quota } = sampleOf(row);
        if (quota) return { at: row.at, quota };
      }
      return undefined;
    },
    async thin(now) {
      await store.db.delete(health).where(lt(health.at, now - keptMs));
      const until = now - wholeMs;
      // An hour is put together once it is over.
      const whole = until - (until % hourMs);
      for (const { cluster } of await store.db.selectDistinct({ cluster: health.cluster }).from(health)) await thinOf(cluster, whole);
    },
    async forget(cluster) {
      await store.db.delete(health).where(eq(health.cluster, cluster));
    },
  };
}
