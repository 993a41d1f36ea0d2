import { describe, expect, it } from 'vitest';
import type { Operation } from './operations.ts';
import { inTrayOrder, unreadAmong } from './own-operations.ts';

const operation = (id: string, state: Operation['state'], minute: number, more: Partial<Operation> = {}): Operation => ({
  id,
  action: 'instance.start',
  actor: 'anna',
  cluster: 'main',
  type: 'server',
  target: 's-1',
  targetName: 'web',
  namespace: '',
  state,
  percent: 0,
  steps: [],
  input: null,
  requestIds: [],
  createdAt: `2026-11-29T10:0${minute}:00.000Z`,
  ...(state !== 'running' && state !== 'queued' && { endedAt: `2026-11-29T10:0${minute}:30.000Z` }),
  elapsed: 0,
  ...more,
});

describe('the tray of operations', () => {
  const all = [
    operation('old failure', 'failed', 1),
    operation('done', 'succeeded', 2),
    operation('new failure', 'failed', 3),
    operation('under way', 'running', 4),
    operation('waiting', 'queued', 5),
  ];

  it('has failures nobody looked at on top, then what is under way, then the rest, each newest first', () => {
    expect(inTrayOrder(all, '2026-11-29T10:02:00.000Z').map(({ id }) => id)).toEqual([
      'new failure',
      'waiting',
      'under way',
      'done',
      'old failure',
    ]);
  });

  it('counts every failure as unread for who never looked', () => {
    expect(unreadAmong(all, undefined).map(({ id }) => id)).toEqual(['old failure', 'new failure']);
  });

  it('counts a bulk as failed when one of its items is', () => {
    const many = operation('many', 'succeeded', 6, { action: 'bulk', counts: { succeeded: 4, failed: 1 } });
    expect(unreadAmong([many], undefined)).toEqual([many]);
  });
});
