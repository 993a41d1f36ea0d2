import { beforeEach, describe, expect, it } from 'vitest';
import { clusterKind } from './clusters.ts';
import type { Connections } from './connections.ts';
import type { KubeApi } from './engine/kube-api.ts';
import type { KubeObject } from './engine/object.ts';
import type { NoConnection } from './engine/ports.ts';

describe('a Cluster that is disabled', () => {
  let isOpen: boolean;
  let why: NoConnection | undefined;
  let reads: number;
  const kind = () =>
    clusterKind({
      api: {
        async readSecret() {
          reads += 1;
          return undefined;
        },
      } as unknown as KubeApi,
      connections: {
        phase: () => (isOpen ? 'ready' : undefined),
        explain: (_name: string, reason: NoConnection) => {
          why = reason;
        },
        async close() {
          isOpen = false;
        },
        client() {
          throw new Error('a disabled cloud was contacted');
        },
      } as unknown as Connections,
      health: () => undefined,
      forget: () => undefined,
    });
  const reconcile = (spec: object) =>
    kind().reconcile({ metadata: { name: 'main', uid: 'u' }, spec: { credentialsSecretRef: {}, ...spec } } as unknown as KubeObject);

  beforeEach(() => {
    isOpen = true;
    why = undefined;
    reads = 0;
  });

  it('ends its connection, reads no credentials, and says so to people and to its objects', async () => {
    const outcome = await reconcile({ enabled: false });
    expect([isOpen, reads]).toEqual([false, 0]);
    expect(outcome).toMatchObject({ ready: 'False', reason: 'Disabled', next: { look: 'whenWoken' } });
    expect(outcome.message).toBe('Cluster main is disabled (spec.enabled: false): its cloud is not contacted.');
    expect(outcome.conditions?.map(({ status, reason }) => `${status} ${reason}`)).toEqual(Array(6).fill('Unknown Disabled'));
    expect(why?.reason).toBe('Disabled');
  });

  it('looks for its credentials again once it is enabled', async () => {
    await reconcile({ enabled: false });
    expect(await reconcile({ enabled: true })).toMatchObject({ reason: 'SecretNotFound' });
    expect(reads).toBe(1);
  });
});
