import { randomBytes, randomUUID } from 'node:crypto';
import { and, desc, eq } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import type { Scope } from './grants.ts';
import { Refusal } from './refusal.ts';
import { hashOf } from './sessions.ts';

/** Tokens that people make for programs and kubectl; see tokens.ts for who asks with one. */
export interface ApiTokens {
  list(userId: string): Promise<ApiToken[]>;
  /** `token` is told this once. */
  create(person: { id: string; username: string }, token: NewToken): Promise<{ readonly token: string; readonly made: ApiToken }>;
  /** False when the person has none with that id. */
  remove(userId: string, id: string): Promise<boolean>;
}

export interface NewToken {
  readonly name: string;
  /** Epoch ms; null for one that does not end. */
  readonly expiresAt: number | null;
  readonly scope: Scope | null;
}

export interface ApiToken extends NewToken {
  readonly id: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

const mostTokens = 100;

export function createApiTokens(store: Store, now: () => number): ApiTokens {
  const { db } = store;
  const { apiTokens } = store.tables;
  const list = async (userId: string): Promise<ApiToken[]> => {
    const rows = await db.select().from(apiTokens).where(eq(apiTokens.userId, userId)).orderBy(desc(apiTokens.createdAt));
    return rows.map(({ hash: _hash, user: _user, userId: _userId, scope, ...row }) => ({ ...row, scope: scope as Scope | null }));
  };
  return {
    list,
    async create({ id: userId, username }, { name, expiresAt, scope }) {
      const field = 'expiresAt';
      if (expiresAt !== null && expiresAt <= now()) throw new Refusal(400, 'BadRequest', `${field}: Allowed: a time to come.`, { field });
      if ((await list(userId)).length >= mostTokens)
        throw new Refusal(409, 'TooManyTokens', `You have ${mostTokens} tokens; remove those that are no longer used first.`);
      const token = newToken();
      const made: ApiToken = { id: randomUUID(), name, createdAt: now(), lastUsedAt: null, expiresAt, scope };
      await db.insert(apiTokens).values({ ...made, user: username, userId, hash: hashOf(token) });
      return { token, made };
    },
    async remove(userId, id) {
      return (await store.changed(db.delete(apiTokens).where(and(eq(apiTokens.id, id), eq(apiTokens.userId, userId))))) > 0;
    },
  };
}

/** 256 random bits. */
export function newToken(): string {
  return `sw-${randomBytes(32).toString('base64url')}`;
}
