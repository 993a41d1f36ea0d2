import type { ClusterPolicy, ConnectionSettings, Connections } from './connections.ts';
import type { JsonObject } from './engine/json.ts';
import type { KubeApi } from './engine/kube-api.ts';
import type { PlainKind } from './engine/loop.ts';
import { type Loss, massLossMessage } from './engine/loss-guard.ts';
import type { KubeObject } from './engine/object.ts';
import { inSync, type Outcome, type OwnCondition, retrying, stalled, waiting } from './engine/outcome.ts';
import { type ClusterSpec, cluster as declaration } from './kinds/cluster.ts';
import { parseDuration } from './kinds/duration.ts';
import { flawOf, type MaintenanceWindow } from './maintenance.ts';
import { parseCloudConfig } from './openstack/clouds-yaml.ts';
import { classifyOpenStackError } from './openstack/errors.ts';
import { type ProbeResult, type ProbeStep, probe } from './openstack/probe.ts';

/** How often a Cluster's Secret and health are looked at again, beside being woken. */
const lookAgainMs = 60_000;
/** A person is at it: the Secret is being written, the password corrected. */
const lookSoonMs = 15_000;
const steps: readonly ProbeStep[] = ['DNS', 'TCP', 'TLS', 'Auth', 'Catalog', 'Microversions'];

/** What the newest sweep of a cluster found. */
export interface ClusterHealth {
  /** Why a resource type could not be listed. */
  readonly errors: Readonly<Record<string, string>>;
  /** Whether no type at all could be listed. */
  readonly isUnreachable: boolean;
  /** Undeclared resources by type, zeros included. */
  readonly undeclared: Readonly<Record<string, number>>;
  /** So much is missing at once that nothing is made anew. */
  readonly massLoss?: Loss;
}

export interface ClusterKindDeps {
  readonly api: KubeApi;
  readonly connections: Connections;
  health(cluster: string): ClusterHealth | undefined;
  /** The Cluster object is gone. */
  forget(cluster: string): void;
}

/** The kind Cluster: reads the credentials, probes the cloud step by step, and keeps its connection. */
export function clusterKind(deps: ClusterKindDeps): PlainKind {
  return {
    kind: declaration.kind,
    plural: declaration.plural,
    namespaced: false,
    spec: declaration.spec,
    reconcile: (object) => reconcileCluster(object, deps),
    async finalize(object) {
      await deps.connections.erase(object.metadata.name);
      return undefined;
    },
    gone: (object) => deps.forget(object.metadata.name),
  };
}

async function reconcileCluster(object: KubeObject, deps: ClusterKindDeps): Promise<Outcome> {
  const { name } = object.metadata;
  const { connections } = deps;
  const spec = object.spec as unknown as ClusterSpec;
  if (spec.enabled === false) return disable(name, connections);
  const settings = flawInWindows(name, spec) ?? (await readSettings(name, spec, deps.api));
  if ('reason' in settings) {
    connections.explain(name, settings);
    return settings;
  }
  if (!connections.isOpenWith(name, settings) || deps.health(name)?.isUnreachable) {
    const failure = await probeCloud(name, settings, connections);
    if (failure) {
      connections.explain(name, failure);
      return failure;
    }
  }
  await connections.open(name, settings, policyOf(spec));
  return report(name, settings, deps);
}

/** What was seen stays in the database: only the connection ends. */
async function disable(name: string, connections: Connections): Promise<Outcome> {
  const why = { reason: 'Disabled', message: `Cluster ${name} is disabled (spec.enabled: false): its cloud is not contacted.` };
  connections.explain(name, why);
  if (connections.phase(name) !== undefined) await connections.close(name);
  const conditions = steps.map((type): OwnCondition => ({ type, status: 'Unknown', ...why }));
  return { ...why, ready: 'False', next: { look: 'whenWoken' }, conditions };
}

/** What a Cluster's spec asks the loop to keep to. */
export function policyOf(spec: ClusterSpec): ClusterPolicy {
  return {
    driftPolicy: spec.driftPolicy ?? 'Correct',
    maintenanceWindows: windowsOf(spec),
    recreationLimit: spec.limits?.recreations,
    allowedNamespaces: spec.allowedNamespaces ?? [],
  };
}

function windowsOf({ maintenanceWindows = [] }: ClusterSpec): MaintenanceWindow[] {
  return maintenanceWindows.map(({ duration, ...window }) => ({ ...window, durationMs: parseDuration(duration) }));
}

/** A window that cannot open is a mistake, and until it is mended nobody knows what may be corrected. */
function flawInWindows(name: string, spec: ClusterSpec): Outcome | undefined {
  const flaws = windowsOf(spec).map((window, index) => [index, flawOf(window)] as const);
  const wrong = flaws.flatMap(([index, flaw]) => (flaw === undefined ? [] : [`spec.maintenanceWindows[${index}] can never open: ${flaw}`]));
  return wrong.length === 0 ? undefined : stalled({ reason: 'InvalidMaintenanceWindow', message: `Cluster ${name}: ${wrong.join('. ')}.` });
}

/** The settings, or what is wrong with the Secret. */
async function readSettings(name: string, spec: ClusterSpec, api: KubeApi): Promise<ConnectionSettings | Outcome> {
  const { namespace, name: secretName, key = 'clouds.yaml' } = spec.credentialsSecretRef;
  const where = `Secret ${namespace}/${secretName}`;
  const next = { look: 'after', ms: lookSoonMs } as const;
  const secret = await api.readSecret({ namespace, name: secretName });
  if (!secret)
    return waiting({ reason: 'SecretNotFound', message: `${where}, named by Cluster ${name}, does not exist; create it.` }, { next });
  const cloudsYaml = secret[key]?.toString('utf8');
  if (cloudsYaml === undefined)
    return waiting({ reason: 'SecretKeyNotFound', message: `${where} has no key "${key}"; put a clouds.yaml there.` }, { next });
  try {
    const { limits } = spec;
    return {
      config: parseCloudConfig({
        cloudsYaml,
        ...(spec.cloud === undefined ? {} : { cloud: spec.cloud }),
        ...(spec.region === undefined ? {} : { region: spec.region }),
        ...(spec.interface === undefined ? {} : { interface: spec.interface }),
        ...(spec.caBundle === undefined ? {} : { caBundle: spec.caBundle }),
      }),
      // At least half a second, so that a slip of the pen does not lean on the cloud.
      sweepIntervalMs: Math.max(500, parseDuration(spec.sweepInterval ?? '60s')),
      ...(limits?.concurrency === undefined ? {} : { concurrency: limits.concurrency }),
      ...(limits?.requestsPerSecond === undefined ? {} : { requestsPerSecond: limits.requestsPerSecond }),
    };
  } catch (error) {
    return { ...stalled({ reason: 'InvalidCredentials', message: `${where}, key "${key}": ${(error as Error).message}` }), next };
  }
}

/** Undefined when every step passed; conditions of the steps it did not come to are Unknown. */
async function probeCloud(name: string, settings: ConnectionSettings, connections: Connections): Promise<Outcome | undefined> {
  const seen = new Map<ProbeStep, ProbeResult>();
  const client = connections.client(name, settings);
  try {
    for await (const result of probe(client)) seen.set(result.step, result);
    const failed = [...seen.values()].find((result) => !result.ok);
    if (!failed) return undefined;
    const why = { reason: `${failed.step}Failed`, message: `Cluster ${name}: ${failed.message}.` };
    const conditions = steps.map((step) => conditionOf(step, seen.get(step)));
    // A refused sign-in repeats itself until somebody changes the Secret or the account; asking often would lock the account.
    const isRefused = failed.step === 'Auth' && (await isRefusedSignIn(client));
    return isRefused
      ? { ...stalled(why, { conditions }), next: { look: 'after', ms: lookAgainMs } }
      : retrying(why, { conditions, atLeastMs: 2000 });
  } finally {
    await client.close();
  }
}

/** The client remembers a refusal for a moment, so this asks Keystone no second time. */
async function isRefusedSignIn(client: { authenticate(): Promise<unknown> }): Promise<boolean> {
  return client.authenticate().then(
    () => false,
    (error: unknown) => classifyOpenStackError(error).kind === 'stalled',
  );
}

function conditionOf(type: ProbeStep, result: ProbeResult | undefined): OwnCondition {
  if (!result) return { type, status: 'Unknown', reason: 'NotReached', message: 'An earlier step failed.' };
  return { type, status: result.ok ? 'True' : 'False', reason: result.ok ? 'Passed' : 'Failed', message: result.message };
}

async function report(name: string, settings: ConnectionSettings, deps: ClusterKindDeps): Promise<Outcome> {
  const { connections } = deps;
  const next = { look: 'after', ms: lookAgainMs } as const;
  const conditions = steps.map((step) =>
    conditionOf(step, { step, ok: true, latencyMs: 0, message: `Passed when ${settings.config.authUrl} was connected.` }),
  );
  if (connections.phase(name) !== 'ready') {
    return waiting({ reason: 'Listing', message: `Looking at everything Cluster ${name} holds for the first time.` }, { conditions, next });
  }
  const health = deps.health(name);
  if (health?.massLoss) {
    const message = massLossMessage(name, health.massLoss);
    conditions.push({ type: 'MassLoss', status: 'True', reason: 'TooManyLost', message });
  }
  const status: JsonObject = { undeclared: health?.undeclared ?? {}, ...connections.identity(name) };
  const errors = Object.entries(health?.errors ?? {});
  if (errors.length > 0) {
    const message = `The newest look at Cluster ${name} failed for ${errors.map(([type, text]) => `${type} (${text})`).join('; ')}; what was seen before stands.`;
    return waiting({ reason: 'PartlyUnseen', message }, { conditions, status, next });
  }
  return inSync(`Cluster ${name} is connected.`, { reason: 'Connected', conditions, status, next });
}
