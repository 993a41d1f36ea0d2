import { describe, expect, it } from 'vitest';
import type { Names } from '#controller/engine/kind.ts';
import { OWNER_UID, real } from './answers.fixture.ts';
import { listeningCloud } from './calls.fixture.ts';
import { type FloatingIPSpec, floatingIP } from './floating-ip.ts';
import { ask, knownCloud } from './inventory.fixture.ts';

type Fields = Omit<FloatingIPSpec, 'clusterRef'>;
const row = real.floatingIP;
const portId = row.port_id ?? '';
const fixed_ips = [
  { subnet_id: 's', ip_address: '10.222.0.10' },
  { subnet_id: 's', ip_address: '10.222.0.11' },
];
const cloud = knownCloud({
  network: [{ id: row.floating_network_id, name: 'public' }],
  port: [
    { id: portId, fixed_ips, device_id: 'server-1', network_id: 'n', created_at: '2026-11-25T02:00:00Z' },
    { id: 'later', fixed_ips: [{ subnet_id: 's', ip_address: '10.222.0.12' }], device_id: 'server-1', created_at: '2026-11-25T03:00:00Z' },
    { id: 'six', fixed_ips: [{ subnet_id: 's', ip_address: '2001:db8::1' }], device_id: 'server-1', created_at: '2026-11-25T01:00:00Z' },
  ],
});
const ids = { 'Port/web': portId, 'Port/other': 'other', 'Instance/web': 'server-1', 'Instance/new': 'server-2' };
const desire = (spec: Fields) => {
  const asked = ask({ cloud, uid: OWNER_UID, name: 'fip', ids });
  return {
    asked,
    desired: floatingIP.desire({ clusterRef: { name: 'main' }, floatingNetwork: { name: 'public' }, ...spec }, asked.resolve),
  };
};
const diff = (spec: Fields, observed = row) => floatingIP.diff(desire(spec).desired, observed);

describe('what is declared is compared, and nothing else', () => {
  it.each<[string, Fields]>([
    ['nothing but its network', {}],
    ['its port', { portRef: { name: 'web' } }],
    ['its port and the address there', { portRef: { name: 'web' }, fixedIPAddress: '10.222.0.11' }],
    ['an instance, by its oldest port with an IPv4 address', { instanceRef: { name: 'web' } }],
    ['its address', { floatingIPAddress: '172.24.0.48', tags: ['b', 'a'] }],
    ['anything to lead to', { disassociated: false }],
  ])('no difference: %s', (_name, spec) => {
    expect(diff(spec)).toEqual({ changes: [] });
  });

  it.each<[string, Fields, unknown]>([
    ['another port', { portRef: { name: 'other' } }, [{ path: 'spec.portRef', from: portId, to: 'other' }]],
    ['nothing to lead to', { disassociated: true }, [{ path: 'spec.disassociated', from: portId, to: true }]],
    [
      'another address of its port',
      { portRef: { name: 'web' }, fixedIPAddress: '10.222.0.10' },
      [{ path: 'spec.fixedIPAddress', from: '10.222.0.11', to: '10.222.0.10' }],
    ],
    [
      'another address',
      { floatingIPAddress: '172.24.0.49' },
      [{ path: 'spec.floatingIPAddress', from: '172.24.0.48', to: '172.24.0.49', by: 'replace' }],
    ],
  ])('a difference: %s', (_name, spec, expected) => {
    expect(diff(spec).changes).toEqual(expected);
  });
});

it('is made without a port that is not there yet', () => {
  const { asked, desired } = desire({ portRef: { name: 'missing' } });
  expect([asked.waits, asked.later]).toEqual([[], ['Port/missing']]);
  expect(floatingIP.diff(desired, row)).toEqual({ changes: [] });
});

it('waits for the first port of an instance, and tells that it will lead there', () => {
  expect(diff({ instanceRef: { name: 'new' } })).toMatchObject({
    changes: [{ path: 'spec.instanceRef', from: portId, to: 'server-2' }],
    waiting: { reason: 'PortNotSeen' },
  });
});

it('does not tell so of a declared port, which the instance gets again when it is made anew', () => {
  const kept = knownCloud({
    network: [{ id: row.floating_network_id, name: 'public' }],
    floatingip: [row],
    port: [
      {
        id: portId,
        fixed_ips,
        device_id: 'server-1',
        network_id: 'n',
        description: 'Web [stackwarden 6f1c2a34-0000-4000-8000-000000000009]',
      },
    ],
  });
  const { resolve } = ask({ cloud: kept, uid: OWNER_UID, name: 'fip', id: row.id, ids });
  const spec = { clusterRef: { name: 'main' }, floatingNetwork: { name: 'public' }, instanceRef: { name: 'new' } };
  expect(floatingIP.diff(floatingIP.desire(spec, resolve), row)).toMatchObject({ changes: [], waiting: { reason: 'PortNotSeen' } });
});

it('stays in sight in ERROR', () => {
  expect(diff({}, { ...row, status: 'ERROR' }).failed?.message).toContain('172.24.0.48');
});

describe('is declared as it is', () => {
  const names = (known: Record<string, string>): Names => ({ nameOf: (kind, id) => known[`${kind}/${id}`] });
  it.each<[string, Record<string, string>, object]>([
    ['by its port', { [`Port/${portId}`]: 'web' }, { portRef: { name: 'web' }, fixedIPAddress: '10.222.0.11' }],
    ['by its instance', { 'Instance/server-1': 'web' }, { instanceRef: { name: 'web' }, fixedIPAddress: '10.222.0.11' }],
    ['without what no object stands for', {}, {}],
  ])('%s, such that nothing differs', (_name, known, expected) => {
    const spec = floatingIP.declare(cloud, row, names(known)) as Fields;
    expect(spec).toEqual({ floatingNetwork: { name: 'public' }, ...expected, tags: ['a', 'b'] });
    expect(diff(spec)).toEqual({ changes: [] });
  });
});

describe('is changed in place', () => {
  const owned = '[stackwarden 6f1c2a34-0000-4000-8000-000000000009]';
  const single = { id: 'single', fixed_ips: [{ subnet_id: 's', ip_address: '10.222.0.30' }], device_id: '', network_id: 'n' };
  const double = { id: portId, fixed_ips, device_id: '', network_id: 'n' };
  const other = { ...row, id: 'other-fip', port_id: 'single', router_id: null };
  const update = async (spec: Fields, observed = row, others: Partial<typeof row>[] = [], refused?: string) => {
    const { cloud: called, sent } = listeningCloud(
      { port: [single, double], floatingip: [observed, ...others], network: [{ id: row.floating_network_id, name: 'public' }] },
      {
        answer: () => ({ floatingip: observed }),
        refuse: (_call, body) => (JSON.stringify(body).includes('"single"') ? refused : undefined),
      },
    );
    const asked = ask({ cloud: called, uid: OWNER_UID, name: 'fip', ids: { 'Port/web': portId, 'Port/single': 'single' } });
    const desired = floatingIP.desire({ clusterRef: { name: 'main' }, floatingNetwork: { name: 'public' }, ...spec }, asked.resolve);
    const failure = await floatingIP
      .update(called, desired, observed, floatingIP.diff(desired, observed).changes)
      .catch((error: Error) => error.message);
    return { bodies: sent.map(([, body]) => (body as { floatingip?: object }).floatingip ?? body), failure };
  };
  const description = `Known [stackwarden ${OWNER_UID}]`;

  it('to another port, with nothing else touched', async () => {
    expect((await update({ portRef: { name: 'single' } })).bodies).toEqual([{ port_id: 'single' }]);
  });

  it('with what it leads to said again where its port has several addresses', async () => {
    expect((await update({ description: 'Known' })).bodies).toEqual([
      { description, port_id: portId, fixed_ip_address: row.fixed_ip_address },
    ]);
    const observed = { ...row, port_id: 'single', fixed_ip_address: '10.222.0.30' };
    expect((await update({ description: 'Known' }, observed)).bodies).toEqual([{ description }]);
  });

  it('by leaving its port for another of ours that is to change places with it', async () => {
    const taken = 'FloatingIPPortAlreadyAssociated';
    const swap = await update({ portRef: { name: 'single' } }, row, [{ ...other, description: owned }], taken);
    expect(swap.bodies).toEqual([{ port_id: 'single' }, { port_id: null }]);
    expect(swap.failure).toContain(taken);
    const stranger = await update({ portRef: { name: 'single' } }, row, [{ ...other, description: '' }], taken);
    expect(stranger.bodies).toEqual([{ port_id: 'single' }]);
  });
});
