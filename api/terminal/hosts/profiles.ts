import { randomUUID } from 'node:crypto';
import { and, asc, count, eq, gt, inArray, or } from 'drizzle-orm';
import type { Queries, Store } from '#migrations/store.ts';
import { isDuplicate } from '#migrations/store-error.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import type { Target } from '../ports.ts';
import { configuring, type TerminalKeys } from './keys.ts';
import { badField } from './refusals.ts';

/** How one signs in to the instances of a cluster, or to one. */
export interface TerminalProfile extends ProfileFields {
  readonly id: string;
  readonly createdBy: string;
  /** Epoch ms; another one after each change. */
  readonly updatedAt: number;
}

export interface ProfileFields {
  readonly name: string;
  readonly cluster: string;
  /** '' for all of the cluster. */
  readonly serverId: string;
  readonly user: string;
  readonly port: number;
  /** `floating`, `fixed`, `any`, or an address. */
  readonly via: string;
  /** Null: whoever connects is asked. */
  readonly keyId: string | null;
}

/** A profile ready for use. */
export interface UsableProfile extends Pick<TerminalProfile, 'id' | 'name' | 'user' | 'port' | 'via'> {
  /** PEM or OpenSSH, without a passphrase; a secret. */
  readonly privateKey?: string;
}

export interface TerminalProfiles {
  /** By cluster, server and name, behind `after`; `clusters` undefined for all. */
  list(filter: {
    readonly clusters?: readonly string[];
    readonly serverId?: string;
    readonly limit: number;
    readonly after?: readonly [cluster: string, serverId: string, name: string];
  }): Promise<readonly TerminalProfile[]>;
  get(id: string): Promise<TerminalProfile | undefined>;
  /** Throws HttpProblem: a field that cannot be, the name is taken, or there are as many as there may be. */
  create(fields: ProfileFields, actor: string): Promise<TerminalProfile>;
  /** Throws as `create` does, and when it was changed since `before` was read, or is gone. */
  change(before: TerminalProfile, fields: ProfileFields): Promise<TerminalProfile>;
  remove(id: string): Promise<void>;
  /** Those that fit an instance, its own first, by name. */
  fitting(target: Pick<Target, 'cluster' | 'serverId'>): Promise<readonly TerminalProfile[]>;
  /**
   * The profile with this id, if it fits the instance; without an id that of the name `default`, the instance's own before the cluster's.
   * Undefined when there is none.
   */
  profile(target: Pick<Target, 'cluster' | 'serverId'>, id?: string): Promise<UsableProfile | undefined>;
}

export const mostProfiles = 1000;
const usual = 'default';

export interface ProfileParts {
  readonly store: Store;
  readonly keys: Pick<TerminalKeys, 'use'>;
  readonly now: () => number;
}

export function createTerminalProfiles({ store, keys, now }: ProfileParts): TerminalProfiles {
  const { terminalProfiles } = store.tables;
  const write = async (fields: ProfileFields, run: (tx: Queries) => Promise<void>): Promise<void> => {
    try {
      await store.tx(async (tx) => {
        await tx.next(configuring);
        await checkKey(tx, fields);
        await run(tx);
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new HttpProblem(409, 'AlreadyExists', `There is a profile ${fields.name} there already; choose another name.`);
    }
  };
  const find = async (id: string): Promise<TerminalProfile | undefined> => {
    const [row] = await store.db.select().from(terminalProfiles).where(eq(terminalProfiles.id, id)).limit(1);
    return row;
  };
  const fitting = ({ cluster, serverId }: Pick<Target, 'cluster' | 'serverId'>) =>
    store.db
      .select()
      .from(terminalProfiles)
      .where(and(eq(terminalProfiles.cluster, cluster), inArray(terminalProfiles.serverId, ['', serverId])))
      .orderBy(asc(terminalProfiles.name))
      .limit(mostProfiles);

  return {
    async list({ clusters, serverId: server, limit, after }) {
      if (clusters?.length === 0) return [];
      const { cluster, serverId, name } = terminalProfiles;
      const ofServer = server === undefined ? undefined : eq(serverId, server);
      const behind =
        after &&
        or(
          gt(cluster, after[0]),
          and(eq(cluster, after[0]), gt(serverId, after[1])),
          and(eq(cluster, after[0]), eq(serverId, after[1]), gt(name, after[2])),
        );
      return store.db
        .select()
        .from(terminalProfiles)
        .where(and(clusters && inArray(cluster, [...clusters]), ofServer, behind))
        .orderBy(asc(cluster), asc(serverId), asc(name))
        .limit(limit);
    },
    get: find,

    async create(fields, actor) {
      const row = { ...fields, id: randomUUID(), createdBy: actor, updatedAt: now() };
      await write(fields, async (tx) => {
        await checkRoom(tx, fields.cluster);
        await tx.db.insert(terminalProfiles).values(row);
      });
      return row;
    },

    async change(before, fields) {
      const updatedAt = Math.max(now(), before.updatedAt + 1);
      await write(fields, async (tx) => {
        if (fields.cluster !== before.cluster) await checkRoom(tx, fields.cluster);
        const isAsRead = and(eq(terminalProfiles.id, before.id), eq(terminalProfiles.updatedAt, before.updatedAt));
        const changed = await tx.changed(
          tx.db
            .update(terminalProfiles)
            .set({ ...fields, updatedAt })
            .where(isAsRead),
        );
        if (changed === 0)
          throw new HttpProblem(412, 'PreconditionFailed', 'Somebody changed the profile since you read it. Read it again.');
      });
      return { ...before, ...fields, updatedAt };
    },

    async remove(id) {
      await store.db.delete(terminalProfiles).where(eq(terminalProfiles.id, id));
    },

    fitting: async (target) => (await fitting(target)).toSorted((a, b) => Number(a.serverId === '') - Number(b.serverId === '')),

    async profile(target, id) {
      const found = id === undefined ? await usualOf(target) : await find(id);
      const isFitting = found?.cluster === target.cluster && ['', target.serverId].includes(found.serverId);
      if (!found || !isFitting) return undefined;
      const privateKey = found.keyId === null ? undefined : await keys.use(found.keyId);
      return {
        id: found.id,
        name: found.name,
        user: found.user,
        port: found.port,
        via: found.via,
        ...(privateKey !== undefined && { privateKey }),
      };
    },
  };

  async function usualOf(target: Pick<Target, 'cluster' | 'serverId'>): Promise<TerminalProfile | undefined> {
    const named = (await fitting(target)).filter(({ name }) => name === usual);
    return named.find(({ serverId }) => serverId !== '') ?? named[0];
  }
}

/** A profile may sign in with keys of its own cluster and those of all. */
async function checkKey({ db, tables: { terminalKeys } }: Queries, { keyId, cluster }: ProfileFields): Promise<void> {
  if (keyId === null) return;
  const [key] = await db.select({ cluster: terminalKeys.cluster }).from(terminalKeys).where(eq(terminalKeys.id, keyId)).limit(1);
  if (!key || !['*', cluster].includes(key.cluster))
    throw badField('keyId', `There is no such key for cluster ${cluster}; GET /api/v1/terminal-keys lists them.`);
}

async function checkRoom({ db, tables: { terminalProfiles } }: Queries, cluster: string): Promise<void> {
  const [found] = await db.select({ rows: count() }).from(terminalProfiles).where(eq(terminalProfiles.cluster, cluster));
  if ((found?.rows ?? 0) < mostProfiles) return;
  throw new HttpProblem(409, 'TooManyProfiles', `Cluster ${cluster} has ${mostProfiles} profiles already; remove some.`);
}
