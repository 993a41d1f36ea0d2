import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { actions } from '#controller/actions/index.ts';
import { createAudit } from '#controller/audit/audit.ts';
import { createRetention } from '#controller/audit/retention.ts';
import { kubeLease } from '#controller/engine/kube-client.ts';
import { PooledKubeConfig } from '#controller/engine/kube-config.ts';
import type { StoreChange } from '#controller/engine/object-store.ts';
import { createHealthRecords } from '#controller/health/records.ts';
import { createHistory } from '#controller/history/history.ts';
import { keepTidy } from '#controller/history/housekeeping.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import type { RowChange } from '#controller/lists/feed.ts';
import { createMetrics } from '#controller/metrics.ts';
import { createOperationEvents } from '#controller/operations/events.ts';
import { forgetOperations } from '#controller/operations/forget.ts';
import { createOperations } from '#controller/operations/operations.ts';
import { createOperationRows } from '#controller/operations/rows.ts';
import { toldRows } from '#controller/operations/told-rows.ts';
import { startController, systemClock } from '#controller/start.ts';
import { lockSqliteFile } from '#migrations/sqlite-lock.ts';
import { openStore } from '#migrations/store.ts';
import { createAccounts } from './auth/accounts.ts';
import { controllerIdentity, platformIdentity } from './auth/identity.ts';
import { createRights } from './auth/rights.ts';
import { createTokens } from './auth/tokens.ts';
import { declareCluster, defaultCluster, type NamedCloud, readNamedCloud } from './cloud-source.ts';
import { doorOf, type KubeDoor } from './connections/kube-door.ts';
import { openKeys } from './keys/key-source.ts';
import { createKeyRotation } from './keys/rotation.ts';
import { createObjectStore } from './kube/sql-object-store.ts';
import { auditKubeChange } from './kube-audit.ts';
import { recordAlongside, storedObjects } from './kube-history.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { createLog, type Log } from './log.ts';
import { createMissing, readManifests } from './manifests.ts';
import { ownKube } from './own-kube.ts';
import { showProgress } from './progress.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { createServer, type ServerDeps } from './server.ts';
import type { Settings } from './settings.ts';
import { redisBus, silentBus } from './shared/bus.ts';
import { type Lead, leadAlone, leadIfElected } from './shared/lead.ts';
import { forgetPinsOfGone } from './terminal/hosts/host-key-rows.ts';
import { createTerminals } from './terminal/parts.ts';
import { ensureTls, internalName, readOwnCertificate } from './tls.ts';
import { createHub } from './watch/hub.ts';
import { publishObject, publishRow } from './watch/publish.ts';
import { publishOperations } from './watch/publish-operations.ts';

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
    const startOwn = () => startController({ kubeConfig, ...api, log, ...(imageDirectory !== undefined && { imageDirectory }) });
    const lead = api.isShared
      ? await leadIfElected({
          leases: kubeLease(kubeConfig, { namespace: 'default', name: 'stackwarden-controller' }),
          dataDir: settings.dataDir,
          address: { url: settings.advertise ?? api.url, ca: api.ca },
          log,
          start: startOwn,
        })
      : await leadAlone(startOwn);
    ends.push(() => lead.stop());
    api.attach(lead);

    const sandbox = settings.sandbox ? await startSandbox(settings, log, ends) : undefined;
    const cluster: NamedCloud | undefined = sandbox ? { cloud: 'sandbox', cloudsYaml: sandbox.cloudsYaml, isForgetful: true } : source;
    if (cluster) await declareCluster(api.adminConfig, cluster);
    print(`Stackwarden is up at ${api.url}`);
    if (sandbox) await showQuickstart(api.adminConfig, { startedAt, print, signal: abort.signal });
    // The generated CA stands for the name of this machine alone where the certificate is another.
    const url = settings.certificate ? api.url.replace(/\/\/.*:/, `//${internalName}:`) : api.url;
    print(closingWords({ url, dataDir: settings.dataDir, cluster: cluster?.cloud }));
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
  const isShared = settings.databaseUrl.startsWith('mysql:');
  // On SQLite the database itself is locked; here two processes in one directory would overwrite each other's certificates and token.
  const unlock = isShared ? lockSqliteFile(path('process')) : () => undefined;
  ends.push(async () => unlock());
  const store = await openStore(settings.databaseUrl);
  ends.push(() => store.close());
  const bus = settings.redisUrl ? redisBus(settings.redisUrl, { id: randomUUID(), log }) : silentBus();
  ends.push(() => bus.close());
  const metrics = createMetrics();
  const audit = createAudit(store, { clock: { now: Date.now } });
  const retention = createRetention(store, { clock: systemClock });
  ends.push(keepTidy({ forget: (isStopping) => retention.apply(isStopping) }, { clock: systemClock, log }, 'audit entries'));
  const keptMs = settings.historyDays * dayMs;
  const oldOperations = { forget: (isStopping: () => boolean) => forgetOperations(store, Date.now() - keptMs, isStopping) };
  ends.push(keepTidy(oldOperations, { clock: systemClock, log }, 'operations'));
  const history = createHistory(store, { clock: systemClock, keptMs });
  ends.push(keepTidy(history, { clock: systemClock, log }));
  const objects = createObjectStore(store, {
    alongside: recordAlongside(history),
    neighbours: { tell: () => bus.publish('objects'), hear: (call) => void bus.subscribe('objects', call) },
  });
  const operationEvents = createOperationEvents();
  const operationRows = toldRows(createOperationRows(store), (id) => operationEvents.changed(id));
  const operations = createOperations({ store, rows: operationRows, audit, events: operationEvents, clock: systemClock });
  const definitions = resourceDefinitions();
  await history.complete(
    storedObjects(
      objects,
      definitions.map(({ plural }) => plural),
    ),
  );
  const tokens = createTokens(store);
  const token = await tokens.ensureFirstAdmin(path('admin-password'), isShared ? `${hostname()}:${settings.dataDir}` : '');
  const keys = openKeys(process.env, path('encryption.key'));
  const { oidc, selfRegistration } = settings;
  const accounts = createAccounts(store, { keys, selfRegistration, ...(oidc && { oidc }) });
  await accounts.ensureFirstPerson(token);
  const tls = await ensureTls(path('tls'), settings.host);
  const own = settings.certificate && readOwnCertificate(settings.certificate, tls);
  const keyRotation = createKeyRotation({ store, keys, audit, log });
  ends.push(() => keyRotation.stop());
  const hub = createHub({ clock: systemClock });
  const stopTelling = operationEvents.onChanged(publishOperations(hub, { operations, clock: systemClock, log }));
  ends.push(async () => stopTelling());
  let lead: Lead | undefined;
  const rights = createRights(bus);
  // Served by the application that terminals are a part of.
  let kube: KubeDoor = () => Promise.reject(new Error('the Kubernetes API is not up yet'));
  const terminals = createTerminals({
    store,
    audit,
    keys,
    metrics,
    settings: settings.terminal,
    world: () => lead?.controller()?.world,
    kube: (request) => kube(request),
    rights,
    ...(oidc && { publicUrl: oidc.publicUrl }),
    clock: systemClock,
    log,
  });
  const oldHostKeys = { forget: (isStopping: () => boolean) => forgetPinsOfGone(store, Date.now() - 30 * dayMs, isStopping) };
  ends.push(keepTidy(oldHostKeys, { clock: systemClock, log }, 'host keys'));
  const app = await createServer({
    audit,
    retention,
    tokens,
    accounts,
    metrics,
    log,
    tls: own ?? tls,
    trustProxy: settings.trustProxy,
    limits: settings.limits,
    settings: settings.shown,
    ...(bus.redis && { redis: bus.redis }),
    kube: {
      store: objects,
      resources: definitions,
      keyProvider: keys,
      log,
      onChange: (change) => auditKubeChange(audit, change),
    },
    clusters: () => lead?.controller()?.clusters(),
    planner: () => lead?.controller()?.planner,
    lists: () => lead?.controller()?.lists,
    hypervisors() {
      const controller = lead?.controller();
      return controller && { hypervisors: controller.hypervisors, clusters: controller.clusters().names() };
    },
    overview() {
      const controller = lead?.controller();
      return controller && { now: controller.overview, clusters: controller.clusters().names() };
    },
    watch: { hub, clock: systemClock },
    sights: () => lead?.controller()?.sights,
    health: createHealthRecords(store),
    keyRotation,
    acting: {
      store,
      operations,
      actions: new Map(actions.map((action) => [action.name, action])),
      world: () => lead?.controller()?.world,
      clock: systemClock,
    },
    history: { history, kinds: definitions, clock: { now: Date.now } },
    terminals,
    rights,
    elsewhere: () => lead?.elsewhere(),
    notReady: async () => lead?.notReady() ?? ['the controller is starting'],
    ...(onRoute && { onRoute }),
  });
  kube = doorOf(ownKube(app), { authorization: `Bearer ${tokens.issueForProcess(platformIdentity)}` });
  ends.push(() => app.close());
  ends.push(keepTidy(terminals.oldRecordings, { clock: systemClock, log }, 'recordings'));
  ends.push(async () => terminals.early.stop());
  ends.push(() => terminals.live.stop());
  await keyRotation.resume();
  const url = await app.listen({ host: settings.host, port: settings.port });
  const server = reachable(url);
  const endpoint = { server, ca: tls.ca, ...(own && { servername: internalName }) };
  await terminals.live.begin({ id: `${hostname()}:${settings.dataDir}`, url: settings.advertise ?? server, ca: tls.ca });
  writeKubeconfig(path('kubeconfig'), { ...endpoint, user: 'admin', token });
  const kubeConfigFor = (identity: typeof controllerIdentity) => inMemoryConfig(endpoint, tokens.issueForProcess(identity));
  const adminConfig = inMemoryConfig(endpoint, token);
  const onRow = (change: RowChange) => {
    publishRow(hub, change);
    terminals.early.seen(change);
  };
  const onObject = (change: StoreChange) => publishObject(hub, change);
  return {
    onRow,
    onObject,
    operationEvents,
    url: server,
    ca: tls.ca,
    isShared,
    store,
    metrics,
    audit,
    kubeConfigFor,
    adminConfig,
    attach: (started: Lead) => void (lead = started),
  };
}

/** A wildcard address is where we listen, not where one connects. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

function inMemoryConfig({ server, ca, servername }: { server: string; ca: string; servername?: string }, token: string): PooledKubeConfig {
  const config = new PooledKubeConfig();
  const caData = Buffer.from(ca).toString('base64');
  const name = servername === undefined ? {} : { tlsServerName: servername };
  config.loadFromClusterAndUser({ name: 'stackwarden', server, caData, skipTLSVerify: false, ...name }, { name: 'user', token });
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
