import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import { createHistory } from '#controller/history/history.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore, type Store } from '#migrations/store.ts';
import type { Accounts } from '../auth/accounts.ts';
import { everywhereAs, type Identity } from '../auth/identity.ts';
import { createTokens } from '../auth/tokens.ts';
import { createFileKeyProvider } from '../kube/encryption.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { recordAlongside } from '../kube-history.ts';
import { createServer, type ServerDeps } from '../server.ts';
import { allParts } from './all-parts.fixture.ts';

/** The whole application over an empty database, with everything that has routes. */
export interface Application {
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly audit: Audit;
  readonly token: string;
  /** What was logged, as JSON. */
  readonly logged: readonly string[];
  /** Ids of the requests that were logged as refused. */
  readonly refusals: ReadonlySet<string>;
  close(): Promise<void>;
}

export interface ApplicationOptions extends Partial<ServerDeps> {
  /** Whose browser sends what comes without a token; nobody's by default. */
  readonly ofCookie?: Identity;
}

export async function openApplication({ ofCookie, ...more }: ApplicationOptions = {}): Promise<Application> {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-http-'));
  const store = await openStore('sqlite::memory:');
  const clock = { now: Date.now, after: () => () => undefined };
  const audit = createAudit(store, { clock });
  const tokens = createTokens(store);
  const token = await tokens.ensureFirstAdmin(join(room, 'admin-password'));
  const history = createHistory(store, { clock });
  await history.complete(nothing());
  const logged: string[] = [];
  const refusals = new Set<string>();
  const definitions = resourceDefinitions();
  const parts = allParts(store, audit, join(room, 'keys'));
  const app = await createServer({
    audit,
    tokens,
    metrics: createMetrics(),
    log: (level, message, fields) => {
      logged.push(JSON.stringify({ level, message, ...fields, error: String(fields?.error) }));
      if (message === 'request refused') refusals.add(String(fields?.requestId));
    },
    history: { history, kinds: definitions, clock },
    planner: () => ({ plan: async () => ({ objects: [], gaps: [] }) }),
    clusters: () => undefined,
    kube: {
      store: createObjectStore(store, { alongside: recordAlongside(history) }),
      resources: definitions,
      keyProvider: createFileKeyProvider(join(room, 'encryption.key')),
      clock,
    },
    notReady: async () => [],
    ...parts,
    ...(ofCookie && { accounts: browsersOf(parts.accounts, ofCookie) }),
    ...more,
  });
  return {
    app,
    store,
    audit,
    token,
    logged,
    refusals,
    async close() {
      await parts.keyRotation.stop();
      await app.close();
      await store.close();
      rmSync(room, { recursive: true });
    },
  };
}

/** What annaInBrowser sends along as x-csrf-token. */
export const csrfOfAnna = 'c'.repeat(43);

function browsersOf(accounts: Accounts, identity: Identity): Accounts {
  return { ...accounts, ofCookie: async () => ({ ...identity, csrf: csrfOfAnna }) };
}

export const annaInBrowser: Identity = { user: 'anna', groups: [], grants: [everywhereAs('super_admin')], session: 'b-1', how: 'cookie' };

async function* nothing(): AsyncGenerator<[]> {}
