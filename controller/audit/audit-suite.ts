import { and, eq, gt, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { Store, Transaction } from '#migrations/store.ts';
import { type Audit, createAudit } from './audit.ts';
import { bringEntries } from './bring.ts';
import { hashOf } from './chain.ts';
import type { AuditFilter } from './list.ts';

const base: AuditEntry = {
  type: 'Updated',
  actor: 'system:stackwarden-controller',
  changes: [],
  result: 'ok',
  message: '',
  requestIds: [],
};
const full: AuditEntry = {
  type: 'DriftDetected',
  actor: 'unknown',
  cluster: 'prod',
  object: { kind: 'Instance', namespace: 'shop', name: 'web-1', uid: '6a0c3d5e-0000-4000-8000-000000000001' },
  cloudId: 'srv-1',
  changes: [
    { path: 'spec.metadata.tier', from: 'gold', to: null },
    { path: 'spec.rules[ingress IPv4 tcp 22 0.0.0.0/0]', from: null, to: { port: 22, remote: ['0.0.0.0/0'] } },
  ],
  result: 'observed',
  message: 'Instance shop/web-1: 2 fields differ – geändert',
  requestIds: ['req-1', 'req-2'],
  reconcileId: 'rec-1',
};

/** What the audit log has to do on every engine. `open` gives a fresh, empty database. */
export function auditSuite(engine: string, open: () => Promise<Store>): void {
  describe(`the audit log on ${engine}`, () => {
    let store: Store;
    let audit: Audit;
    let now: number;
    beforeEach(async () => {
      store = await open();
      now = Date.parse('2026-11-23T10:00:00Z');
      audit = createAudit(store, { clock: { now: () => now } });
    });
    afterEach(async () => store.close());

    const seqs = async (filter: AuditFilter) => (await audit.list(filter, { limit: 500 })).items.map(({ seq }) => seq);
    const fill = (count: number) => audit.record(Array.from({ length: count }, (_, index) => ({ ...base, message: `entry ${index + 1}` })));

    it('gives an entry back as it was recorded, with its place, time and hash', async () => {
      await audit.record(full);
      await audit.record(base);
      const { items } = await audit.list();
      expect(items).toEqual([
        { ...base, seq: 2, at: now, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
        { ...full, seq: 1, at: now, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ]);
      expect(await audit.verify()).toEqual({ ok: true, checked: 2, head: { seq: 2, hash: items[0]?.hash } });
    });

    it('takes texts no database would give back, and still verifies', async () => {
      await audit.record({
        ...full,
        message: 'half \ud800 nul \0 end',
        actor: 'a'.repeat(300),
        cloudId: '😀'.repeat(300),
        changes: [{ path: 'x'.repeat(400), from: { '\ud800': '\0' }, to: -0 }],
      });
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 1 });
      const [entry] = (await audit.list({ path: 'x'.repeat(400) })).items;
      expect(entry?.message).toBe('half \ufffd nul \ufffd end');
      expect(entry?.actor).toBe(`${'a'.repeat(254)}…`);
      expect(entry?.cloudId).toBe(`${'😀'.repeat(254)}…`);
    });

    it('never stores what looks like a secret', async () => {
      await audit.record({
        ...full,
        changes: [
          { path: 'spec.userData', from: null, to: 'hunter2-one' },
          { path: 'spec', from: { db: [{ adminPass: 'hunter2-two' }] }, to: null },
        ],
      });
      const stored = JSON.stringify([
        await store.db.select().from(store.tables.audit),
        await store.db.select().from(store.tables.auditTerms),
      ]);
      expect(stored).not.toContain('hunter2');
      expect((await audit.list()).items[0]?.changes).toEqual([
        { path: 'spec.userData', from: null, to: '***' },
        { path: 'spec', from: { db: [{ adminPass: '***' }] }, to: null },
      ]);
    });

    it('finds by every field, together and alone', async () => {
      await audit.record(base);
      now += 1000;
      await audit.record(full);
      now += 1000;
      const source = { address: '192.0.2.7', session: 's-1', requestId: 'ours-1' };
      await audit.record({ ...base, cluster: 'Prod', result: 'failed', message: 'QUOTA reached: 100%_ ÄÖÜ', source });
      const cases: [AuditFilter, number[]][] = [
        [{}, [3, 2, 1]],
        [{ type: 'Updated' }, [3, 1]],
        [{ actor: 'unknown' }, [2]],
        [{ cluster: 'prod' }, [2]],
        [{ cluster: 'Prod' }, [3]],
        [{ kind: 'Instance', namespace: 'shop', name: 'web-1' }, [2]],
        [{ name: 'web' }, []],
        [{ uid: full.object?.uid ?? '' }, [2]],
        [{ cloudId: 'srv-1' }, [2]],
        [{ result: 'failed' }, [3]],
        [{ requestId: 'req-2' }, [2]],
        [{ requestId: 'req' }, []],
        [{ requestId: 'ours-1' }, [3]],
        [{ address: '192.0.2.7' }, [3]],
        [{ address: '192.0.2' }, []],
        [{ session: 's-1' }, [3]],
        [{ session: 's-1', address: '192.0.2.8' }, []],
        [{ type: ['Updated', 'DriftDetected'] }, [3, 2, 1]],
        [{ type: ['DriftDetected'], kind: ['Volume', 'Instance'] }, [2]],
        [{ type: [] }, [3, 2, 1]],
        [{ imported: false }, [3, 2, 1]],
        [{ imported: true }, []],
        [{ origin: 'old' }, []],
        [{ reconcileId: 'rec-1' }, [2]],
        [{ since: now - 1000 }, [3, 2]],
        [{ until: now }, [2, 1]],
        [{ since: now - 1000, until: now }, [2]],
        [{ path: 'spec.metadata.tier' }, [2]],
        [{ path: 'spec.metadata' }, [2]],
        [{ path: 'spec.rules' }, [2]],
        [{ path: 'spec.rules[ingress IPv4 tcp 22 0.0.0.0/0]' }, [2]],
        [{ path: 'spec.meta' }, []],
        [{ text: 'quota' }, [3]],
        [{ text: '100%_ äö' }, [3]],
        [{ text: '%' }, [3]],
        [{ text: 'GEÄNDERT', cluster: 'prod' }, [2]],
        [{ text: 'geändert', cluster: 'Prod' }, []],
        [{ type: 'Updated', result: 'ok' }, [1]],
      ];
      for (const [filter, expected] of cases) expect([filter, await seqs(filter)]).toEqual([filter, expected]);
    });

    it('pages without repeating or hiding an entry while others are appended', async () => {
      await fill(95);
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await audit.list({ type: 'Updated' }, { limit: 20, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map(({ seq }) => seq));
        cursor = page.next;
        await fill(7);
      } while (cursor);
      expect(seen).toEqual(Array.from({ length: 95 }, (_, index) => 95 - index));
    });

    it('pages from the oldest on, and takes no cursor of the other order', async () => {
      await fill(45);
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await audit.list({ text: 'entry' }, { order: 'oldest', limit: 20, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map(({ seq }) => seq));
        cursor = page.next;
        if (cursor) await expect(audit.list({}, { cursor })).rejects.toThrow('The cursor is not one this server gave');
      } while (cursor);
      expect(seen).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
    });

    it('reads on from a number, and tells when there is something new', async () => {
      expect(await audit.newest()).toBe(0);
      let told = 0;
      const end = audit.onRecord(() => (told += 1));
      await fill(5);
      end();
      await audit.record(full);
      expect([told, await audit.newest()]).toEqual([1, 6]);
      const found = await audit.between({ above: 2, below: 6 }, { order: 'oldest', limit: 2 });
      expect(found.map(({ seq }) => seq)).toEqual([3, 4]);
      const drifts = await audit.between({ above: 2, below: Infinity }, { filter: { type: 'DriftDetected' }, order: 'oldest', limit: 9 });
      expect(drifts.map(({ seq }) => seq)).toEqual([6]);
    });

    it('takes entries of another system with their own time, marked, at the end of the chain', async () => {
      await audit.record(base);
      const old = Date.parse('2019-05-01T08:00:00Z');
      const alongside = async (tx: Transaction) => {
        await tx.db.insert(tx.tables.imports).values({ source: 'old', kind: 'log', id: 'x', target: '2', at: old });
      };
      await bringEntries(
        store,
        [
          { at: old, entry: full },
          { at: old + 1, entry: base },
        ],
        { origin: 'old', alongside },
      );
      // The same mark once more fails, and takes its entries with it.
      await expect(bringEntries(store, [{ at: old, entry: full }], { origin: 'old', alongside })).rejects.toThrow();
      await audit.record(base);
      const { items } = await audit.list({ imported: true });
      expect(items.map(({ seq, at, origin, actor }) => [seq, at, origin, actor])).toEqual([
        [3, old + 1, 'old', base.actor],
        [2, old, 'old', 'unknown'],
      ]);
      expect(await seqs({ origin: 'old', type: 'DriftDetected' })).toEqual([2]);
      expect(await seqs({ until: old + 1 })).toEqual([2]);
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 4 });
    });

    it('says that nothing follows exactly when nothing does', async () => {
      await fill(20);
      const first = await audit.list({}, { limit: 10 });
      expect(first.next).toBeDefined();
      expect((await audit.list({}, { limit: 10, ...(first.next ? { cursor: first.next } : {}) })).next).toBeUndefined();
      expect((await audit.list({ text: 'entry 1' }, { limit: 11 })).next).toBeUndefined();
      expect((await audit.list({ text: 'entry 1' }, { limit: 10 })).next).toBeDefined();
      await expect(audit.list({}, { cursor: 'bm9wZQ' })).rejects.toThrow('The cursor is not one this server gave');
    });

    it('gives concurrent entries of several writers gapless places in one chain', async () => {
      const writers = Array.from({ length: 4 }, () => createAudit(store, { clock: { now: () => now } }));
      await Promise.all(
        Array.from({ length: 200 }, (_, index) => (writers[index % 4] ?? audit).record({ ...base, message: `m-${index}` })),
      );
      expect(await seqs({})).toEqual(Array.from({ length: 200 }, (_, index) => 200 - index));
      expect(new Set((await audit.list({}, { limit: 500 })).items.map(({ message }) => message)).size).toBe(200);
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 200 });
    });

    it('stores a list whole or not at all, and one bad caller fails alone', async () => {
      const cyclic: unknown[] = [];
      cyclic.push(cyclic);
      await expect(audit.record([base, { ...base, changes: cyclic as AuditEntry['changes'] }])).rejects.toThrow();
      const results = await Promise.allSettled([
        audit.record(base),
        audit.record({ ...base, result: null as unknown as 'ok' }),
        audit.record(base),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await seqs({})).toEqual([2, 1]);
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 2 });
    });

    it('refuses to record inside a transaction instead of waiting for ever', async () => {
      await expect(store.tx(() => audit.record(base))).rejects.toMatchObject({ code: 'misuse' });
      await audit.record(base);
      expect(await seqs({})).toEqual([1]);
    });

    it('verifies a part of the log, and an empty one', async () => {
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 0 });
      await fill(20);
      expect(await audit.verify({ from: 5, to: 9 })).toMatchObject({ ok: true, checked: 5 });
      expect(await audit.verify({ from: 19 })).toMatchObject({ ok: true, checked: 2 });
      expect(await audit.verify({ from: 50 })).toMatchObject({ checked: 0 });
    });

    it('verifies while entries are appended', async () => {
      await fill(1200);
      const appending = Promise.all(Array.from({ length: 50 }, () => fill(3)));
      expect(await audit.verify()).toMatchObject({ ok: true });
      await appending;
      expect(await audit.verify()).toMatchObject({ ok: true, checked: 1350 });
    });

    describe('when somebody was at the database', () => {
      const tampered: [string, (tables: Store['tables'], db: Store['db']) => Promise<unknown>, object][] = [
        [
          'a message altered',
          async ({ audit }, db) => db.update(audit).set({ message: 'nothing happened' }).where(eq(audit.seq, 4)),
          { seq: 4, problem: 'altered' },
        ],
        [
          'an actor altered in case only',
          async ({ audit }, db) => db.update(audit).set({ actor: 'System:stackwarden-controller' }).where(eq(audit.seq, 1)),
          { seq: 1, problem: 'altered' },
        ],
        [
          'a time altered',
          async ({ audit }, db) => db.update(audit).set({ at: 1 }).where(eq(audit.seq, 9)),
          { seq: 9, problem: 'altered' },
        ],
        [
          'a change altered',
          async ({ audit }, db) =>
            db
              .update(audit)
              .set({ changes: [{ path: 'a', from: 1, to: 2 }] })
              .where(eq(audit.seq, 10)),
          { seq: 10, problem: 'altered' },
        ],
        [
          'an absent field filled in',
          async ({ audit }, db) => db.update(audit).set({ cluster: '' }).where(eq(audit.seq, 3)),
          { seq: 3, problem: 'altered' },
        ],
        ['an entry altered with its hash made to fit', alterAndRehash, { seq: 6, problem: 'unlinked' }],
        ['an entry deleted', async ({ audit }, db) => db.delete(audit).where(eq(audit.seq, 5)), { seq: 5, problem: 'missing' }],
        ['the first entry deleted', async ({ audit }, db) => db.delete(audit).where(eq(audit.seq, 1)), { seq: 1, problem: 'missing' }],
        ['an entry deleted and the rest moved up', deleteAndRenumber, { seq: 5, problem: 'altered' }],
        ['two entries exchanged', exchange, { seq: 2, problem: 'altered' }],
        ['the tail cut off', async ({ audit }, db) => db.delete(audit).where(gt(audit.seq, 7)), { seq: 8, problem: 'truncated' }],
        ['everything deleted', async ({ audit }, db) => db.delete(audit), { seq: 1, problem: 'truncated' }],
        ['the tail cut off and the head put back', cutWithHead, { problem: 'head' }],
        ['the head deleted', async ({ settings }, db) => db.delete(settings), { problem: 'head' }],
        [
          'head and counter deleted',
          async ({ settings, counters }, db) => (await db.delete(settings), await db.delete(counters)),
          { problem: 'head' },
        ],
        ['an entry put behind the end', async (tables, db) => insertCopy(tables, db, 12), { seq: 12, problem: 'inserted' }],
        ['an entry put before the start', async (tables, db) => insertCopy(tables, db, 0), { seq: 0, problem: 'inserted' }],
      ];
      it.each(tampered)('finds %s', async (_name, tamper, broken) => {
        await fill(10);
        await tamper(store.tables, store.db);
        const found = await audit.verify();
        expect(found).toMatchObject({ ok: false, firstBroken: broken });
        expect(found.firstBroken?.message).toMatch(/^(Entry|Entries|The record)/);
      });

      it('records nothing more under a head that does not fit, and says why', async () => {
        await fill(3);
        await store.db.update(store.tables.counters).set({ value: 1 });
        await expect(audit.record(base)).rejects.toThrow(
          'The audit log was changed from outside: its head is entry 3, its counter said 1.',
        );
        expect(await seqs({})).toEqual([3, 2, 1]);
      });
    });
  });
}

type Tamper = (tables: Store['tables'], db: Store['db']) => Promise<unknown>;

const rowAt = async ({ audit }: Store['tables'], db: Store['db'], seq: number) => {
  const [row] = await db.select().from(audit).where(eq(audit.seq, seq));
  if (!row) throw new Error(`no entry ${seq}`);
  return row;
};

const alterAndRehash: Tamper = async (tables, db) => {
  const row = { ...(await rowAt(tables, db, 5)), message: 'nothing happened' };
  await db
    .update(tables.audit)
    .set({ message: row.message, hash: hashOf(row) })
    .where(eq(tables.audit.seq, 5));
};

const deleteAndRenumber: Tamper = async ({ audit, counters }, db) => {
  await db.delete(audit).where(eq(audit.seq, 5));
  for (let seq = 6; seq <= 10; seq++)
    await db
      .update(audit)
      .set({ seq: seq - 1 })
      .where(eq(audit.seq, seq));
  await db.update(counters).set({ value: sql`${counters.value}` });
};

const exchange: Tamper = async ({ audit }, db) => {
  for (const [from, to] of [
    [2, 100],
    [3, 2],
    [100, 3],
  ] as const)
    await db
      .update(audit)
      .set({ seq: to })
      .where(and(eq(audit.seq, from)));
};

const cutWithHead: Tamper = async (tables, db) => {
  const { hash } = await rowAt(tables, db, 7);
  await db.delete(tables.audit).where(gt(tables.audit.seq, 7));
  await db.update(tables.settings).set({ value: { seq: 7, hash } });
};

async function insertCopy(tables: Store['tables'], db: Store['db'], seq: number): Promise<void> {
  const row = { ...(await rowAt(tables, db, 10)), seq };
  await db.insert(tables.audit).values({ ...row, hash: hashOf(row) });
}
