import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { and, eq, isNull } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { writeWhole } from '../tls.ts';
import { newToken } from './api-tokens.ts';
import { identityOf, type Scope } from './grants.ts';
import { adminGroups, everywhereAs, type Identity } from './identity.ts';
import { hashOf } from './sessions.ts';

/** Bearer tokens: 256 random bits each, so a plain SHA-256 in the database is enough; only the hash is stored. */
export interface Tokens {
  /** The identity behind `Authorization: Bearer …`; undefined when there is none or it is not known. */
  authenticate(authorization: string | undefined): Promise<Identity | undefined>;
  /** A token that lives as long as this process, for parts of the program that are clients of its own API. */
  issueForProcess(identity: Identity): string;
  /** The first admin's secret: made at the first start and kept in `file` (mode 0600); a lost file means a new secret, the old
   * one ends. Processes on one database have a `place` each, and a secret each. */
  ensureFirstAdmin(file: string, place?: string): Promise<string>;
}

const firstAdmin = 'admin';
/** Use is noted at most so often: not every request is a write. */
const usedMs = 60_000;

export function createTokens(store: Store, now: () => number = Date.now): Tokens {
  const ofProcess = new Map<string, Identity>();
  const tokens = store.tables.apiTokens;

  async function find(hash: string): Promise<Identity | undefined> {
    const [row] = await store.db.select().from(tokens).where(eq(tokens.hash, hash)).limit(1);
    if (!row || (row.expiresAt !== null && row.expiresAt <= now())) return undefined;
    if (row.userId !== null) {
      if ((row.lastUsedAt ?? 0) + usedMs <= now()) await store.db.update(tokens).set({ lastUsedAt: now() }).where(eq(tokens.id, row.id));
      const scope = row.scope as Scope | null;
      return identityOf(store, row.userId, { session: row.id, how: 'token', ...(scope && { scope }) });
    }
    return { user: row.user, groups: adminGroups, grants: [everywhereAs('super_admin')], session: row.id, how: 'token' };
  }

  return {
    async authenticate(authorization) {
      const token = /^Bearer ([\x21-\x7e]{20,200})$/.exec(authorization ?? '')?.[1];
      if (!token) return undefined;
      const hash = hashOf(token);
      return ofProcess.get(hash) ?? (await find(hash));
    },
    issueForProcess(identity) {
      const token = newToken();
      ofProcess.set(hashOf(token), identity);
      return token;
    },
    async ensureFirstAdmin(file, place = '') {
      const name = place === '' ? 'first admin' : `first admin at ${place}`.slice(0, 255);
      const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
      if (kept && (await find(hashOf(kept)))) return kept;
      const token = newToken();
      await store.tx(async (tx) => {
        await tx.db.delete(tokens).where(and(eq(tokens.user, firstAdmin), eq(tokens.name, name), isNull(tokens.userId)));
        await tx.db.insert(tokens).values({ id: randomUUID(), name, user: firstAdmin, hash: hashOf(token), createdAt: now() });
      });
      writeWhole(file, `${token}\n`, 0o600);
      return token;
    },
  };
}
