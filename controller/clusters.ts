import type { ClusterPolicy, Connections, ConnectionSettings } from './connections.ts';
import type { JsonObject } from './engine/json.ts';
import type { KubeApi } from './engine/kube-api.ts';
import type { PlainKind } from './engine/loop.ts';
import type { KubeObject } from './engine/object.ts';
import { inSync, type Outcome, type OwnCondition, retrying, stalled, waiting } from './engine/outcome.ts';
import { cluster as declaration, type ClusterSpec } from './kinds/cluster.ts';
import { parseDuration } from './kinds/duration.ts';
import { type CloudConfig, parseCloudConfig } from './openstack/clouds-yaml.ts';
import { type ProbeStep, probe } from './openstack/probe.ts';

/** How often a Cluster's Secret and health are looked at again, beside being woken. */
const lookAgainMs = 60_000;
const steps = ['DNS', 'TCP', 'TLS', 'Auth', 'Catalog', 'Microversions'] as const;

export interface ClusterKindDeps {
  readonly api: KubeApi;
  readonly connections: Connections;
  /** What the newest sweep of this cluster found: errors by resource type, and the count of undeclared resources by type. */
  health(cluster: string): ClusterHealth | undefined;
  clusterGone(cluster: string): Promise<void>;
}

export interface ClusterHealth {
  readonly errors: Readonly<Record<string, string>>;
  readonly undeclared: Readonly<Record<string, number>>;
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
      await deps.connections.close(object.metadata.name);
      return undefined;
    },
    gone: (object) => void deps.clusterGone(object.metadata.name),
  };
}

async function reconcileCluster(object: KubeObject, deps: ClusterKindDeps): Promise<Outcome> {
  const { name } = object.metadata;
  const spec = object.spec as unknown as ClusterSpec;
  const settings = await readSettings(name, spec, deps.api);
  if ('outcome' in settings) {
    deps.connections.explain(name, settings.outcome);
    return settings.outcome;
  }
  const isConnected = deps.connections.isOpenWith(name, settings);
  const health = deps.health(name);
  if (!isConnected || isUnreachable(health)) {
    const probed = await probeCloud(name, settings.config);
    if (probed.failure) {
      if (!deps.connections.phase(name)) deps.connections.explain(name, probed.failure);
      return probed.failure;
    }
  }
  await deps.connections.open(name, settings, policyOf(spec));
  return report(name, deps);
}

function policyOf(spec: ClusterSpec): ClusterPolicy {
  return { driftPolicy: spec.driftPolicy ?? 'Correct', allowedNamespaces: spec.allowedNamespaces ?? [] };
}

async function readSettings(name: string, spec: ClusterSpec, api: KubeApi): Promise<ConnectionSettings | { outcome: Outcome }> {
  const { namespace, name: secretName, key = 'clouds.yaml' } = spec.credentialsSecretRef;
  const where = `Secret ${namespace}/${secretName}`;
  const secret = await api.readSecret({ namespace, name: secretName });
  const again = { next: { look: 'after', ms: 15_000 } } as const;
  if (!secret) return { outcome: waiting({ reason: 'SecretNotFound', message: `${where}, named by Cluster ${name}, does not exist; create it.` }, again) };
  const cloudsYaml = secret[key];
  if (cloudsYaml === undefined) {
    return { outcome: waiting({ reason: 'SecretKeyNotFound', message: `${where} has no key "${key}"; put a clouds.yaml there.` }, again) };
  }
  try {
    const config = parseCloudConfig({
      cloudsYaml,
      ...(spec.cloud === undefined ? {} : { cloud: spec.cloud }),
      ...(spec.region === undefined ? {} : { region: spec.region }),
      ...(spec.interface === undefined ? {} : { interface: spec.interface }),
      ...(spec.caBundle === undefined ? {} : { caBundle: spec.caBundle }),
    });
    return {
      config,
      sweepIntervalMs: parseDuration(spec.sweepInterval ?? '60s'),
      ...(spec.limits?.concurrency === undefined ? {} : { concurrency: spec.limits.concurrency }),
      ...(spec.limits?.requestsPerSecond === undefined ? {} : { requestsPerSecond: spec.limits.requestsPerSecond }),
    };
  } catch (error) {
    const message = `${where}, key "${key}": ${(error as Error).message}`;
    return { outcome: { ...stalled({ reason: 'InvalidCredentials', message }), ...again } };
  }
}

/** Runs the probe; conditions of the steps it did not come to are Unknown. */
async function probeCloud(name: string, config: CloudConfig): Promise<{ failure?: Outcome }> {
  const seen = new Map<string, ProbeStep>();
  for await (const step of probe(config)) seen.set(step.step, step);
  const failed = [...seen.values()].find((step) => !step.ok);
  if (!failed) return {};
  const why = { reason: `${failed.step}Failed`, message: `Cluster ${name}: ${failed.message}` };
  const conditions = conditionsOf(seen);
  // A refused sign-in repeats itself until somebody changes the Secret or the account; asking often would lock the account.
  const isRefused = failed.step === 'Auth' && !failed.transient;
  const failure = isRefused ? { ...stalled(why, { conditions }), next: { look: 'after', ms: lookAgainMs } as const } : retrying(why, { conditions, atLeastMs: 5000 });
  return { failure };
}

function conditionsOf(seen: ReadonlyMap<string, ProbeStep>): OwnCondition[] {
  return steps.map((type) => {
    const step = seen.get(type);
    if (!step) return { type, status: 'Unknown', reason: 'NotReached', message: 'An earlier step failed.' };
    return { type, status: step.ok ? 'True' : 'False', reason: step.ok ? 'Passed' : 'Failed', message: step.message };
  });
}

/** Every type failed in the newest sweep: the cloud as a whole is away, and the probe tells where. */
function isUnreachable(health: ClusterHealth | undefined): boolean {
  return health !== undefined && Object.keys(health.errors).length > 0 && health.errors.all !== undefined;
}

async function report(name: string, deps: ClusterKindDeps): Promise<Outcome> {
  const next = { look: 'after', ms: lookAgainMs } as const;
  const conditions = steps.map((type): OwnCondition => ({ type, status: 'True', reason: 'Passed', message: '' }));
  const health = deps.health(name);
  if (deps.connections.phase(name) !== 'ready') {
    return waiting({ reason: 'Listing', message: `Looking at everything Cluster ${name} holds for the first time.` }, { conditions, next });
  }
  const status: JsonObject = { undeclared: health?.undeclared ?? {} };
  const errors = Object.entries(health?.errors ?? {});
  if (errors.length > 0) {
    const message = `The newest look at Cluster ${name} failed for ${errors.map(([type, text]) => `${type} (${text})`).join('; ')}; what was seen before stands.`;
    return waiting({ reason: 'PartlyUnseen', message }, { conditions, status, next });
  }
  return inSync(`Cluster ${name} is connected.`, { reason: 'Connected', conditions, status, next });
}
