import { describe, expect, it } from 'vitest';
import type { Change } from '#controller/engine/kind.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import { resume, shelve, start, stop, unpause, unshelve } from '#controller/openstack/compute/servers.ts';
import { real } from '../answers.fixture.ts';
import { Obstacle } from '../obstacle.ts';
import type { DesiredInstance } from './desire.ts';
import { possibleChanges } from './obstacles.ts';
import { powerAction } from './power.ts';

const observe = (server: Partial<Server>) => ({ server: { ...real.server, ...server }, ports: [], volumes: [], names: {} });
const wish = (more: Partial<DesiredInstance> = {}): DesiredInstance => ({
  uid: 'u',
  name: 'srv',
  flavor: { id: '2', name: 'm1.small' },
  ...more,
});
const change = (path: string): Change => ({ path, from: null, to: 'x' });
const [flavor, tier, name] = [change('spec.flavor'), change('spec.metadata.tier'), change('spec.name')];

function obstacle(desired: DesiredInstance, server: Partial<Server>, changes: readonly Change[]): Obstacle | undefined {
  try {
    possibleChanges(desired, observe(server), changes);
    return undefined;
  } catch (error) {
    if (error instanceof Obstacle) return error;
    throw error;
  }
}

it('leaves a locked server alone, and says how to unlock it', () => {
  const refused = obstacle(wish(), { locked: true, locked_reason: 'maintenance' }, [name]);
  expect(refused?.verdict).toMatchObject({ kind: 'stalled', reason: 'Locked' });
  expect(refused?.message).toContain(`openstack server unlock ${real.server.id}`);
  expect(refused?.message).toContain('maintenance');
});

describe('in a state that forbids some changes', () => {
  it('the others are made', () => {
    expect(possibleChanges(wish(), observe({ status: 'SHELVED_OFFLOADED' }), [tier, name])).toEqual([name]);
  });
  it('a person is needed when that is all, and told why', () => {
    const refused = obstacle(wish({ powerState: 'Shelved' }), { status: 'SHELVED_OFFLOADED' }, [tier]);
    expect(refused?.verdict.kind).toBe('stalled');
    expect(refused?.message).toContain('is Shelved, and spec.metadata cannot be changed then');
  });
  it('all are allowed when the state is to change anyway', () => {
    expect(possibleChanges(wish({ powerState: 'Running' }), observe({ status: 'SHELVED_OFFLOADED' }), [tier])).toEqual([tier]);
  });
  it('a resize makes a detour over Running where the state is declared', () => {
    expect(possibleChanges(wish({ powerState: 'Paused' }), observe({ status: 'PAUSED' }), [flavor])).toEqual([flavor]);
    expect(obstacle(wish(), { status: 'PAUSED' }, [flavor])?.message).toContain('spec.flavor cannot be changed');
  });
});

describe('a volume', () => {
  const attach = change('spec.volumes[data]');
  const attachment = { name: 'data', volumeId: 'v', attachedTo: [] as string[] };
  it('that another server has is waited for', () => {
    const desired = wish({ volumes: [{ ...attachment, status: 'in-use', attachedTo: ['other'] }] });
    expect(obstacle(desired, {}, [attach])?.verdict).toMatchObject({
      kind: 'waiting',
      message: expect.stringContaining('attached to server other'),
    });
  });
  it('in an error state needs a person', () => {
    const desired = wish({ volumes: [{ ...attachment, status: 'error' }] });
    expect(obstacle(desired, {}, [attach])?.verdict.kind).toBe('stalled');
  });
});

it.each([
  ['SHUTOFF', 'Running', start],
  ['ACTIVE', 'Stopped', stop],
  ['PAUSED', 'Stopped', unpause],
  ['SUSPENDED', 'Paused', resume],
  ['SHUTOFF', 'Shelved', shelve],
  ['PAUSED', 'Shelved', shelve],
  ['SHELVED_OFFLOADED', 'Stopped', unshelve],
  ['SHELVED', 'Shelved', undefined],
  ['ACTIVE', 'Running', undefined],
  ['VERIFY_RESIZE', 'Stopped', undefined],
] as const)('from %s towards %s takes the right action', (status, target, action) => {
  expect(powerAction(status, target)).toBe(action);
});
