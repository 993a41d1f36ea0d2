import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { and, desc, eq, gt, lt, lte, ne, or } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';

/** Sessions of browsers, kept here; the browser holds 256 random bits, the database their hash. */
export interface Sessions {
  /** Begins one; `cookie` is told this once. */
  start(start: SessionStart): Promise<{ readonly cookie: string; readonly session: Session }>;
  /** The living session of a cookie. Looking at it keeps it from falling idle, unless nobody did anything: `isUnattended`. */
  find(cookie: string | undefined, options?: { readonly isUnattended?: boolean }): Promise<Session | undefined>;
  /** Living ones of a person, the newest first. */
  list(userId: string): Promise<Session[]>;
  /** Living ones of everybody who is through the sign-in, the newest first. */
  everybodys(page: SessionPage): Promise<{ readonly items: readonly SessionOf[]; readonly next?: string }>;
  /** Ends one of a person's; false when there is none with that id. */
  end(userId: string, id: string): Promise<boolean>;
  /** Ends all of a person's but one, and says how many. */
  endAll(userId: string, except?: string): Promise<number>;
}

export interface SessionStart {
  readonly userId: string;
  readonly stage: 'password' | 'whole';
  readonly how: 'password' | 'oidc';
  readonly address: string;
  readonly userAgent: string;
}

export interface Session extends SessionStart {
  readonly id: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly provenAt: number;
  /** What a request that changes something has to bring along. */
  readonly csrf: string;
}

export interface SessionPage {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface SessionOf extends Session {
  readonly username: string;
}

export const idleMs = 30 * 60_000;
export const absoluteMs = 12 * 3_600_000;
/** Time for the second factor. */
const halfMs = 10 * 60_000;
/** Noted at most so often: not every request is a write. */
const touchMs = 60_000;

export function createSessions(store: Store, now: () => number): Sessions {
  const { db, tables } = store;
  const { sessions, users } = tables;
  const isOver = ({ lastSeenAt, expiresAt }: Session) => expiresAt <= now() || lastSeenAt + idleMs <= now();

  return {
    async start(start) {
      await db.delete(sessions).where(or(lte(sessions.expiresAt, now()), lte(sessions.lastSeenAt, now() - idleMs)));
      const cookie = randomBytes(32).toString('base64url');
      const session: Session = {
        ...start,
        address: start.address.slice(0, 64),
        userAgent: start.userAgent.slice(0, 255),
        id: randomUUID(),
        createdAt: now(),
        lastSeenAt: now(),
        expiresAt: now() + (start.stage === 'whole' ? absoluteMs : halfMs),
        provenAt: now(),
        csrf: randomBytes(32).toString('base64url'),
      };
      await db.insert(sessions).values({ ...session, hash: hashOf(cookie) });
      return { cookie, session };
    },
    async find(cookie, { isUnattended = false } = {}) {
      if (!cookie || !/^[\w-]{43}$/.test(cookie)) return undefined;
      const [row] = await db
        .select()
        .from(sessions)
        .where(eq(sessions.hash, hashOf(cookie)))
        .limit(1);
      if (!row || isOver(row)) return undefined;
      if (!isUnattended && row.lastSeenAt + touchMs <= now())
        await db.update(sessions).set({ lastSeenAt: now() }).where(eq(sessions.id, row.id));
      return withoutHash(row);
    },
    async list(userId) {
      const rows = await db.select().from(sessions).where(eq(sessions.userId, userId));
      return rows
        .filter((row) => !isOver(row))
        .map(withoutHash)
        .toSorted((a, b) => b.createdAt - a.createdAt);
    },
    async everybodys({ limit, after }) {
      const [at = '', id = ''] = after?.split('_') ?? [];
      const behind = or(lt(sessions.createdAt, Number(at)), and(eq(sessions.createdAt, Number(at)), lt(sessions.id, id)));
      const isLiving = and(gt(sessions.expiresAt, now()), gt(sessions.lastSeenAt, now() - idleMs), eq(sessions.stage, 'whole'));
      const rows = await db
        .select({ session: sessions, username: users.username })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(after === undefined ? isLiving : and(isLiving, behind))
        .orderBy(desc(sessions.createdAt), desc(sessions.id))
        .limit(limit + 1);
      const items = rows.slice(0, limit).map(({ session, username }) => ({ ...withoutHash(session), username }));
      const last = items.at(-1);
      return { items, ...(last && rows.length > limit && { next: `${last.createdAt}_${last.id}` }) };
    },
    async end(userId, id) {
      return (await store.changed(db.delete(sessions).where(and(eq(sessions.id, id), eq(sessions.userId, userId))))) > 0;
    },
    async endAll(userId, except) {
      const own = eq(sessions.userId, userId);
      return store.changed(db.delete(sessions).where(except === undefined ? own : and(own, ne(sessions.id, except))));
    },
  };
}

function withoutHash<T extends { hash: string }>({ hash: _hash, ...row }: T): Omit<T, 'hash'> {
  return row;
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
