import type { ConnectionView } from '#api/connections/cluster-object.ts';
import type { CredentialsView } from '#api/connections/credentials.ts';
import { answerTo, ask } from './http.ts';
import { linesOf } from './lines.ts';

/** A Cluster, with what was seen of its cloud. */
export type Connection = ConnectionView & {
  readonly etag: string;
  readonly seen?: {
    readonly from: 'live' | 'stored';
    readonly lastSweepAt?: string;
    readonly errors: Readonly<Record<string, string>>;
    readonly counts: Readonly<Record<string, number>>;
  };
};

export type ClusterSpec = ConnectionView['spec'];

/** An entry of a clouds.yaml that is not imported yet. */
export type FoundEntry = Partial<CredentialsView> & {
  readonly cloud: string;
  /** What the Cluster would be called. */
  readonly name: string;
  readonly region?: string;
  readonly interface?: string;
  /** Why nothing can be made of it. */
  readonly flaw?: string;
};

export interface GivenCredentials {
  readonly cloudsYaml?: string;
  readonly secureYaml?: string;
  readonly entry?: object;
  readonly cloud?: string;
}

/** What came of importing one entry. */
export interface Imported {
  readonly cloud: string;
  readonly name: string;
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
}

/** One thing that was tried of a connection; `Done` is the last. */
export interface TestStep {
  readonly step: 'DNS' | 'TCP' | 'TLS' | 'Auth' | 'Catalog' | 'Microversions' | 'Roles' | 'Service' | 'Done';
  readonly state: 'passed' | 'warning' | 'failed';
  readonly latencyMs: number;
  readonly message: string;
  readonly advice?: string;
  readonly service?: string;
}

export type KnownCredentials = Partial<CredentialsView> & {
  readonly secret: { readonly namespace: string; readonly name: string; readonly key: string };
  readonly fingerprint: string;
  readonly createdAt: string;
  readonly changedAt?: string;
  readonly changedBy?: string;
  readonly expiresAt?: string;
  readonly flaw?: string;
};

export interface ServiceHealth {
  readonly calls: number;
  readonly errors: number;
  readonly p50?: number;
  readonly p95?: number;
}

export interface HealthPoint {
  readonly at: string;
  readonly samples: number;
  readonly asked: number;
  readonly reachable: number;
  readonly reason: string;
  readonly services: Readonly<Record<string, ServiceHealth>>;
  readonly tokenExpiresAt?: string;
  readonly credentialExpiresAt?: string;
}

export interface Health {
  /** Seconds. */
  readonly step: number;
  readonly items: readonly HealthPoint[];
}

export interface QuotaRow {
  readonly service: string;
  readonly name: string;
  readonly used: number;
  /** null: there is none. */
  readonly limit: number | null;
}

export interface HypervisorRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly address: string | null;
  readonly state: string;
  readonly status: string;
  readonly disabledReason: string | null;
  readonly vcpus: number;
  readonly vcpusUsed: number;
  readonly memoryMiB: number;
  readonly memoryMiBUsed: number;
  readonly diskGiB: number;
  readonly diskGiBUsed: number;
  readonly instances: number;
}

export interface Hypervisors {
  readonly items: readonly HypervisorRow[];
  readonly clouds: readonly { readonly state: string; readonly error?: { readonly message: string } }[];
}

/** What would go with a Cluster, and what keeps it from going. */
export interface Removal {
  readonly deletes: readonly ObjectRef[];
  readonly usedBy: readonly ObjectRef[];
  readonly moreUsers: boolean;
}

export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const clusters = '/api/v1/clusters';
const one = (name: string) => `${clusters}/${encodeURIComponent(name)}`;
const asked = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

/** All of these throw Problem. */
export const listConnections = async (signal?: AbortSignal) => (await ask<{ items: readonly Connection[] }>(clusters, asked(signal))).items;

export const getConnection = (name: string, signal?: AbortSignal) => ask<Connection>(one(name), asked(signal));

export const createConnection = (body: { name: string; description?: string; spec?: object; credentials: GivenCredentials }) =>
  ask<Connection>(clusters, { method: 'POST', body });

/** Tells what the entries of a clouds.yaml are, and makes nothing. */
export const entriesIn = async (cloudsYaml: string, secureYaml: string | undefined, signal?: AbortSignal) =>
  (
    await ask<{ entries: readonly FoundEntry[] }>(`${clusters}/import`, {
      method: 'POST',
      body: { cloudsYaml, ...(secureYaml !== undefined && { secureYaml }), dryRun: true },
      ...asked(signal),
    })
  ).entries;

/** Makes Clusters of entries; one that fails keeps no other from being made. */
export const importEntries = async (body: {
  cloudsYaml: string;
  secureYaml?: string;
  select: readonly { cloud: string; name: string }[];
}) => (await ask<{ items: readonly Imported[] }>(`${clusters}/import`, { method: 'POST', body })).items;

/** Tries a connection, and gives each step as it ends. */
export async function* testConnection(
  body: { cluster: string } | { credentials: GivenCredentials; spec?: object },
  signal: AbortSignal,
): AsyncGenerator<TestStep> {
  const headers = { accept: 'application/x-ndjson' };
  const reply = await answerTo(`${clusters}/test`, { method: 'POST', body, headers, signal, timeoutMs: 90_000 });
  if (!reply.body) return;
  for await (const line of linesOf(reply.body)) yield JSON.parse(line) as TestStep;
}

export const changeConnection = ({ name, etag }: Connection, changes: { description?: string; spec?: object }) =>
  ask<Connection>(one(name), { method: 'PATCH', body: changes, headers: { 'if-match': etag } });

export const setEnabled = (name: string, isEnabled: boolean) =>
  ask<Connection>(`${one(name)}/${isEnabled ? 'enable' : 'disable'}`, { method: 'POST' });

export const removalOf = (name: string, signal?: AbortSignal) =>
  ask<Removal>(one(name), { method: 'DELETE', query: { dryRun: true }, ...asked(signal) });

export const removeConnection = ({ name, etag }: Connection) => ask<void>(one(name), { method: 'DELETE', headers: { 'if-match': etag } });

export const credentialsOf = (name: string, signal?: AbortSignal) => ask<KnownCredentials>(`${one(name)}/credentials`, asked(signal));

export const replaceCredentials = (name: string, credentials: GivenCredentials) =>
  ask<KnownCredentials>(`${one(name)}/credentials`, { method: 'PUT', body: credentials });

export const healthOf = (name: string, since: string, signal?: AbortSignal) =>
  ask<Health>(`${one(name)}/health`, { query: { since }, ...asked(signal) });

export const quotasOf = async (cluster: string, signal?: AbortSignal) =>
  (await ask<{ items: readonly QuotaRow[] }>('/api/v1/quotas', { query: { cluster }, ...asked(signal) })).items;

export const hypervisorsOf = (cluster: string, signal?: AbortSignal) =>
  ask<Hypervisors>('/api/v1/hypervisors', { query: { cluster }, ...asked(signal) });

/** How a cloud answered in the last hour. */
export interface RecentHealth {
  /** ms; undefined when it did not answer. */
  readonly p95: number | undefined;
  readonly calls: number;
  readonly errors: number;
}

interface HealthOfAll {
  readonly clouds: readonly {
    readonly cluster: string;
    readonly calls: readonly (number | null)[];
    readonly errors: readonly (number | null)[];
    readonly p95: readonly (number | null)[];
  }[];
}

/** Of every cloud, by the name of its Cluster. Throws Problem. */
export async function recentHealth(signal?: AbortSignal): Promise<ReadonlyMap<string, RecentHealth>> {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const { clouds } = await ask<HealthOfAll>('/api/v1/overview/health', { query: { since, step: '5m' }, ...asked(signal) });
  return new Map(
    clouds.map(({ cluster, calls, errors, p95 }) => [
      cluster,
      { p95: p95.findLast((one) => one !== null) ?? undefined, calls: sumOf(calls), errors: sumOf(errors) },
    ]),
  );
}

function sumOf(figures: readonly (number | null)[]): number {
  return figures.reduce<number>((sum, one) => sum + (one ?? 0), 0);
}
