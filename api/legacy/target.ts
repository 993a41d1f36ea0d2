import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eq, inArray } from 'drizzle-orm';
import fastify from 'fastify';
import { createAudit } from '#controller/audit/audit.ts';
import { createHistory } from '#controller/history/history.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { systemClock } from '#controller/start.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { adminGroups, everywhereAs, type Identity } from '../auth/identity.ts';
import { CommandError } from '../commands/command.ts';
import { openKeys } from '../keys/key-source.ts';
import type { User } from '../kube/definition.ts';
import type { KeyRing } from '../kube/key-file.ts';
import { kubeApi } from '../kube/kube-api.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { auditKubeChange } from '../kube-audit.ts';
import { recordAlongside } from '../kube-history.ts';
import { type OwnKube, ownKube } from '../own-kube.ts';
import { openMysqlDatabase } from './mysql-database.ts';
import { importer } from './people.ts';

/** Our database, and the Kubernetes API over it in this process. */
export interface ImportTarget {
  readonly store: Store;
  readonly kube: OwnKube;
  /** The only caller that API knows. */
  readonly authorization: string;
  close(): Promise<void>;
}

/** Where the keys of Secrets are, as a server with this environment finds them. */
export interface KeyPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In the data directory. */
  readonly file: string;
}

const clusters = 'clusters.openstack.stackwarden.io';
/** Who writes what is imported. */
const importing: Identity & Pick<User, 'through'> = {
  user: importer,
  groups: adminGroups,
  grants: [everywhereAs('super_admin')],
  how: 'process',
  through: importer,
};
const keptMs = 90 * 24 * 3_600_000;

/** Opens the database at `url` to import into. Throws StoreError, on SQLite also when a server runs on it. */
export async function openTarget(url: string, keys: KeyPlace): Promise<ImportTarget> {
  const store = await openStore(url);
  try {
    return await targetOver(store, await keysOf(store, keys));
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A copy of that database, as it is now, which `close` throws away: what is imported there shows what would be here. */
export async function openScratchTarget(url: string, keys: KeyPlace): Promise<ImportTarget> {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-dry-run-'));
  const file = join(room, 'scratch.db');
  const discard = () => rmSync(room, { recursive: true, force: true });
  try {
    const source = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined;
    if (source !== undefined && existsSync(source)) copySqlite(source, file);
    const store = await openStore(`sqlite:${file}`);
    if (source === undefined) await copyWhatCounts(url, store);
    if (!hasKey(keys)) await dropSecrets(store);
    const target = await targetOver(store, openKeys(hasKey(keys) ? keys.env : {}, hasKey(keys) ? keys.file : join(room, 'key')));
    return {
      ...target,
      async close() {
        await target.close();
        discard();
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}

async function targetOver(store: Store, keys: KeyRing): Promise<ImportTarget> {
  const audit = createAudit(store, { clock: systemClock });
  const history = createHistory(store, { clock: systemClock, keptMs });
  const authorization = `Bearer ${randomBytes(32).toString('base64url')}`;
  const app = fastify({ bodyLimit: 3 * 1024 * 1024 });
  await app.register(kubeApi, {
    store: createObjectStore(store, { alongside: recordAlongside(history) }),
    resources: resourceDefinitions(),
    keyProvider: keys,
    onChange: (change) => auditKubeChange(audit, change),
    authenticate: ({ headers }) => (headers.authorization === authorization ? importing : undefined),
  });
  await app.ready();
  return {
    store,
    kube: ownKube(app),
    authorization,
    async close() {
      await app.close();
      await store.close();
    },
  };
}

/** The key of the server that is going to read the Secrets; a new one only where there is no server and no Secret yet. */
async function keysOf(store: Store, place: KeyPlace): Promise<KeyRing> {
  const { objects } = store.tables;
  const [used] = await store.db.select({ uid: objects.uid }).from(objects).limit(1);
  if (!hasKey(place) && used)
    throw new CommandError(
      `There is no ${place.file}, the key that Secrets of this database are encrypted with. Name the data directory of its server with --data DIR, or set STACKWARDEN_KEY_FILE as there.`,
    );
  return openKeys(place.env, place.file);
}

function hasKey({ env, file }: KeyPlace): boolean {
  return Boolean(env['STACKWARDEN_KEY'] || env['STACKWARDEN_KEY_FILE']) || existsSync(file);
}

function copySqlite(from: string, to: string): void {
  const db = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
  try {
    db.prepare('vacuum into ?').run(to);
  } finally {
    db.close();
  }
}

/** Without their key they could not even be told from others. */
async function dropSecrets({ db, tables: { objects, objectEvents } }: Store): Promise<void> {
  await db.delete(objects).where(eq(objects.resource, 'secrets'));
  await db.delete(objectEvents).where(eq(objectEvents.resource, 'secrets'));
}

/** Of a database on a server only what an import looks at: who is here, which objects, and what was imported before. */
async function copyWhatCounts(url: string, scratch: Store): Promise<void> {
  const there = await openMysqlDatabase(url);
  const columns = await there.columns('imports');
  await there.close();
  // Opening it as ours would make its tables, and a dry run writes nothing.
  if (columns.length === 0) return;
  const from = await openStore(url);
  try {
    const { users, objects, imports } = from.tables;
    const [people, things, marks] = [
      await from.db.select().from(users),
      await from.db
        .select()
        .from(objects)
        .where(inArray(objects.resource, ['secrets', 'namespaces', clusters])),
      await from.db.select().from(imports),
    ];
    await scratch.tx(async (tx) => {
      for (const row of people) await tx.db.insert(tx.tables.users).values({ ...row, passwordHash: null, totp: null, recoveryCodes: null });
      for (const row of things) await tx.db.insert(tx.tables.objects).values(row);
      for (const row of marks) await tx.db.insert(tx.tables.imports).values(row);
    });
  } finally {
    await from.close();
  }
}
