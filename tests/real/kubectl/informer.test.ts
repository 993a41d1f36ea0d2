import { CustomObjectsApi, KubeConfig, type KubernetesObject, makeInformer, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';

interface Widget extends KubernetesObject {
  spec: { sizeGiB: number };
}

const group = 'demo.stackwarden.io';
const version = 'v1alpha1';
const namespace = 'default';
const plural = 'widgets';
const path = `/apis/${group}/${version}/${plural}`;

let server: ApiServer;
let config: KubeConfig;
let objects: CustomObjectsApi;

beforeAll(async () => {
  server = await startApiServer();
  config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'test', server: server.url, skipTLSVerify: true }, { name: 'admin', token: 'unused' });
  objects = config.makeApiClient(CustomObjectsApi);
});

afterAll(() => server.stop());

const make = (name: string, sizeGiB: number) => ({
  apiVersion: `${group}/${version}`,
  kind: 'Widget',
  metadata: { name },
  spec: { sizeGiB },
});

/** What a client does when its connection is cut: it asks again. */
async function persistently<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (error instanceof Error && 'code' in error && typeof error.code === 'number') throw error;
    }
  }
}

test('an informer of client-node has the state of the server after any number of cut connections', async () => {
  const informer = makeInformer<Widget>(
    config,
    path,
    () => objects.listCustomObjectForAllNamespaces({ group, version, resourcePlural: plural }) as Promise<never>,
  );
  let restarts = 0;
  let isStopped = false;
  informer.on('error', () => {
    restarts += 1;
    // Its own rule: after an error it stands still until it is started again.
    if (!isStopped) setTimeout(() => void informer.start().catch(() => {}), 20);
  });
  await informer.start();
  const sizes = (): Record<string, number> =>
    Object.fromEntries(informer.list().map((each) => [each.metadata?.name ?? '', each.spec.sizeGiB]));
  for (let round = 1; round <= 10; round += 1) {
    await persistently(() =>
      objects.createNamespacedCustomObject({ group, version, namespace, plural, body: make(`w${round}`, round) }).catch(ignoreConflict),
    );
    server.cutConnections();
    if (round > 2)
      await persistently(() =>
        objects.deleteNamespacedCustomObject({ group, version, namespace, plural, name: `w${round - 2}` }).catch(ignoreMissing),
      );
  }
  await vi.waitFor(() => expect(sizes()).toEqual({ w9: 9, w10: 10 }), 60_000);
  expect(restarts).toBeGreaterThan(0);
  isStopped = true;
  await informer.stop();
});

test('a watch of client-node that resumes from the last version it saw gets each event once', async () => {
  const watch = new Watch(config);
  const total = 40;
  const seen: string[] = [];
  const first = (await objects.listCustomObjectForAllNamespaces({ group, version, resourcePlural: plural })) as {
    metadata: { resourceVersion: string };
  };
  let cursor = first.metadata.resourceVersion;
  const follow = async (): Promise<void> => {
    while (seen.length < total) {
      await new Promise<void>((resolve) => {
        const take = (type: string, object: Widget): void => {
          cursor = object.metadata?.resourceVersion ?? cursor;
          seen.push(`${type} ${object.metadata?.name} ${object.spec.sizeGiB}`);
          if (seen.length >= total) server.cutConnections();
        };
        watch.watch(path, { resourceVersion: cursor }, take, () => resolve()).catch(() => resolve());
      });
    }
  };
  const following = follow();
  const expected: string[] = [];
  for (let index = 1; index <= total / 2; index += 1) {
    await persistently(() =>
      objects.createNamespacedCustomObject({ group, version, namespace, plural, body: make(`x${index}`, index) }).catch(ignoreConflict),
    );
    if (index % 4 === 0) server.cutConnections();
    await persistently(() =>
      objects.deleteNamespacedCustomObject({ group, version, namespace, plural, name: `x${index}` }).catch(ignoreMissing),
    );
    expected.push(`ADDED x${index} ${index}`, `DELETED x${index} ${index}`);
  }
  await following;
  expect(seen).toEqual(expected);
});

/** The answer of the first attempt was lost. */
function ignoreConflict(error: { code?: number }): void {
  if (error.code !== 409) throw error;
}

function ignoreMissing(error: { code?: number }): void {
  if (error.code !== 404) throw error;
}
