import { describe, expect, it } from 'vitest';
import { isSame, keptBody } from './body.ts';
import { createMoments } from './moment.ts';
import { createRows } from './rows.ts';

function createTestRows() {
  const time = { now: 1000 };
  const moments = createMoments({ now: () => time.now });
  return { rows: createRows(moments), moments, time };
}

const at = (askedAt: number, receivedAt = askedAt) => ({ askedAt, receivedAt });
const flavor = (name: string) => ({ id: 'f1', name });
const network = (name: string, revision: number, updated = '2026-01-01T00:00:00Z') => {
  return { id: 'n1', name, description: '', project_id: 'p', revision_number: revision, updated_at: updated };
};

describe('of two answers about one row', () => {
  it('the one asked for later counts, in whatever order they arrive', () => {
    const { rows } = createTestRows();
    rows.take('flavor', flavor('new'), at(20, 25));
    expect(rows.take('flavor', flavor('old'), at(10, 30))).toBeUndefined();
    expect(rows.get('flavor', 'f1')?.name).toBe('new');
    expect(rows.take('flavor', flavor('newest'), at(40))?.change).toBe('changed');
  });

  it('a 404 asked for before the row was last read says nothing', () => {
    const { rows } = createTestRows();
    rows.take('flavor', flavor('here'), at(20));
    expect(rows.drop('flavor', 'f1', 10)).toBeUndefined();
    expect(rows.get('flavor', 'f1')).toBeDefined();
    expect(rows.drop('flavor', 'f1', 30)?.change).toBe('gone');
  });

  it('a 404 keeps out what was asked for before it', () => {
    const { rows } = createTestRows();
    rows.drop('flavor', 'f1', 30);
    expect(rows.take('flavor', flavor('ghost'), at(20, 40))).toBeUndefined();
    expect(rows.take('flavor', flavor('again'), at(50))?.change).toBe('appeared');
  });

  it('the answer to a write does not bring back a row that went meanwhile', () => {
    const { rows } = createTestRows();
    rows.take('flavor', flavor('a'), at(10));
    rows.drop('flavor', 'f1', 30);
    expect(rows.take('flavor', flavor('b'), at(20, 40), true)).toBeUndefined();
    expect(rows.get('flavor', 'f1')).toBeUndefined();
  });

  it('of two under way at once, the older by the cloud’s own clock or revision does not count', () => {
    const { rows } = createTestRows();
    rows.take('network', network('second', 7, '2026-01-01T00:00:09Z'), at(10, 50));
    expect(rows.take('network', network('first', 6, '2026-01-01T00:00:05Z'), at(20, 60))).toBeUndefined();
    const { revision_number: _, ...without } = network('first', 0, '2026-01-01T00:00:05Z');
    expect(rows.take('network', without, at(20, 60))).toBeUndefined();
    expect(rows.take('network', without, at(70))?.change).toBe('changed');
  });
});

describe('what only a GET shows', () => {
  it('is kept when a LIST comes, and is no change', () => {
    const { rows } = createTestRows();
    const server = { id: 's1', name: 'web', metadata: {} };
    rows.take('server', server, at(10));
    expect(rows.take('server', { ...server, server_groups: ['g1'] }, at(20))).toBeUndefined();
    expect(rows.take('server', server, at(30))).toBeUndefined();
    expect(rows.get('server', 's1')?.server_groups).toEqual(['g1']);
  });
});

describe('rows missing from a list', () => {
  it('are only those that were known when it was asked for', () => {
    const { rows, moments, time } = createTestRows();
    for (const [id, asked] of [
      ['known', 10],
      ['read later', 50],
      ['written', 10],
    ] as const) {
      rows.take('flavor', { id, name: id }, at(asked));
    }
    time.now = 2000;
    rows.wrote('flavor', 'written');
    expect(rows.missingFrom('flavor', new Set(), 30)).toEqual(['known']);
    expect(rows.missingFrom('flavor', new Set(['known']), 60)).toEqual(['read later']);
    expect(rows.missingFrom('flavor', new Set(), moments.next())).toHaveLength(3);
  });
});

describe('moments', () => {
  it('never repeat and never go back with the clock', () => {
    const time = { now: 1000 };
    const moments = createMoments({ now: () => time.now });
    const first = moments.next();
    const second = moments.next();
    time.now = 500;
    expect(second).toBeGreaterThan(first);
    expect(moments.next()).toBeGreaterThan(second);
  });
  it('count one taken elsewhere as after all of its millisecond, and none as in the future', () => {
    const moments = createMoments({ now: () => 1000 });
    const ours = moments.next();
    expect(moments.at(1000)).toBeGreaterThan(ours);
    expect(moments.at(5000)).toBeLessThan(1001);
    expect(moments.next()).toBeGreaterThan(moments.at(1000) - 1);
  });
});

describe('two bodies', () => {
  it('are the same when only times, revisions, progress or the order of sets differ', () => {
    const rule = (id: string, updated: string) => ({ id, protocol: 'tcp', updated_at: updated, belongs_to_default_sg: null });
    const one = { id: 'g', updated_at: '1', revision_number: 1, tags: ['a', 'b'], security_group_rules: [rule('1', 'x'), rule('2', 'x')] };
    const other = {
      id: 'g',
      updated_at: '2',
      revision_number: 2,
      tags: ['b', 'a'],
      security_group_rules: [rule('2', 'y'), rule('1', 'y')],
    };
    expect(isSame(one, other)).toBe(true);
    expect(isSame({ addresses: { n: [{ addr: '1' }, { addr: '2' }] } }, { addresses: { n: [{ addr: '2' }, { addr: '1' }] } })).toBe(true);
  });
  it('differ when the order that differs means something, or metadata does', () => {
    expect(isSame({ dns_nameservers: ['1', '2'] }, { dns_nameservers: ['2', '1'] })).toBe(false);
    expect(isSame({ metadata: { updated: '1' } }, { metadata: { updated: '2' } })).toBe(false);
  });
  it('are kept without secrets, and without what only a GET of a key pair shows', () => {
    expect(keptBody('server', { id: 's', adminPass: 'x', 'OS-EXT-SRV-ATTR:user_data': 'x' })).toEqual({ id: 's' });
    expect(keptBody('keypair', { name: 'k', private_key: 'x', id: 4, user_id: 'u', created_at: 't' })).toEqual({ name: 'k' });
  });
});
