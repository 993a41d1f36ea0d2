import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '#migrations/store.ts';
import { createAudit } from './audit/audit.ts';
import { runElection } from './engine/election.ts';
import { kubeLease } from './engine/kube-client.ts';
import { PooledKubeConfig } from './engine/kube-config.ts';
import { createHistory } from './history/history.ts';
import { keepTidy } from './history/housekeeping.ts';
import { type RecordedApi, recordedApi } from './history/recorded-api.ts';
import { apiGroup } from './kinds/index.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { type Controller, startController, systemClock } from './start.ts';

/**
 * The controller alone, against a real Kubernetes: `node controller/main.ts --kubeconfig FILE`. The kinds' CRDs (crds/) have to be
 * there. DATABASE_URL as for `npm start`; without it SQLite in ./data. Of several replicas the one that holds the Lease
 * `stackwarden-controller` works, and the others wait; one that loses it ends, for its place to be taken by a fresh one.
 */
const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    data: { type: 'string', default: 'data' },
    'lease-namespace': { type: 'string', default: 'default' },
    images: { type: 'string' },
  },
});

const kubeConfig = new PooledKubeConfig();
if (values.kubeconfig) kubeConfig.loadFromFile(values.kubeconfig);
else kubeConfig.loadFromDefault();
if (values.context) kubeConfig.setCurrentContext(values.context);

const store = await openStore(process.env.DATABASE_URL ?? `sqlite:${resolve(values.data, 'stackwarden.db')}`);
const log: Log = (level, message, fields) => {
  if (level !== 'debug') process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
};
const images = values.images ?? process.env.STACKWARDEN_IMAGES;
const days = Number(process.env.STACKWARDEN_HISTORY_DAYS ?? 90);
if (!(days >= 1)) throw new Error(`STACKWARDEN_HISTORY_DAYS takes a number of days from 1, not "${process.env.STACKWARDEN_HISTORY_DAYS}"`);
const history = createHistory(store, { clock: systemClock, keptMs: days * 24 * 3_600_000 });
const endTidying = keepTidy(history, { clock: systemClock, log });
let recorded: RecordedApi | undefined;
let controller: Controller | undefined;

async function lead(): Promise<void> {
  controller = await startController({
    kubeConfig,
    store,
    around: (api) => {
      recorded = recordedApi(api, { history, group: apiGroup, clock: systemClock, log });
      return recorded;
    },
    audit: createAudit(store, { clock: { now: Date.now } }),
    metrics: createMetrics(),
    log,
    ...(images ? { imageDirectory: resolve(images) } : {}),
  });
  process.stdout.write('The controller is running.\n');
}

let isStopping = false;
const election = runElection({
  leases: kubeLease(kubeConfig, { namespace: values['lease-namespace'], name: 'stackwarden-controller' }),
  // The same after a restart: who was killed has its lead back at once.
  identity: `${hostname()}:${resolve(values.data)}`,
  notes: {},
  clock: systemClock,
  random: Math.random,
  log,
  onLead: lead,
  async onEnd() {
    await controller?.stop();
    await recorded?.flush();
    if (!isStopping) process.exit(1);
  },
});

const stop = () => {
  isStopping = true;
  void election
    .stop()
    .then(endTidying)
    .then(() => store.close())
    .then(() => process.exit(0));
};
process.once('SIGTERM', stop).once('SIGINT', stop);
