import type { Cloud } from '#controller/openstack/cloud.ts';
import { isNotFound, isOpenStackError } from '#controller/openstack/errors.ts';
import type { ResourceType } from './inventory.ts';
import { type Listed, readList } from './listing.ts';
import type { Clock, Moments } from './moment.ts';
import type { Rows, Seen, Transition } from './rows.ts';
import { type Scope, TRACKED, type Tracked } from './tracked.ts';
import { type Probe, settleVanished } from './vanished.ts';

/** What one look at one type cost and found. */
export interface LookReport {
  readonly type: ResourceType;
  /** `full`: the complete list; `changed`: only rows the service says have changed. */
  readonly how: 'full' | 'changed';
  /** Epoch ms at which it was asked for. */
  readonly askedAt: number;
  readonly rows: number;
  readonly pages: number;
  /** GETs that confirmed disappearances; 0 unless rows went. */
  readonly gets: number;
  readonly changes: number;
  readonly durationMs: number;
  /** Why the rows of this type are as they were before, wholly or in part. */
  readonly error?: string;
  /** What was out of the ordinary: many rows gone at once, or a list that contradicts itself. */
  readonly suspicion?: string;
}

/** Looks at one type of one cloud and puts what it sees into the rows. */
export interface Looker {
  /** The complete list; never rejects, a failure is in the report. */
  full(): Promise<{ report: LookReport; listed?: ReadonlySet<string> }>;
  /** Only changed rows; undefined when the service cannot tell, or nothing complete stands yet to build on. Never rejects. */
  changed(): Promise<LookReport | undefined>;
  /** One row by GET; rejects when the answer is neither the row nor 404. */
  one(id: string): Promise<Probe>;
  /** Rows of a parent; those it no longer shows are asked for by GET. */
  children(parent: { type: ResourceType; id: string }): Promise<void>;
  /** Moment at which the newest complete list was asked for; 0 when there is none. */
  listedAt(): number;
  /** Pages of the newest complete list. */
  pages(): number;
}

export interface LookerDeps {
  readonly client: Cloud;
  readonly rows: Rows;
  readonly moments: Moments;
  readonly clock: Clock;
  /** [0, 1). */
  random(): number;
  scope(): Promise<Scope>;
  /** Every change, in the order in which it was taken. */
  onTransition(transition: Transition): void;
}

/** Transactions commit after the time they write, and a cloud's hosts do not agree to the second: what is asked for overlaps. */
const OVERLAP_MS = 30_000;
/** What a service names that refuses its own filter; other 400s (a marker whose row went) pass. */
const FILTER = /changed_since|changes-since|updated_at/;
/** Without any row to read the cloud's clock from, ours is trusted this far. */
const CLOCK_SKEW_MS = 300_000;

export function createLooker(type: ResourceType, deps: LookerDeps): Looker {
  const { client, rows, moments, clock } = deps;
  const tracked = TRACKED[type] as unknown as Tracked<object>;
  const state = { listedAt: 0, changedAskedAt: 0, pages: 0, canListChanged: tracked.listChanged !== undefined };

  const note = (transition: Transition | undefined): number => {
    if (transition === undefined) return 0;
    deps.onTransition(transition);
    return 1;
  };
  const takeRow = (resource: object, seen: Seen) => {
    try {
      return rows.take(type, resource, seen);
    } catch (error) {
      throw new Error(`a ${type} row is not what the API promises: ${messageOf(error)}`, { cause: error });
    }
  };
  const read = async (list: (scope: Scope) => AsyncIterable<readonly object[]>) => {
    const scope = await deps.scope();
    let changes = 0;
    const take = (resource: object, seen: Seen) => {
      changes += note(takeRow(resource, seen));
    };
    return { scope, listed: await readList(list(scope), (row) => tracked.id(row), moments, take), changes: () => changes };
  };
  const isForeign = (row: object | undefined, scope: Scope) => {
    const project = row === undefined ? undefined : tracked.project?.(row);
    return project !== undefined && project !== '' && project !== scope.projectId;
  };

  const one = async (id: string): Promise<Probe> => {
    const askedAt = moments.next();
    try {
      const resource = await tracked.get(client, id);
      note(takeRow(resource, { askedAt, receivedAt: moments.next() }));
      return tracked.isGone?.(resource) === true ? 'gone' : 'there';
    } catch (error) {
      if (!isNotFound(error)) throw error;
      note(rows.drop(type, id, askedAt));
      return 'gone';
    }
  };

  const settle = async (listed: Listed, scope: Scope) => {
    const cost = { pages: 0, gets: 0, changes: 0 };
    const held = rows.count(type);
    const drop = (ids: readonly string[], askedAt: number) => {
      for (const id of ids) cost.changes += note(rows.drop(type, id, askedAt));
    };
    const missing = rows.missingFrom(type, listed.ids, listed.askedAt);
    const isOurs = (id: string) => {
      const row = rows.get(type, id);
      return row !== undefined && tracked.isConfirmedByGet(row, scope);
    };
    const how = {
      random: () => deps.random(),
      probe: async (id: string) => {
        cost.gets += 1;
        const before = rows.get(type, id);
        const probe = await one(id).catch(() => 'unknown' as const);
        if (probe === 'gone' && before !== undefined) cost.changes += 1;
        // A row of another project that a look-up brought in is not ours to list: nothing tells when it goes.
        if (probe !== 'there' || !isForeign(rows.get(type, id), scope)) return probe;
        drop([id], moments.next());
        return 'gone';
      },
      listAgain: async (ids: readonly string[]) => {
        const again = await read((now) => tracked.list(client, now));
        cost.pages += again.listed.pages;
        cost.changes += again.changes();
        return ids.filter((id) => !again.listed.ids.has(id));
      },
      drop: (ids: readonly string[]) => drop(ids, listed.askedAt),
    };
    const ours = await settleVanished(missing.filter(isOurs), held, { ...how, isConfirmedByGet: true });
    const offered = missing.filter((id) => rows.get(type, id) !== undefined && !isOurs(id));
    const others = await settleVanished(offered, held, { ...how, isConfirmedByGet: false });
    const suspicion = [ours, others].flatMap((one) => one.suspicion ?? []).join('; ');
    const vanished = { isBelieved: ours.isBelieved && others.isBelieved, ...(suspicion !== '' && { suspicion }) };
    return { vanished, cost };
  };

  const lookWhole = async (askedAt: number) => {
    const { listed, scope, changes } = await read((now) => tracked.list(client, now));
    const { vanished, cost } = await settle(listed, scope);
    if (vanished.isBelieved) {
      state.listedAt = listed.askedAt;
      state.pages = listed.pages;
    }
    const counts = { rows: listed.rows, pages: listed.pages + cost.pages, gets: cost.gets, changes: changes() + cost.changes };
    const suspicion = vanished.suspicion === undefined ? {} : { suspicion: vanished.suspicion };
    const error = vanished.isBelieved ? {} : { error: `the list of ${type} rows is not believed: ${vanished.suspicion ?? ''}` };
    return { report: { ...base('full', askedAt), ...counts, ...suspicion, ...error }, listed: listed.ids };
  };

  const base = (how: LookReport['how'], askedAt: number) => {
    const durationMs = Math.max(0, clock.now() - Math.floor(askedAt));
    return { type, how, askedAt: Math.floor(askedAt), rows: 0, pages: 0, gets: 0, changes: 0, durationMs };
  };

  const lookChanged = async (askedAt: number): Promise<LookReport> => {
    const asked = Math.max(state.listedAt, state.changedAskedAt);
    const since = new Date(Math.max(rows.newestChange(type) - OVERLAP_MS, asked - CLOCK_SKEW_MS));
    const { listed, changes } = await read((scope) => tracked.listChanged?.(client, scope, since) ?? none());
    state.changedAskedAt = listed.askedAt;
    return { ...base('changed', askedAt), rows: listed.rows, pages: listed.pages, changes: changes() };
  };

  return {
    one,
    async full() {
      const askedAt = moments.next();
      try {
        return await lookWhole(askedAt);
      } catch (error) {
        return { report: { ...base('full', askedAt), error: messageOf(error) } };
      }
    },
    async changed() {
      if (!state.canListChanged || state.listedAt === 0) return undefined;
      const askedAt = moments.next();
      try {
        return await lookChanged(askedAt);
      } catch (error) {
        // Neutron with filter validation refuses its own `changed_since` (seen on 2025.1); older Cinders have no time filter.
        if (!isOpenStackError(error) || error.status !== 400 || !FILTER.test(error.detail))
          return { ...base('changed', askedAt), error: messageOf(error) };
        state.canListChanged = false;
        return undefined;
      }
    },
    async children(parent) {
      if (tracked.listChildren === undefined) return;
      const { listed } = await read((scope) => tracked.listChildren?.(client, scope, parent) ?? none());
      const known = rows.by(type, 'parent', parent.id).map((row) => tracked.id(row));
      const missing = new Set(rows.missingFrom(type, listed.ids, listed.askedAt));
      for (const id of known) if (missing.has(id)) await one(id);
    },
    listedAt: () => state.listedAt,
    pages: () => state.pages,
  };
}

async function* none(): AsyncGenerator<readonly object[]> {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
