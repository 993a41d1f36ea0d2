import { actions } from '#controller/actions/index.ts';
import type { Audit } from '#controller/audit/audit.ts';
import { createRetention } from '#controller/audit/retention.ts';
import { createHealthRecords } from '#controller/health/records.ts';
import { createMetrics } from '#controller/metrics.ts';
import { createOperationEvents } from '#controller/operations/events.ts';
import { createOperations } from '#controller/operations/operations.ts';
import { createOperationRows } from '#controller/operations/rows.ts';
import type { Store } from '#migrations/store.ts';
import { createAccounts } from '../auth/accounts.ts';
import { createRights } from '../auth/rights.ts';
import { readConfiguration } from '../configuration/read.ts';
import { shownSettings } from '../configuration/shown.ts';
import { openKeys } from '../keys/key-source.ts';
import { createKeyRotation } from '../keys/rotation.ts';
import type { ServerDeps } from '../server.ts';
import { readSettings } from '../settings.ts';
import { silentBus } from '../shared/bus.ts';
import { createTerminals } from '../terminal/parts.ts';
import { createHub } from '../watch/hub.ts';

type Parts = Required<
  Pick<ServerDeps, 'accounts' | 'retention' | 'health' | 'keyRotation' | 'acting' | 'watch' | 'settings' | 'terminals'>
>;

/** Every part of the application that only some servers have, so that all routes there are are served. No cloud is connected. */
export function allParts(store: Store, audit: Audit, keyFile: string): Parts {
  const clock = { now: Date.now, after: () => () => undefined };
  const keys = openKeys({}, keyFile);
  const rows = createOperationRows(store);
  const operations = createOperations({ store, rows, audit, events: createOperationEvents(), clock });
  const world = {
    clouds: { look: (cluster: string) => ({ reason: 'ClusterNotReady', message: `Cluster ${cluster} is not connected yet.` }) },
    objects: { inCluster: () => () => undefined, list: () => [], get: () => undefined },
  };
  return {
    accounts: createAccounts(store, { keys, selfRegistration: true }),
    retention: createRetention(store, { clock }),
    health: createHealthRecords(store),
    keyRotation: createKeyRotation({ store, keys, audit, log: () => undefined, settleMs: 0 }),
    acting: { store, operations, actions: new Map(actions.map((action) => [action.name, action])), clock, world: () => world },
    terminals: createTerminals({
      store,
      audit,
      keys,
      metrics: createMetrics(),
      settings: terminalSettings(),
      world: () => world,
      rights: createRights(silentBus()),
      clock,
      log: () => undefined,
    }),
    settings: shownSettings(readConfiguration([], {})),
    watch: { hub: createHub({ clock }), clock },
  };
}

function terminalSettings() {
  const settings = readSettings([], {});
  if (settings === 'help') throw new Error('unreachable');
  return settings.terminal;
}
