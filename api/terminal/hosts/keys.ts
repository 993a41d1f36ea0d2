import { randomUUID } from 'node:crypto';
import { and, asc, count, eq, gt, inArray, or } from 'drizzle-orm';
import type { Queries, Store } from '#migrations/store.ts';
import { isDuplicate } from '#migrations/store-error.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { type KeyProvider, newDataKey, open, type Sealed } from '../../kube/encryption.ts';
import type { PrivateKey } from './private-key.ts';

/** A key to sign in to instances with, without what makes it one. */
export interface TerminalKey {
  readonly id: string;
  readonly name: string;
  /** `*` for all. */
  readonly cluster: string;
  readonly algorithm: string;
  readonly fingerprint: string;
  /** As authorized_keys takes it. */
  readonly publicKey: string;
  readonly createdBy: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  /** How many profiles name it. */
  readonly profiles: number;
}

export interface TerminalKeys {
  /** By cluster and name, behind `after`; `clusters` undefined for all. */
  list(filter: {
    readonly clusters?: readonly string[];
    readonly limit: number;
    readonly after?: readonly [cluster: string, name: string];
  }): Promise<readonly TerminalKey[]>;
  get(id: string): Promise<TerminalKey | undefined>;
  /** Throws HttpProblem: the name is taken, or there are as many as there may be. */
  create(given: { readonly name: string; readonly cluster: string; readonly key: PrivateKey }, actor: string): Promise<TerminalKey>;
  /** Throws HttpProblem when profiles name it. */
  remove(id: string): Promise<void>;
  /** The private key, for one use; undefined when it is gone. */
  use(id: string): Promise<string | undefined>;
}

const mostOfCluster = 1000;

/** Whoever adds, changes or removes keys or profiles takes a number of this: what names what is checked one at a time. */
export const configuring = 'terminal_profiles';

export function createTerminalKeys(store: Store, { keys, now }: { readonly keys: KeyProvider; readonly now: () => number }): TerminalKeys {
  const { terminalKeys } = store.tables;
  const context = (id: string) => `terminal_keys|${id}`;
  return {
    async list({ clusters, limit, after }) {
      if (clusters?.length === 0) return [];
      const { cluster, name } = terminalKeys;
      const behind = after && or(gt(cluster, after[0]), and(eq(cluster, after[0]), gt(name, after[1])));
      const rows = await store.db
        .select()
        .from(terminalKeys)
        .where(and(clusters && inArray(cluster, [...clusters]), behind))
        .orderBy(asc(cluster), asc(name))
        .limit(limit);
      const uses = await usesOf(
        store,
        rows.map(({ id }) => id),
      );
      return rows.map((row) => shown(row, uses));
    },

    async get(id) {
      const [row] = await store.db.select().from(terminalKeys).where(eq(terminalKeys.id, id)).limit(1);
      return row && shown(row, await usesOf(store, [id]));
    },

    async create({ name, cluster, key }, actor) {
      const id = randomUUID();
      const { algorithm, fingerprint, publicKey } = key;
      const secret = (await newDataKey(keys)).seal(key.pem, context(id));
      const row = { id, name, cluster, algorithm, fingerprint, publicKey, createdBy: actor, createdAt: now() };
      try {
        await store.tx(async (tx) => {
          await tx.next(configuring);
          const [found] = await tx.db.select({ rows: count() }).from(terminalKeys).where(eq(terminalKeys.cluster, cluster));
          if ((found?.rows ?? 0) >= mostOfCluster)
            throw new HttpProblem(409, 'TooManyTerminalKeys', `There are ${mostOfCluster} keys for ${cluster} already; remove some.`);
          await tx.db.insert(terminalKeys).values({ ...row, secret, lastUsedAt: null });
        });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        throw new HttpProblem(409, 'AlreadyExists', `There is a key ${name} for ${placeWords(cluster)} already; choose another name.`);
      }
      return { ...row, lastUsedAt: null, profiles: 0 };
    },

    async remove(id) {
      await store.tx(async (tx) => {
        await tx.next(configuring);
        const { terminalProfiles } = tx.tables;
        const users = await tx.db.select().from(terminalProfiles).where(eq(terminalProfiles.keyId, id)).limit(20);
        if (users.length > 0) {
          const names = users.map(({ name, cluster }) => `${name} (${cluster})`).join(', ');
          const profiles = users.map((profile) => ({ id: profile.id, name: profile.name, cluster: profile.cluster }));
          throw new HttpProblem(409, 'KeyInUse', `Profiles sign in with this key: ${names}. Give them another one first.`, { profiles });
        }
        await tx.db.delete(terminalKeys).where(eq(terminalKeys.id, id));
      });
    },

    async use(id) {
      const [row] = await store.db.select({ secret: terminalKeys.secret }).from(terminalKeys).where(eq(terminalKeys.id, id)).limit(1);
      if (!row) return undefined;
      const pem = await open(keys, row.secret as Sealed, context(id));
      await store.db.update(terminalKeys).set({ lastUsedAt: now() }).where(eq(terminalKeys.id, id));
      return pem;
    },
  };
}

/** How many profiles name which key. */
async function usesOf({ db, tables: { terminalProfiles } }: Queries, ids: readonly string[]): Promise<ReadonlyMap<string | null, number>> {
  if (ids.length === 0) return new Map();
  const { keyId } = terminalProfiles;
  const rows = await db
    .select({ keyId, rows: count() })
    .from(terminalProfiles)
    .where(inArray(keyId, [...ids]))
    .groupBy(keyId);
  return new Map(rows.map((row) => [row.keyId, row.rows]));
}

function shown(row: Omit<TerminalKey, 'profiles'>, uses: ReadonlyMap<string | null, number>): TerminalKey {
  const { id, name, cluster, algorithm, fingerprint, publicKey, createdBy, createdAt, lastUsedAt } = row;
  return { id, name, cluster, algorithm, fingerprint, publicKey, createdBy, createdAt, lastUsedAt, profiles: uses.get(id) ?? 0 };
}

function placeWords(cluster: string): string {
  return cluster === '*' ? 'all clusters' : `cluster ${cluster}`;
}
