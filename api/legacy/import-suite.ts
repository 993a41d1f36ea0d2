import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createAudit } from '#controller/audit/audit.ts';
import type { ApiObject } from '../kube/definition.ts';
import type { LegacyDatabase } from './database.ts';
import { importLegacy } from './import.ts';
import { type LegacyRows, legacyRows, type Row, secretOfClouds } from './legacy.fixture.ts';
import type { ImportReport } from './report.ts';
import { type ImportTarget, type KeyPlace, openScratchTarget, openTarget } from './target.ts';

export interface Engines {
  /** Address of a fresh, empty database of ours. */
  ours(): Promise<string>;
  /** An old database with these rows; `add` puts more rows into it. */
  old(rows: LegacyRows): Promise<{ open(): Promise<LegacyDatabase>; add(table: string, row: Row): Promise<void> }>;
}

/** What an import has to do whichever databases are read and written. */
export function importSuite(name: string, engines: Engines): void {
  describe(`the import of an old database: ${name}`, () => {
    const room = mkdtempSync(join(tmpdir(), 'stackwarden-import-'));
    afterAll(() => rmSync(room, { recursive: true }));
    let url: string;
    let keys: KeyPlace;
    let ours: ImportTarget;
    beforeEach(async () => {
      url = await engines.ours();
      keys = { env: {}, file: join(mkdtempSync(join(room, 'data-')), 'encryption.key') };
      ours = await openTarget(url, keys);
    });

    afterEach(() => ours.close());

    interface Wish {
      readonly source?: string;
      readonly came?: (table: string, rows: number) => void;
    }

    async function bring(
      old: LegacyDatabase,
      target: ImportTarget,
      { source = 'old', came }: Wish = {},
      isDryRun = false,
    ): Promise<ImportReport> {
      try {
        return await importLegacy({ ...target, old, source, isDryRun, now: () => 1_800_000_000_000, ...(came && { came }) });
      } finally {
        await old.close();
      }
    }

    const run = async (old: { open(): Promise<LegacyDatabase> }, wish?: Wish) => bring(await old.open(), ours, wish);

    /** Everything that matters of our database but the ids that are random. */
    const world = async () => {
      const { store, kube, authorization } = ours;
      const { users, roleBindings, audit } = store.tables;
      const people = await store.db.select().from(users).orderBy(asc(users.username));
      const bindings = await store.db.select().from(roleBindings);
      const entries = await store.db.select().from(audit).orderBy(asc(audit.seq));
      const list = async (path: string) =>
        (await kube({ method: 'GET', path, caller: { authorization } })).body['items'] as (ApiObject & {
          spec: object;
          data: Record<string, string>;
        })[];
      return {
        people: people.map(({ id, ...person }) => ({
          ...person,
          roles: bindings.filter(({ userId }) => userId === id).map(({ role }) => role),
        })),
        clusters: (await list('/apis/openstack.stackwarden.io/v1alpha1/clusters')).map(({ metadata, spec }) => ({
          name: metadata.name,
          spec,
        })),
        secrets: (await list('/api/v1/namespaces/default/secrets')).map(({ metadata, data }) => ({
          name: metadata.name,
          clouds: parse(Buffer.from(data['clouds.yaml'] ?? '', 'base64').toString()) as object,
        })),
        imported: entries.filter(({ origin }) => origin !== null),
        own: entries.filter(({ origin }) => origin === null).map(({ type }) => type),
        verified: await createAudit(store, { clock: { now: Date.now } }).verify(),
      };
    };

    it('brings people with their passwords and roles, clouds with sealed credentials, and the log with its old times', async () => {
      const rows = legacyRows(250);
      const report = await run(await engines.old(rows));
      expect(report).toMatchObject({
        source: 'old',
        people: { found: 10, taken: 10, leftOut: 0 },
        clusters: { found: 5, taken: 5, leftOut: 0 },
        log: { found: 250, taken: 250, leftOut: 0 },
        leftOut: [],
      });
      const found = await world();
      expect(found.people).toHaveLength(10);
      expect(found.people.find(({ username }) => username === 'person5')).toMatchObject({
        email: 'person5@example.com',
        displayName: 'Person5',
        passwordHash: rows.user[4]?.['password_hash'],
        state: 'disabled',
        roles: ['super_admin'],
        createdAt: Date.parse('2021-01-01T00:04:00.000Z'),
        lastLoginAt: Date.parse('2021-01-01T16:44:00.000Z'),
      });
      expect(found.clusters.map(({ name: cluster }) => cluster)).toEqual(['cloud-1', 'cloud-2', 'cloud-3', 'cloud-4', 'cloud-5']);
      expect(found.clusters[3]?.spec).toMatchObject({
        enabled: false,
        credentialsSecretRef: { name: 'cloud-cloud-4', namespace: 'default' },
      });
      expect(found.secrets[1]?.clouds).toMatchObject({
        clouds: { 'cloud-2': { region_name: 'RegionTwo', auth: { application_credential_secret: secretOfClouds } } },
      });
      expect(found.imported[0]).toMatchObject({
        at: Date.parse('2021-01-01T00:00:00.000Z'),
        origin: 'old',
        type: 'Start',
        actor: 'Person1',
        cluster: 'cloud-1',
        kind: 'Instance',
        name: 'web-0',
        cloudId: 'res-0',
        result: 'failed',
        requestIds: ['req-0'],
      });
      expect(found.imported.map(({ cloudId }) => cloudId)).toEqual(rows.operation_log.map((row) => row['resource_id']));
      expect(found.own.filter((type) => type === 'UserImported')).toHaveLength(10);
      expect(found.own.at(-1)).toBe('LegacyImported');
      expect(found.verified.ok).toBe(true);
    });

    it('leaves no secret readable in the database, nor in the report', async () => {
      const report = await run(await engines.old(legacyRows(20)));
      const { db, tables } = ours.store;
      const stored = JSON.stringify(
        await Promise.all(Object.values(tables).map((table) => db.select().from(table as typeof tables.audit))),
      );
      expect(stored).not.toContain(secretOfClouds);
      expect(stored).not.toContain(Buffer.from(secretOfClouds).toString('base64').slice(3, -3));
      expect(JSON.stringify(report)).not.toContain(secretOfClouds);
    });

    it('adds nothing when it is run again, and later only what is new', async () => {
      const old = await engines.old(legacyRows(120));
      await run(old);
      const before = await world();
      const again = await run(old);
      expect(again).toMatchObject({ people: { taken: 0, before: 10 }, clusters: { taken: 0, before: 5 }, log: { taken: 0, before: 120 } });
      expect(await world()).toEqual(before);
      await old.add('user', { id: 99, username: 'late', role: 'viewer', is_active: 1, created_at: '2022-01-01 00:00:00' });
      await old.add('operation_log', {
        id: 999,
        user_id: 99,
        operation_type: 'login',
        result: 'success',
        created_at: '2022-01-01 00:00:00',
      });
      expect(await run(old)).toMatchObject({ people: { taken: 1, before: 10 }, clusters: { taken: 0 }, log: { taken: 1, before: 120 } });
      const after = await world();
      expect(after.imported).toHaveLength(121);
      expect(after.imported.at(-1)).toMatchObject({ actor: 'late', type: 'Login' });
    });

    it('goes on where it was killed, and ends as if it had not been', async () => {
      const old = await engines.old(legacyRows(2500, { users: 150, clusters: 3 }));
      for (const place of ['user', 'openstack_cluster', 'operation_log']) {
        const dies = (table: string) => {
          if (table === place) throw new Error(`killed after ${table}`);
        };
        await expect(run(old, { came: dies })).rejects.toThrow(`killed after ${place}`);
      }
      const report = await run(old);
      expect(report.log).toMatchObject({ found: 2500, before: 1000, taken: 1500 });
      const found = await world();
      expect(found.people).toHaveLength(150);
      expect(found.clusters).toHaveLength(3);
      expect(found.secrets).toHaveLength(3);
      expect(found.imported.map(({ requestIds }) => (requestIds as string[])[0])).toEqual(
        Array.from({ length: 2500 }, (_, index) => `req-${index}`),
      );
      expect(found.verified.ok).toBe(true);
    });

    it('finds the objects it made itself when it was killed before it could note them', async () => {
      const old = await engines.old(legacyRows(0, { clusters: 1 }));
      await run(old);
      const { imports } = ours.store.tables;
      await ours.store.db.delete(imports).where(eq(imports.kind, 'cluster'));
      expect(await run(old)).toMatchObject({ clusters: { taken: 1, leftOut: 0 } });
      expect((await world()).clusters).toHaveLength(1);
    });

    it('tells in a dry run what it would do, and writes nothing', async () => {
      const old = await engines.old(legacyRows(50));
      await ours.store.db.insert(ours.store.tables.users).values({
        id: 'u1',
        username: 'person3',
        email: 'person4@example.com',
        state: 'active',
        createdAt: 1,
        createdBy: 'x',
        version: 1,
      });
      const before = await world();
      const scratch = await openScratchTarget(url, keys);
      const told = await bring(await old.open(), scratch, {}, true);
      await scratch.close();
      expect(told).toMatchObject({ isDryRun: true, people: { taken: 9, joined: 1 }, log: { taken: 50 } });
      expect(await world()).toEqual(before);
      expect(await run(old)).toEqual({ ...told, isDryRun: false });
    });

    it('gives nobody who is here already another password or role', async () => {
      const old = await engines.old(legacyRows(10));
      const mine = {
        id: 'u1',
        username: 'person1',
        email: 'Person2@example.com',
        state: 'active' as const,
        createdAt: 1,
        createdBy: 'x',
        version: 7,
      };
      await ours.store.db.insert(ours.store.tables.users).values(mine);
      const report = await run(old);
      expect(report.people).toMatchObject({ taken: 9, joined: 1 });
      expect(report.differences.map(({ reason }) => reason)).toContain('person1 is here already: keeps password and roles');
      const { people } = await world();
      expect(people.find(({ username }) => username === 'person1')).toMatchObject({ passwordHash: null, roles: [], version: 7 });
    });

    it('does not take one database for another', async () => {
      const old = await engines.old(legacyRows(10));
      const other = await engines.old({ ...legacyRows(10), operation_log: [{ id: 1, operation_type: 'x', created_at: '2020-01-01' }] });
      await run(old);
      await expect(run(old, { source: 'copy' })).rejects.toThrow('which was imported. Go on with --source old.');
      await expect(run(other)).rejects.toThrow('What was imported as old before began with another row in operation_log.');
      expect((await world()).imported).toHaveLength(10);
    });
  });
}
