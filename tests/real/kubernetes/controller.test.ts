import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistory } from '#controller/history/history.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { openStore } from '#migrations/store.ts';
import { createKubectl, type Run, type RunOptions } from '#tests/parts/kubectl.ts';
import { disagreements } from '#tests/scenarios/agreement.ts';
import { inventoryOf, readContents } from '#tests/scenarios/contents.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { eventually, readManifestsOf, shopDir } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The controller by itself against a real API server: the third way to run. Cluster `main` here is the sandbox. */
describe('the controller on a real Kubernetes', () => {
  const kubeconfig = process.env['KUBE_UP_KUBECONFIG'] ?? '';
  const manifests = readManifestsOf(shopDir);
  const names = manifests.map((m) => `${m.kind.toLowerCase()}/${m.metadata.name}`);
  let world: World;
  let before: string[];
  let data: string;
  let controller: ChildProcess;
  let replica: ChildProcess | undefined;
  let kubectl: (args: readonly string[], options?: RunOptions) => Promise<Run>;

  const must = async (args: readonly string[], options?: RunOptions) => {
    const result = await kubectl(args, { timeoutMs: 300_000, ...options });
    expect(result.code, `kubectl ${args.join(' ')}: ${result.stdout}${result.stderr}`).toBe(0);
    return result.stdout;
  };
  const apply = (object: object) => must(['apply', '-f', '-'], { input: JSON.stringify(object) });

  const startReplica = (directory: string) =>
    spawn(process.execPath, [join(root, 'controller/main.ts'), '--kubeconfig', kubeconfig, '--data', directory], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  /** Resolves when the replica that keeps its data there holds the Lease. */
  const holder = async (directory: string) => {
    const look = () => kubectl(['get', 'lease', 'stackwarden-controller', '-n', 'default', '-o', 'jsonpath={.spec.holderIdentity}']);
    const wanted = `${hostname()}:${directory}`;
    await eventually(
      60,
      async () => ((await look()).stdout === wanted ? true : undefined),
      async () => `${wanted} holds the Lease: ${JSON.stringify(await look())}`,
    );
  };

  beforeAll(async () => {
    if (!kubeconfig) throw new Error('This suite needs a real Kubernetes API server: set KUBE_UP_KUBECONFIG to its kubeconfig.');
    kubectl = createKubectl(kubeconfig);
    world = await sandboxWorld();
    before = inventoryOf(await readContents(world.client));
    await must(['apply', '-f', join(root, 'crds')]);
    await must(['wait', '--for=condition=Established', '--timeout=120s', ...crdNames()]);
    data = mkdtempSync(join(tmpdir(), 'stackwarden-controller-'));
    controller = startReplica(data);
    await holder(data);
  });
  afterAll(async () => {
    controller?.kill('SIGTERM');
    replica?.kill('SIGTERM');
    await kubectl?.(['delete', '-f', join(root, 'crds'), '--ignore-not-found', '--timeout=60s'], { timeoutMs: 90_000 });
    await kubectl?.(['delete', 'secret', 'cloud-main', '-n', 'default', '--ignore-not-found']);
    await world?.close();
  });

  it('brings the cloud to what is declared', async () => {
    await apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cloud-main', namespace: 'default' },
      stringData: { 'clouds.yaml': world.cloudsYaml },
    });
    await apply({
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'main' },
      spec: { cloud: world.cloud, sweepInterval: '2s', credentialsSecretRef: { namespace: 'default', name: 'cloud-main' } },
    });
    await must(['wait', '--for=condition=Ready', '--timeout=60s', 'clusters.openstack.stackwarden.io/main']);
    await must(['apply', '-f', shopDir]);
    await must(['wait', '--for=condition=Ready', '--timeout=120s', ...names]);
    expect(disagreements(manifests, await readContents(world.client))).toEqual([]);
  });

  it('shows itself in Events', async () => {
    expect(
      await must(['get', 'events', '-n', 'default', '--field-selector', 'involvedObject.kind=Instance,involvedObject.name=web-1']),
    ).toMatch(/Created/);
  });

  it('leaves the cloud as it was before', async () => {
    await must(['delete', '-f', shopDir, '--timeout=120s']);
    expect(inventoryOf(await readContents(world.client))).toEqual(before);
    await must(['delete', 'clusters.openstack.stackwarden.io/main', '--timeout=120s']);
  });

  it('ends cleanly on SIGTERM, and another replica takes over', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'stackwarden-replica-'));
    replica = startReplica(directory);
    await holder(data);
    const ended = new Promise((done) => controller.once('exit', done));
    controller.kill('SIGTERM');
    expect(await ended).toBe(0);
    await holder(directory);
  });

  it('kept who declared each object, as managedFields say, until its deletion', async () => {
    const store = await openStore(`sqlite:${join(data, 'stackwarden.db')}`);
    const history = createHistory(store, { clock: Date });
    for (const { kind, metadata } of manifests) {
      const place = { kind, namespace: 'default', name: metadata.name };
      const { items } = await history.revisions(place, (await history.newestUid(place)) ?? '', { limit: 10 });
      expect(items, `${kind} ${metadata.name}`).toMatchObject([
        { revision: 2, action: 'deleted', actor: 'unknown' },
        { revision: 1, action: 'declared', actor: 'kubectl-client-side-apply', through: 'Update', cluster: 'main', missingBefore: 0 },
      ]);
    }
    await store.close();
  });
});

function crdNames(): string[] {
  return resourceDefinitions().map(({ plural, group }) => `crd/${plural}.${group}`);
}
