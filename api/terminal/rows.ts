import { and, count, desc, eq, gte, inArray, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import type { Identity } from '../auth/identity.ts';
import type { Permission } from '../auth/permissions.ts';
import type { TerminalEnd, TerminalPurpose } from './protocol.ts';

export type TerminalRow = Store['tables']['terminals']['$inferSelect'];

/** Where a terminal lives: how that process is known over restarts, and how others reach it. */
export interface Home {
  readonly id: string;
  readonly url: string;
  /** PEM. */
  readonly ca: string;
}

export interface TerminalFilter {
  readonly state?: 'live' | 'ended' | 'all';
  readonly user?: string;
  readonly cluster?: string;
  readonly server?: string;
  readonly purpose?: TerminalPurpose;
  readonly recording?: TerminalRow['recording'];
  /** Epoch ms; `until` itself is left out. */
  readonly from?: number;
  readonly until?: number;
  /** Part of the instance's name, of where it is, or of the person's name. */
  readonly q?: string;
}

/** A cursor that the list did not give. */
export class BadTerminalCursor extends Error {
  constructor() {
    super('The cursor is not one this server gave. Leave it out to start at the newest terminal.');
  }
}

/** What is kept of terminals, while they live and after. */
export interface TerminalRows {
  insert(
    row: Omit<TerminalRow, 'state' | 'openedAt' | 'endedAt' | 'endReason' | 'endDetail' | 'remote' | keyof typeof unrecorded>,
  ): Promise<void>;
  get(id: string): Promise<TerminalRow | undefined>;
  opened(id: string, remote: string, at: number): Promise<void>;
  /** False when it had ended before. */
  ended(id: string, end: TerminalEnd, at: number): Promise<boolean>;
  /** Their process is alive. */
  seen(ids: readonly string[], at: number): Promise<void>;
  /** Live by what is written; their process may be gone. */
  live(): Promise<readonly TerminalRow[]>;
  liveOf(user: string): Promise<number>;
  liveTo(cluster: string, serverId: string): Promise<number>;
  /** Newest first. */
  list(
    filter: TerminalFilter,
    page: { readonly viewer: Identity; readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly items: readonly TerminalRow[]; readonly next?: string }>;
}

const unrecorded = { recording: 'none', recordingKey: null, chunks: 0, bytes: 0, durationMs: 0, head: null, manifest: null } as const;
const ofOthers: readonly Permission[] = ['terminal.watch', 'recording.read'];

export function createTerminalRows(store: Store): TerminalRows {
  const { db } = store;
  const { terminals } = store.tables;
  const isLive = ne(terminals.state, 'ended');
  const counted = async (where: SQL | undefined) => (await db.select({ n: count() }).from(terminals).where(where))[0]?.n ?? 0;
  return {
    async insert(row) {
      await db.insert(terminals).values({ ...row, ...unrecorded, state: 'connecting', remote: '' });
    },
    async get(id) {
      return (await db.select().from(terminals).where(eq(terminals.id, id)).limit(1))[0];
    },
    async opened(id, remote, at) {
      await db
        .update(terminals)
        .set({ state: 'open', remote: remote.slice(0, 400), openedAt: at })
        .where(and(eq(terminals.id, id), eq(terminals.state, 'connecting')));
    },
    async ended(id, { reason, detail }, at) {
      const end = { state: 'ended', endedAt: at, endReason: reason, endDetail: detail.slice(0, 4000) } as const;
      return (
        (await store.changed(
          db
            .update(terminals)
            .set(end)
            .where(and(eq(terminals.id, id), isLive)),
        )) > 0
      );
    },
    async seen(ids, at) {
      if (ids.length > 0)
        await db
          .update(terminals)
          .set({ seenAt: at })
          .where(and(inArray(terminals.id, [...ids]), isLive));
    },
    live: () => db.select().from(terminals).where(isLive).orderBy(terminals.createdAt).limit(5000),
    liveOf: (user) => counted(and(isLive, eq(terminals.user, user))),
    liveTo: (cluster, serverId) => counted(and(isLive, eq(terminals.cluster, cluster), eq(terminals.serverId, serverId))),
    async list({ state = 'all', user, cluster, server, purpose, recording, from, until, q }, { viewer, limit, cursor }) {
      const after = cursor === undefined ? undefined : readCursor(cursor);
      // `!` escapes alike on both engines.
      const pattern = q === undefined ? undefined : `%${q.toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`;
      const holds = (column: typeof terminals.user) => sql`lower(${column}) like ${pattern} escape '!'`;
      const where = and(
        visibleTo(terminals, viewer),
        state === 'all' ? undefined : state === 'live' ? isLive : eq(terminals.state, 'ended'),
        user === undefined ? undefined : eq(terminals.user, user),
        cluster === undefined ? undefined : eq(terminals.cluster, cluster),
        server === undefined ? undefined : eq(terminals.serverId, server),
        purpose === undefined ? undefined : eq(terminals.purpose, purpose),
        recording === undefined ? undefined : eq(terminals.recording, recording),
        from === undefined ? undefined : gte(terminals.createdAt, from),
        until === undefined ? undefined : lt(terminals.createdAt, until),
        pattern === undefined
          ? undefined
          : or(...[terminals.serverName, terminals.remote, terminals.user].map((column) => holds(column as typeof terminals.user))),
        after && or(lt(terminals.createdAt, after.at), and(eq(terminals.createdAt, after.at), lt(terminals.id, after.id))),
      );
      const rows = await db
        .select()
        .from(terminals)
        .where(where)
        .orderBy(desc(terminals.createdAt), desc(terminals.id))
        .limit(limit + 1);
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items, ...(last && rows.length > limit && { next: Buffer.from(`t1.${last.createdAt}.${last.id}`).toString('base64url') }) };
    },
  };
}

/** Whether a terminal is somebody's own; a name can be given to another person later. */
export function isOwn({ user, userId }: Pick<TerminalRow, 'user' | 'userId'>, identity: Pick<Identity, 'user' | 'userId'>): boolean {
  return user === identity.user && (userId ?? undefined) === identity.userId;
}

function visibleTo(terminals: Store['tables']['terminals'], { user, userId, grants }: Identity): SQL | undefined {
  const own = and(eq(terminals.user, user), userId === undefined ? isNull(terminals.userId) : eq(terminals.userId, userId));
  const places = grants.filter(({ permissions }) => ofOthers.some((permission) => permissions.has(permission)));
  const seen = places.map(({ cluster, namespace }) =>
    and(
      gte(terminals.createdAt, 0),
      cluster === '*' ? undefined : eq(terminals.cluster, cluster),
      namespace === '*' ? undefined : eq(terminals.namespace, namespace),
    ),
  );
  return or(own, ...seen);
}

function readCursor(cursor: string): { at: number; id: string } {
  const found = /^t1\.(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!found) throw new BadTerminalCursor();
  return { at: Number(found[1]), id: found[2] ?? '' };
}
