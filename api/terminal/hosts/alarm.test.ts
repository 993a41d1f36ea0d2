import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { doorOf } from '#api/connections/kube-door.ts';
import { type Application, openApplication } from '#api/http/application.fixture.ts';
import { ownKube } from '#api/own-kube.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { createMetrics } from '#controller/metrics.ts';
import { createHostKeyAlarm } from './alarm.ts';

const patience = { timeout: 20_000 };
let one: Application;
beforeAll(async () => {
  one = await openApplication();
}, 60_000);
afterAll(() => one.close());

const kubeOf = (path: string, payload?: object) =>
  one.app.inject({
    method: payload ? 'POST' : 'GET',
    url: path,
    headers: { authorization: `Bearer ${one.token}` },
    ...(payload && { payload }),
  });
const eventsIn = async (namespace: string) =>
  (await kubeOf(`/api/v1/namespaces/${namespace}/events`)).json<{ items: Record<string, unknown>[] }>().items;

it('a changed host key is counted, and told as a Warning where it is looked for, once in a while', async () => {
  const cluster = { apiVersion: 'openstack.stackwarden.io/v1alpha1', kind: 'Cluster', metadata: { name: 'main' } };
  const spec = { credentialsSecretRef: { namespace: 'default', name: 'none' } };
  expect((await kubeOf('/apis/openstack.stackwarden.io/v1alpha1/clusters', { ...cluster, spec })).statusCode).toBe(201);
  const metrics = createMetrics();
  const instance = {
    apiVersion: 'openstack.stackwarden.io/v1alpha1',
    kind: 'Instance',
    metadata: { name: 'web', namespace: 'default', uid: 'u-1', resourceVersion: '7' },
  } as unknown as KubeObject;
  const failures: unknown[] = [];
  let now = Date.now();
  const alarm = createHostKeyAlarm({
    registry: metrics.registry,
    kube: doorOf(ownKube(one.app), { authorization: `Bearer ${one.token}` }),
    world: () => ({
      objects: { inCluster: () => (_type, id) => (id === 'declared' ? instance : undefined), list: () => [], get: () => undefined },
    }),
    clock: { now: () => now },
    log: (_level, _message, fields) => failures.push(fields),
  });
  alarm.changed({ cluster: 'main', serverId: 'declared' }, 'web showed another key');
  alarm.changed({ cluster: 'main', serverId: 'declared' }, 'web showed another key again');
  alarm.changed({ cluster: 'main', serverId: 'nobodys' }, 'db showed another key');
  const told = async () =>
    (await eventsIn('default'))
      .map(({ type, reason, message, involvedObject }) => [type, reason, message, (involvedObject as { kind: string }).kind])
      .toSorted((a, b) => String(a[2]).localeCompare(String(b[2])));
  await vi.waitFor(
    async () =>
      expect(await told()).toEqual([
        ['Warning', 'HostKeyChanged', 'db showed another key', 'Cluster'],
        ['Warning', 'HostKeyChanged', 'web showed another key', 'Instance'],
      ]),
    patience,
  );
  now += 11 * 60_000;
  alarm.changed({ cluster: 'main', serverId: 'declared' }, 'web shows it still');
  await vi.waitFor(async () => expect((await told()).length).toBe(3), patience);
  alarm.changed({ cluster: 'gone', serverId: 's' }, 'nobody to tell');
  await vi.waitFor(() => expect(failures.length).toBe(1), patience);
  expect(await metrics.registry.metrics()).toContain('stackwarden_host_key_changed_total{cluster="main"} 4');
});
