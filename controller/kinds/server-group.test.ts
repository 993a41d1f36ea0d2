import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#controller/engine/json.ts';
import type { ServerGroup } from '#controller/openstack/compute/server-groups.ts';
import { ask, knownCloud, OWN_PROJECT } from './inventory.fixture.ts';
import { type ServerGroupSpec, serverGroup } from './server-group.ts';

const group = (id: string, more: Partial<ServerGroup> = {}): ServerGroup => ({
  id,
  name: 'web',
  policy: 'anti-affinity',
  rules: {},
  members: [],
  project_id: OWN_PROJECT,
  user_id: 'u',
  ...more,
});
const spec: ServerGroupSpec = { clusterRef: { name: 'main' }, policy: 'anti-affinity' };
const owner = { uid: 'uid-1', key: 'default/web', namespace: 'default', name: 'web', spec: spec as unknown as JsonObject };
const creating = { ...owner, isCreating: true as const };
const cloudWith = (...server_group: ServerGroup[]) => knownCloud({ server_group });

describe('before any create', () => {
  it('one of this name is never taken for ours, however alike', () => {
    expect(serverGroup.observe(cloudWith(group('g1')), owner)).toEqual({ found: 'none' });
  });

  it('none is made beside one of this name, which is told by id', () => {
    const asked = ask({ cloud: cloudWith(group('g1')), name: 'web' });
    serverGroup.desire(spec, asked.resolve);
    expect(asked.stalls[0]).toContain('A server group named web is in cluster main already: g1.');
  });

  it('neither one of another project nor one to be imported stands in the way', () => {
    const others = ask({ cloud: cloudWith(group('g1', { project_id: 'others' })), name: 'web' });
    serverGroup.desire(spec, others.resolve);
    const imported = ask({ cloud: cloudWith(group('g1')), name: 'web' });
    serverGroup.desire({ ...spec, import: { id: 'g1' } }, imported.resolve);
    expect([...others.stalls, ...imported.stalls]).toEqual([]);
  });
});

describe('after a create whose answer was lost', () => {
  it('the one that is as declared is ours', () => {
    const cloud = cloudWith(group('g1'), group('g2', { policy: 'affinity' }), group('g3', { rules: { max_server_per_host: 2 } }));
    expect(serverGroup.observe(cloud, creating)).toMatchObject({ found: 'one', id: 'g1' });
    expect(serverGroup.observe(cloudWith(group('g2', { policy: 'affinity' })), creating)).toEqual({ found: 'none' });
  });

  it('several alike are for a person to tell apart', () => {
    expect(serverGroup.observe(cloudWith(group('g2'), group('g1')), creating)).toEqual({ found: 'ambiguous', ids: ['g1', 'g2'] });
  });
});

it('is known by its id from then on', () => {
  const cloud = cloudWith(group('g1'), group('g2'));
  expect(serverGroup.observe(cloud, { ...owner, id: 'g2' })).toMatchObject({ found: 'one', id: 'g2' });
  expect(serverGroup.observe(cloud, { ...owner, id: 'g9' })).toEqual({ found: 'none' });
});

it('cannot be changed in place', () => {
  const wish = { name: 'other', policy: 'affinity', maxServersPerHost: 3 } as const;
  expect(serverGroup.diff(wish, group('g1')).changes.map((change) => [change.path, change.by])).toEqual([
    ['spec.name', 'replace'],
    ['spec.policy', 'replace'],
    ['spec.maxServersPerHost', 'replace'],
  ]);
});

it('is declared such that nothing differs', () => {
  const observed = group('g1', { rules: { max_server_per_host: 2 } });
  const declared = serverGroup.declare(cloudWith(), observed, { nameOf: () => undefined });
  expect(declared).toEqual({ name: 'web', policy: 'anti-affinity', maxServersPerHost: 2 });
  const desired = serverGroup.desire({ ...spec, ...declared }, ask({ id: 'g1' }).resolve);
  expect(serverGroup.diff(desired, observed).changes).toEqual([]);
});
