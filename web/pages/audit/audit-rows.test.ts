import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../data/audit.ts';
import { AuditRows } from './audit-rows.ts';

const entry = (seq: number): AuditEntry => ({
  seq,
  at: '2026-11-29T12:00:00Z',
  type: 'Updated',
  actor: 'anna',
  changes: [],
  result: 'ok',
  message: '',
  requestIds: [],
  hash: '',
});

/** A log of `size` entries, read three at a time. */
function createLog(size: number) {
  const asked: (string | undefined)[] = [];
  const failures: Error[] = [];
  const rows = new AuditRows(async (cursor) => {
    asked.push(cursor);
    const failure = failures.shift();
    if (failure) throw failure;
    const from = cursor === undefined ? size : Number(cursor);
    const items = Array.from({ length: Math.min(3, from) }, (_, index) => entry(from - index));
    return { items, ...(from > 3 && { next: String(from - 3) }) };
  });
  const shown = () => Array.from({ length: rows.total ?? 0 }, (_, index) => rows.at(index)?.seq);
  const want = async (end: number) => {
    rows.want(0, end);
    await new Promise((done) => setTimeout(done));
  };
  return { rows, asked, failures, shown, want };
}

describe('rows of the audit log', () => {
  it('are read page by page as one scrolls, with a place for what comes next', async () => {
    const { asked, shown, want, rows } = createLog(5);
    expect(rows.total).toBeUndefined();
    await want(1);
    expect(shown()).toEqual([5, 4, 3, undefined]);
    await want(3);
    expect(asked).toEqual([undefined]);
    await want(4);
    expect(shown()).toEqual([5, 4, 3, 2, 1]);
    await want(9);
    expect(asked).toHaveLength(2);
  });

  it('come on top as they are stored, each once, or wait while somebody reads', async () => {
    const { rows, shown, want } = createLog(2);
    await want(1);
    rows.came(entry(3), false);
    rows.came(entry(3), false);
    expect(shown()).toEqual([3, 2, 1]);
    rows.came(entry(4), true);
    rows.came(entry(5), false);
    expect([shown(), rows.waiting, rows.newest]).toEqual([[3, 2, 1], 2, 5]);
    rows.show();
    expect([shown(), rows.waiting]).toEqual([[5, 4, 3, 2, 1], 0]);
  });

  it('say why a page did not come, and ask again when told', async () => {
    const { rows, failures, asked, shown, want } = createLog(1);
    failures.push(new Error('no answer'));
    await want(1);
    expect(rows.error).toEqual(new Error('no answer'));
    await want(1);
    expect(asked).toHaveLength(1);
    rows.retry();
    await new Promise((done) => setTimeout(done));
    expect([rows.error, shown()]).toEqual([undefined, [1]]);
  });
});
