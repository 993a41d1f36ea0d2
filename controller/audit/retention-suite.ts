import { eq, gt, lte } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { Store } from '#migrations/store.ts';
import { type Audit, createAudit } from './audit.ts';
import { createRetention, type Retention } from './retention.ts';

const base: AuditEntry = {
  type: 'Updated',
  actor: 'anna',
  changes: [{ path: 'spec.size.a', from: 1, to: 2 }],
  result: 'ok',
  message: 'm',
  requestIds: ['req-1'],
};
const dayMs = 24 * 3_600_000;
const root = { actor: 'root', source: { address: '192.0.2.1' } };

/** What removing old entries has to leave behind on every engine. `open` gives a fresh, empty database. */
export function retentionSuite(engine: string, open: () => Promise<Store>): void {
  describe(`the retention of the audit log on ${engine}`, () => {
    let store: Store;
    let audit: Audit;
    let retention: Retention;
    let now: number;
    beforeEach(async () => {
      store = await open();
      now = Date.parse('2026-01-01T00:00:00Z');
      const clock = { now: () => now };
      audit = createAudit(store, { clock });
      retention = createRetention(store, { clock });
    });
    afterEach(async () => store.close());

    const fill = (count: number) => audit.record(Array.from({ length: count }, (_, index) => ({ ...base, requestIds: [`req-${index}`] })));
    const kept = async () => (await store.db.select({ seq: store.tables.audit.seq }).from(store.tables.audit)).map(({ seq }) => seq);

    it('keeps everything until somebody decides otherwise, and records who did', async () => {
      await fill(3);
      now += 10_000 * dayMs;
      expect(await retention.read()).toEqual({ days: null });
      expect(await retention.apply()).toBe(0);
      expect(await retention.set(90, root)).toEqual({ days: 90, setBy: 'root', setAt: now });
      expect((await audit.list()).items[0]).toMatchObject({
        type: 'RetentionChanged',
        actor: 'root',
        source: { address: '192.0.2.1' },
        changes: [{ path: 'audit.days', from: null, to: 90 }],
      });
      expect(await retention.set(null, root)).toMatchObject({ days: null });
      expect(await retention.apply()).toBe(0);
      expect(await kept()).toHaveLength(5);
    });

    it('removes what is old and its index, and the rest verifies from the checkpoint on', async () => {
      await fill(450);
      now += 20 * dayMs;
      await fill(10);
      await retention.set(10, root);
      expect(await retention.apply()).toBe(450);
      expect((await kept()).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => 451 + index));
      expect(await store.db.select().from(store.tables.auditTerms).where(lte(store.tables.auditTerms.seq, 450))).toEqual([]);
      const verified = await audit.verify();
      expect(verified).toMatchObject({ ok: true, checked: 12, head: { seq: 462 }, checkpoint: { seq: 450, entry: 462 } });
      const { items } = await audit.list({ type: 'RetentionApplied' });
      expect(items[0]).toMatchObject({ seq: 462, changes: [{ from: null, to: { seq: 450, hash: verified.checkpoint?.hash } }] });
      expect(items[0]?.message).toContain('Entries 1 to 450 (2026-01-01T00:00:00.000Z to 2026-01-01T00:00:00.000Z) are older than 10 days');
      expect(await audit.verify({ from: 1, to: 455 })).toMatchObject({ ok: true, checked: 5 });
      expect((await audit.list({ path: 'spec.size' }, { limit: 500 })).items).toHaveLength(10);
    });

    it('goes on appending and removing, and never removes for the sake of its own records', async () => {
      await retention.set(10, root);
      for (let round = 0; round < 5; round++) {
        await fill(20);
        now += 11 * dayMs;
        await retention.apply();
        expect(await audit.verify()).toMatchObject({ ok: true });
      }
      const newest = await audit.newest();
      for (let day = 0; day < 30; day++) {
        now += dayMs;
        await retention.apply();
      }
      expect(await audit.newest()).toBe(newest);
      expect(await kept()).toEqual([newest]);
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 1 });
    });

    it('stops at the first entry that is not old, also where an older one follows it', async () => {
      await fill(5);
      now += 100 * dayMs;
      await fill(1);
      now -= 90 * dayMs;
      await fill(5);
      now += 90 * dayMs;
      await retention.set(50, root);
      expect(await retention.apply()).toBe(5);
      expect(await audit.verify()).toMatchObject({ ok: true, checkpoint: { seq: 5 } });
    });

    it('is finished by the next who comes when it was stopped half way, and verifies meanwhile', async () => {
      await fill(1000);
      now += 20 * dayMs;
      await retention.set(10, root);
      let asked = 0;
      await retention.apply(() => ++asked > 4);
      const half = (await kept()).length;
      expect(half).toBeGreaterThan(2);
      expect(half).toBeLessThan(1000);
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 2, checkpoint: { seq: 1000 } });
      await createRetention(store, { clock: { now: () => now } }).apply();
      expect(await kept()).toHaveLength(2);
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 2 });
    });

    it('removes once when several processes do it, while others append and verify', async () => {
      await fill(1200);
      now += 20 * dayMs;
      await retention.set(10, root);
      const clock = { now: () => now };
      const [removed, , verified] = await Promise.all([
        Promise.all(Array.from({ length: 3 }, () => createRetention(store, { clock }).apply())),
        Promise.all(Array.from({ length: 20 }, () => fill(2))),
        Promise.all(Array.from({ length: 3 }, () => audit.verify())),
      ]);
      expect(removed.reduce((sum, count) => sum + count)).toBe(1200);
      expect(verified.map(({ firstBroken }) => firstBroken)).toEqual([undefined, undefined, undefined]);
      expect((await audit.list({ type: 'RetentionApplied' })).items).toHaveLength(1);
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 42 });
    });

    it('removes nothing of a log that somebody changed', async () => {
      await fill(10);
      await store.db.update(store.tables.audit).set({ actor: 'nobody' }).where(eq(store.tables.audit.seq, 4));
      now += 20 * dayMs;
      await retention.set(10, root);
      await expect(retention.apply()).rejects.toThrow('No old audit entries are removed: Entry 4 was altered');
      expect(await kept()).toHaveLength(11);
    });

    const cuts: [string, (store: Store) => Promise<unknown>, object][] = [
      ['more cut off the start', ({ db, tables: { audit: t } }) => db.delete(t).where(lte(t.seq, 12)), { seq: 11, problem: 'missing' }],
      ['an entry cut out', ({ db, tables: { audit: t } }) => db.delete(t).where(eq(t.seq, 14)), { seq: 14, problem: 'missing' }],
      ['the end cut off', ({ db, tables: { audit: t } }) => db.delete(t).where(gt(t.seq, 15)), { problem: 'checkpoint' }],
      ['the checkpoint moved to hide a cut', moveCheckpoint, { seq: 13, problem: 'checkpoint' }],
      [
        'the checkpoint removed',
        ({ db, tables: { settings: t } }) => db.delete(t).where(eq(t.name, 'audit-checkpoint')),
        { seq: 1, problem: 'missing' },
      ],
      ['an old entry put back', putBack, { seq: 3, problem: 'inserted' }],
    ];
    it.each(cuts)('leaves it to be noticed when there is %s', async (_name, cut, broken) => {
      await fill(10);
      now += 20 * dayMs;
      await fill(10);
      await retention.set(10, root);
      await retention.apply();
      await cut(store);
      expect(await audit.verify()).toMatchObject({ ok: false, firstBroken: broken });
    });
  });
}

async function moveCheckpoint({ db, tables: { audit, settings } }: Store): Promise<void> {
  const [row] = await db.select().from(audit).where(eq(audit.seq, 12));
  const [kept] = await db.select().from(settings).where(eq(settings.name, 'audit-checkpoint'));
  await db.delete(audit).where(lte(audit.seq, 12));
  await db
    .update(settings)
    .set({ value: { ...(kept?.value as object), seq: 12, hash: row?.hash } })
    .where(eq(settings.name, 'audit-checkpoint'));
}

async function putBack({ db, tables: { audit } }: Store): Promise<void> {
  const [row] = await db.select().from(audit).where(eq(audit.seq, 12));
  if (row) await db.insert(audit).values({ ...row, seq: 3 });
}
