import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createAudit } from '#controller/audit/audit.ts';
import { PooledKubeConfig } from '#controller/engine/kube-config.ts';
import { createHistory } from '#controller/history/history.ts';
import { keepTidy } from '#controller/history/housekeeping.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createMetrics } from '#controller/metrics.ts';
import { type Controller, startController, systemClock } from '#controller/start.ts';
import { openStore } from '#migrations/store.ts';
import { createAccounts } from './auth/accounts.ts';
import { controllerIdentity } from './auth/identity.ts';
import { createTokens } from './auth/tokens.ts';
import { declareCluster, defaultCluster, type NamedCloud, readNamedCloud } from './cloud-source.ts';
import { createFileKeyProvider } from './kube/encryption.ts';
import { createObjectStore } from './kube/sql-object-store.ts';
import { auditKubeChange } from './kube-audit.ts';
import { recordAlongside, storedObjects } from './kube-history.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { createLog, type Log } from './log.ts';
import { createMissing, readManifests } from './manifests.ts';
import { showProgress } from './progress.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { createServer, type ServerDeps } from './server.ts';
import type { Settings } from './settings.ts';
import { ensureTls } from './tls.ts';

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

const progressMs = 60_000;
const dayMs = 24 * 3_600_000;

/**
 * The embedded form, one process: database, API over TLS, the controller as a client of it, and the cloud that was asked for. Whatever was
 * started is stopped again when a later part fails.
 */
export async function start(
  settings: Settings,
  print: (line: string) => void,
  { onRoute }: Pick<ServerDeps, 'onRoute'> = {},
): Promise<Running> {
  const startedAt = Date.now();
  const log = createLog(settings.logLevel, (line) => process.stderr.write(line));
  const ends: (() => Promise<unknown>)[] = [];
  const abort = new AbortController();
  const stop = async () => {
    abort.abort();
    for (const end of ends.splice(0).toReversed()) await end().catch((error: unknown) => log('warn', 'stopping a part failed', { error }));
  };
  try {
    mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
    // Read before anything is started, so that a wrong name costs nothing.
    const source = settings.cloud ? readNamedCloud(settings.cloud, process.env) : undefined;
    const api = await startApi(settings, log, { ends, onRoute });
    const { imageDirectory } = settings;
    const kubeConfig = api.kubeConfigFor(controllerIdentity);
    const controller = await startController({ kubeConfig, ...api, log, ...(imageDirectory !== undefined && { imageDirectory }) });
    ends.push(() => controller.stop());
    api.attach(controller);

    const sandbox = settings.sandbox ? await startSandbox(settings, log, ends) : undefined;
    const cluster: NamedCloud | undefined = sandbox ? { cloud: 'sandbox', cloudsYaml: sandbox.cloudsYaml, isForgetful: true } : source;
    if (cluster) await declareCluster(api.adminConfig, cluster);
    print(`Stackwarden is up at ${api.url}`);
    if (sandbox) await showQuickstart(api.adminConfig, { startedAt, print, signal: abort.signal });
    print(closingWords({ url: api.url, dataDir: settings.dataDir, cluster: cluster?.cloud }));
    return { url: api.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Attached {
  readonly ends: (() => Promise<unknown>)[];
  readonly onRoute: ServerDeps['onRoute'];
}

async function startApi(settings: Settings, log: Log, { ends, onRoute }: Attached) {
  const path = (name: string) => join(settings.dataDir, name);
  const store = await openStore(settings.databaseUrl);
  ends.push(() => store.close());
  const metrics = createMetrics();
  const audit = createAudit(store, { clock: { now: Date.now } });
  const history = createHistory(store, { clock: systemClock, keptMs: settings.historyDays * dayMs });
  ends.push(keepTidy(history, { clock: systemClock, log }));
  const objects = createObjectStore(store, { alongside: recordAlongside(history) });
  const definitions = resourceDefinitions();
  await history.complete(
    storedObjects(
      objects,
      definitions.map(({ plural }) => plural),
    ),
  );
  const tokens = createTokens(store);
  const token = await tokens.ensureFirstAdmin(path('admin-password'));
  const keyProvider = createFileKeyProvider(path('encryption.key'));
  const { oidc, selfRegistration = false } = settings;
  const accounts = createAccounts(store, { keys: keyProvider, selfRegistration, ...(oidc && { oidc }) });
  await accounts.ensureFirstPerson(token);
  const tls = await ensureTls(path('tls'), settings.host);
  let controller: Controller | undefined;
  const app = await createServer({
    audit,
    tokens,
    accounts,
    metrics,
    log,
    tls,
    kube: {
      store: objects,
      resources: definitions,
      keyProvider,
      log,
      onChange: (change) => auditKubeChange(audit, change),
    },
    clusters: () => controller?.clusters(),
    planner: () => controller?.planner,
    history: { history, kinds: definitions, clock: { now: Date.now } },
    ...(onRoute && { onRoute }),
    notReady: async () => controller?.notReady() ?? ['the controller is starting'],
  });
  ends.push(() => app.close());
  const url = await app.listen({ host: settings.host, port: settings.port });
  const server = reachable(url);
  writeKubeconfig(path('kubeconfig'), { server, ca: tls.ca, user: 'admin', token });
  const kubeConfigFor = (identity: typeof controllerIdentity) => inMemoryConfig(server, tls.ca, tokens.issueForProcess(identity));
  const adminConfig = inMemoryConfig(server, tls.ca, token);
  return { url: server, store, metrics, audit, kubeConfigFor, adminConfig, attach: (started: Controller) => void (controller = started) };
}

/** A wildcard address is where we listen, not where one connects. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

function inMemoryConfig(server: string, ca: string, token: string): PooledKubeConfig {
  const config = new PooledKubeConfig();
  config.loadFromClusterAndUser(
    { name: 'stackwarden', server, caData: Buffer.from(ca).toString('base64'), skipTLSVerify: false },
    { name: 'user', token },
  );
  return config;
}

async function startSandbox(settings: Settings, log: Log, ends: (() => Promise<unknown>)[]): Promise<SandboxProcess> {
  const sandbox = await startSandboxProcess(join(settings.dataDir, 'sandbox-clouds.yaml'), (code) =>
    log('error', 'the sandbox cloud ended; start again to get it back', { code }),
  );
  ends.push(() => sandbox.stop());
  return sandbox;
}

async function showQuickstart(
  config: PooledKubeConfig,
  options: { startedAt: number; print: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const objects = readManifests(resolve(import.meta.dirname, '../examples/quickstart'));
  await createMissing(config, objects);
  options.print('Applied examples/quickstart to the sandbox cloud:');
  const waiting = await showProgress(config, objects, { ...options, deadline: Date.now() + progressMs });
  if (waiting.length > 0 && !options.signal.aborted) {
    options.print(`Not Ready after ${progressMs / 1000} s: ${waiting.join(', ')}. "kubectl describe" says why; the reconciler goes on.`);
  }
}

function closingWords(options: { url: string; dataDir: string; cluster: string | undefined }): string {
  const kubeconfig = join(options.dataDir, 'kubeconfig');
  const connected = options.cluster
    ? `Cluster ${defaultCluster} is the cloud "${options.cluster}".`
    : 'No cloud is connected: apply a Cluster (examples/cluster.yaml).';
  return `
${connected}
First admin password   ${join(options.dataDir, 'admin-password')}
kubeconfig             ${kubeconfig}

Try:
  kubectl --kubeconfig ${kubeconfig} get openstack
  kubectl --kubeconfig ${kubeconfig} describe instances
  curl -s --cacert ${join(options.dataDir, 'tls/ca.crt')} -H "Authorization: Bearer $(cat ${join(options.dataDir, 'admin-password')})" "${options.url}/api/v1/audit?limit=5"

Ctrl-C ends it; everything is kept.`;
}
