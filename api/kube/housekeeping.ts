import type { Api } from './api.ts';
import { parseStored } from './api.ts';
import type { ApiObject } from './definition.ts';
import { VersionConflict } from './object-store.ts';
import { isRecord } from './schema.ts';

/** How long history is kept. */
export interface Retention {
  /** Events of the watch log: at most so many, and none older than so long; a watch that falls behind gets 410 and lists again. */
  readonly logEvents: number;
  readonly logMs: number;
  /** Kubernetes Events are removed so long after they last happened. */
  readonly eventMs: number;
}

export const defaultRetention: Retention = { logEvents: 50_000, logMs: 24 * 3600_000, eventMs: 3600_000 };

/** One round of cleaning up. */
export async function tidy(api: Api, retention: Retention): Promise<void> {
  const now = api.clock.now();
  for (const stored of await api.store.page('events', {})) {
    if (lastSeen(parseStored(stored)) > now - retention.eventMs) continue;
    const key = { resource: 'events', namespace: stored.namespace, name: stored.name };
    await api.store
      .write({
        op: 'delete',
        key,
        uid: stored.uid,
        expected: stored.resourceVersion,
        at: now,
        body: (version) => withVersion(stored.body, version),
      })
      .catch((error: unknown) => {
        if (!(error instanceof VersionConflict)) throw error;
      });
  }
  await api.store.compact(retention.logEvents, now - retention.logMs);
}

function lastSeen(event: ApiObject): number {
  const series = isRecord(event.series) ? event.series.lastObservedTime : undefined;
  const times = [series, event.lastTimestamp, event.eventTime, event.metadata.creationTimestamp].map((time) =>
    typeof time === 'string' ? Date.parse(time) : Number.NaN,
  );
  return Math.max(...times.filter((time) => !Number.isNaN(time)), 0);
}

function withVersion(body: string, version: number): string {
  const object = parseStored({ body });
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
}
