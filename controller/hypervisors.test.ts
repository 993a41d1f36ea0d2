import { describe, expect, it } from 'vitest';
import { createHypervisors } from './hypervisors.ts';
import { createTestClock } from './inventory/clock.fixture.ts';
import type { RequestOptions } from './openstack/cloud.ts';
import { OpenStackError } from './openstack/errors.ts';

const row = (name: string) => ({ id: `id-${name}`, hypervisor_hostname: name });
type Answer = () => Promise<object[]>;

function createWorld() {
  const clock = createTestClock();
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const look = (cluster: string) => {
    const answer = answers.get(cluster);
    if (!answer) return { reason: 'ClusterNotReady', message: `Cluster ${cluster} is not connected yet.` };
    const request = async ({ path, microversion }: RequestOptions) => {
      asked.push(`${cluster} ${path} ${microversion}`);
      return { status: 200, headers: {}, body: { hypervisors: await answer() } };
    };
    return { client: { compute: { service: 'compute', cloud: cluster, request } } };
  };
  const hypervisors = createHypervisors({ connections: { look: look as never }, clock });
  const told = async (...clusters: string[]) => {
    const all = await clock.until(hypervisors.of(clusters));
    return all.map(({ state, rows, error }) =>
      [state, rows.map((one) => one.hypervisor_hostname).join(), error?.reason].filter(Boolean).join(' '),
    );
  };
  return { clock, answers, asked, told };
}

function refusal(status: number): OpenStackError {
  const more = { detail: 'no', mayHaveActed: false } as const;
  return new OpenStackError({
    cloud: 'c',
    service: 'compute',
    method: 'GET',
    path: '/os-hypervisors/detail',
    kind: 'http',
    status,
    ...more,
  });
}

describe('hypervisors', () => {
  it('are asked for once by all who look, and told again for a while', async () => {
    const { answers, asked, told, clock } = createWorld();
    answers.set('a', async () => [row('h-1'), row('h-2')]);
    expect(await Promise.all([told('a'), told('a')])).toEqual([['Fresh h-1,h-2'], ['Fresh h-1,h-2']]);
    expect(asked).toEqual(['a /os-hypervisors/detail 2.87']);
    await clock.advance(16_000);
    answers.set('a', async () => [row('h-3')]);
    expect(await told('a')).toEqual(['Fresh h-3']);
  });

  it('are none, and no error, where our user may not see them', async () => {
    const { answers, told } = createWorld();
    answers.set('a', () => Promise.reject(refusal(403)));
    expect(await told('a')).toEqual(['Hidden']);
  });

  it('of a cloud that hangs are told as they were, and hold up no other', async () => {
    const { answers, told, clock } = createWorld();
    answers.set('a', async () => [row('h-1')]);
    answers.set('b', async () => [row('h-2')]);
    answers.set('c', () => new Promise(() => undefined));
    expect(await told('a', 'b', 'c', 'd')).toEqual(['Fresh h-1', 'Fresh h-2', 'Listing', 'Unreachable ClusterNotReady']);
    await clock.advance(16_000);
    answers.set('a', () => new Promise(() => undefined));
    answers.set('b', () => Promise.reject(refusal(503)));
    expect(await told('a', 'b')).toEqual(['Stale h-1', 'Stale h-2 LookFailed']);
    answers.set('b', async () => [row('h-9')]);
    expect(await told('b')).toEqual(['Fresh h-9']);
  });
});
