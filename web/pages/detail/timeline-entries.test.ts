import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../data/instance.ts';
import type { Operation } from '../../data/operations.ts';
import type { AuditEntry } from '../../data/trail.ts';
import { horizonOf, timelineOf } from './timeline-entries.ts';

const at = (minute: number) => `2026-11-29T12:${String(minute).padStart(2, '0')}:00Z`;
const audit = (seq: number, minute: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq,
  at: at(minute),
  type: 'Updated',
  actor: 'ann',
  result: 'ok',
  changes: [],
  message: '',
  requestIds: [],
  ...more,
});
const event = (requestId: string, minute: number, more: Partial<CloudEvent> = {}): CloudEvent => ({
  action: 'stop',
  requestId,
  userId: 'u',
  byUs: false,
  startedAt: at(minute),
  finishedAt: at(minute + 1),
  result: 'Success',
  message: null,
  events: [{ event: 'compute_stop_instance', startedAt: at(minute), finishedAt: at(minute + 1), result: 'Success' }],
  ...more,
});

describe('the timeline', () => {
  it('puts what we and the cloud tell in one order, newest first', () => {
    const entries = timelineOf({ audit: [audit(2, 9), audit(1, 3)], events: [event('req-1', 5)] });
    expect(entries.map(({ source, at: when }) => [source, when])).toEqual([
      ['ours', at(9)],
      ['cloud', at(5)],
      ['ours', at(3)],
    ]);
  });

  it('tells once what both know by the same request', () => {
    const [entry, ...others] = timelineOf({ audit: [audit(1, 5, { requestIds: ['req-1'] })], events: [event('req-1', 5)] });
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ source: 'both', who: 'ann', parts: [{ event: 'compute_stop_instance' }] });
  });

  it('takes that something was asked for and that it ended for one thing', () => {
    const asked = audit(1, 4, { type: 'ActionRequested', reconcileId: 'op' });
    const done = audit(2, 6, { type: 'ActionDone', reconcileId: 'op' });
    expect(timelineOf({ audit: [done, asked] })).toMatchObject([{ at: at(4), seconds: 120, outcome: 'ok', operation: 'op' }]);
    expect(timelineOf({ audit: [asked] })).toMatchObject([{ outcome: 'running' }]);
  });

  it('goes by the operations for who may not read the audit', () => {
    const operation = { id: 'op', action: 'instance.stop', actor: 'ann', state: 'failed', requestIds: ['req-1'], createdAt: at(4) };
    const [entry] = timelineOf({ operations: [operation as unknown as Operation], events: [event('req-1', 4)] });
    expect(entry).toMatchObject({ source: 'both', what: { action: 'instance.stop' }, outcome: 'failed' });
  });

  it('says of what the cloud did by itself who it was and what came of it', () => {
    const entries = timelineOf({ events: [event('a', 3, { byUs: true, result: 'Error' }), event('b', 2, { userId: null, result: null })] });
    expect(entries).toMatchObject([{ cloudUser: 'ours', outcome: 'failed', seconds: 60 }, { outcome: 'running' }]);
    expect(entries[1]).not.toHaveProperty('who');
  });

  it('ends where one of its sources may have left something out', () => {
    const horizon = horizonOf({ oldest: at(5), hasMore: true }, { oldest: at(2), hasMore: true }, { oldest: at(9), hasMore: false });
    expect(horizon).toBe(at(5));
    expect(timelineOf({ audit: [audit(2, 9), audit(1, 3)], horizon }).map(({ seq }) => seq)).toEqual([2]);
  });
});
