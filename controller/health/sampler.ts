import type { Clock, LoopDeps } from '../engine/ports.ts';
import type { Cloud } from '../openstack/cloud.ts';
import type { CallCounter } from './calls.ts';
import { readCredentialEnd, readQuotas } from './quotas.ts';
import type { HealthRecords } from './records.ts';
import type { DriftCounts, HealthSample, Quotas } from './sample.ts';

export interface SamplerDeps {
  readonly records: HealthRecords;
  readonly calls: CallCounter;
  readonly clock: Clock;
  /** Names of all Clusters. */
  clusters(): readonly string[];
  /** The client of a Cluster's connection, or why there is none. */
  client(cluster: string): Cloud | { readonly reason: string };
  /** What has drifted now, by Cluster; without those whose cloud is not seen. */
  drift(): ReadonlyMap<string, DriftCounts>;
  readonly log: LoopDeps<never>['log'];
  /** Until the first sample: a minute, unless somebody has to see something before. */
  readonly firstAfterMs?: number;
}

const everyMs = 60_000;
const quotasEveryMs = 5 * 60_000;
const thinEveryMs = 60 * 60_000;
const timeoutMs = 10_000;

type Ends = Pick<HealthSample, 'quota' | 'credentialExpiresAt'>;

/** Samples every Cluster once a minute until it is stopped; `stop` waits for the sample under way. */
export function startSampler(deps: SamplerDeps): { stop(): Promise<void> } {
  const { clock, log } = deps;
  const ends = new Map<string, { readonly at: number; readonly told: Ends }>();
  let thinnedAt = clock.now();
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = schedule(deps.firstAfterMs ?? everyMs);

  function schedule(afterMs: number): () => void {
    return clock.after(afterMs, () => {
      running = turn();
    });
  }

  async function turn(): Promise<void> {
    await round();
    if (!isStopped) cancel = schedule(everyMs);
  }

  async function round(): Promise<void> {
    const names = deps.clusters();
    const drift = deps.drift();
    for (const name of ends.keys()) if (!names.includes(name)) ends.delete(name);
    await Promise.all(
      names.map((name) =>
        sample(name, drift.get(name)).catch((error: unknown) =>
          log('warn', 'the health of a cluster was not recorded', { cluster: name, error: String(error) }),
        ),
      ),
    );
    if (clock.now() - thinnedAt < thinEveryMs) return;
    thinnedAt = clock.now();
    await deps.records.thin(thinnedAt).catch((error: unknown) => log('warn', 'thinning the health out failed', { error: String(error) }));
  }

  async function sample(cluster: string, drift: DriftCounts | undefined): Promise<void> {
    const at = clock.now();
    const client = deps.client(cluster);
    if ('reason' in client) {
      const { services, calls, answered } = deps.calls.take(cluster);
      // Disabled: nothing was asked. Else the Cluster's own tries were counted.
      const asked = client.reason === 'Disabled' && calls === 0 ? 0 : 1;
      await deps.records.add(cluster, at, { samples: 1, asked, reachable: answered > 0 ? 1 : 0, reason: client.reason, services });
      return;
    }
    const told = await endsOf(cluster, client);
    const token = await client.authenticate().catch(() => undefined);
    let taken = deps.calls.take(cluster);
    if (taken.calls === 0) {
      await ping(client);
      taken = deps.calls.take(cluster);
    }
    await deps.records.add(cluster, at, {
      samples: 1,
      asked: 1,
      reachable: taken.answered > 0 ? 1 : 0,
      reason: '',
      services: taken.services,
      ...(token && { tokenExpiresAt: token.expiresAt.toISOString() }),
      ...told,
      ...(drift && { drift }),
    });
  }

  /** Asked every few minutes; in between what was told last. */
  async function endsOf(cluster: string, client: Cloud): Promise<Ends> {
    const known = ends.get(cluster);
    if (known && clock.now() - known.at < quotasEveryMs) return { ...known.told };
    const info = await client.authenticate().catch(() => undefined);
    if (!info) return known?.told ?? {};
    const [quota, credentialExpiresAt] = await Promise.all([readQuotas(client, info.projectId), readCredentialEnd(client)]);
    const told = { ...(isTold(quota) && { quota }), ...(credentialExpiresAt !== undefined && { credentialExpiresAt }) };
    ends.set(cluster, { at: clock.now(), told });
    return told;
  }

  return {
    async stop() {
      isStopped = true;
      cancel();
      await running;
    },
  };
}

function isTold(quota: Quotas): boolean {
  return Object.keys(quota).length > 0;
}

/** Nothing was asked for a minute: one cheap call tells whether anybody is there. What came of it the counter saw. */
async function ping({ network }: Cloud): Promise<void> {
  await network.request({ method: 'GET', path: '/networks', query: { limit: 1, fields: 'id' }, timeoutMs }).catch(() => undefined);
}
