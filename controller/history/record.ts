import { and, desc, eq } from 'drizzle-orm';
import type { JsonObject } from '#controller/engine/json.ts';
import type { Tables } from '#migrations/schema.ts';
import type { Transaction } from '#migrations/store.ts';
import { forgetOld, keptRevisions } from './retention.ts';
import { type Sighting, unknown } from './sighting.ts';

export type RevisionRow = Tables['revisions']['$inferSelect'];
type BindingRow = Tables['bindings']['$inferSelect'];
type Last = Pick<RevisionRow, 'revision' | 'at' | 'action' | 'cluster'>;

const insertedBytes = 4 * 1024 * 1024;

/**
 * Records what was seen, oldest first, in the caller's transaction: with the write of the object itself where there is one, so that
 * neither is ever without the other. What is recorded already stays as it is, whoever tells it again. What is older than `keptFrom` (epoch ms)
 * may go.
 */
export async function record(tx: Transaction, sightings: readonly Sighting[], keptFrom: number): Promise<void> {
  const lasts = new Map<string, Last | undefined>();
  const revisions = new Map<string, RevisionRow>();
  const places = new Map<string, Tables['revisedObjects']['$inferSelect']>();
  const bindings: BindingRow[] = [];
  for (const sighting of sightings) {
    const { uid, kind, namespace, name, cluster } = sighting;
    if (sighting.cloudId !== undefined) bindings.push(bindingOf(sighting, sighting.cloudId));
    if (!sighting.declared && !sighting.deleted) continue;
    const last = lasts.has(uid) || sighting.isNew ? lasts.get(uid) : await lastOf(tx, uid);
    const rows = rowsOf(last || sighting.isNew ? sighting : await afterPredecessor(tx, sighting), last);
    for (const row of rows) if (!revisions.has(keyOf(row))) revisions.set(keyOf(row), row);
    if (rows.length > 0 && last?.cluster !== cluster) places.set(`${uid}/${cluster}`, { uid, kind, namespace, name, cluster });
    const newest = rows.at(-1);
    lasts.set(uid, newest && newest.revision > (last?.revision ?? 0) ? newest : last);
  }
  for (const rows of portions([...revisions.values()]))
    await tx.upsert(tx.tables.revisions, rows, { key: ['uid', 'revision'], update: ['revision'] });
  await tx.upsert(tx.tables.revisedObjects, [...places.values()], { key: ['uid', 'cluster'], update: ['cluster'] });
  await recordBindings(tx, bindings);
  for (const [uid, last] of lasts) if ((last?.revision ?? 0) > keptRevisions) await forgetOld(tx, uid, keptFrom);
}

/** The rows a sighting adds to what `last` ends. Times of one object never go back, also when the machine's clock does. */
function rowsOf(sighting: Sighting, last: Last | undefined): RevisionRow[] {
  const { declared, deleted, before } = sighting;
  const revision = deleted?.revision ?? declared?.revision ?? 0;
  if (last?.action === 'deleted') return [];
  const at = last === undefined ? sighting.at : revision > last.revision ? Math.max(sighting.at, last.at) : Math.min(sighting.at, last.at);
  const row = rowOf(sighting, { revision, at, spec: deleted ? undefined : declared?.spec });
  // Nobody saw how it came to this: what it was is kept, and a gap before it shows.
  if (!before || before.revision <= (last?.revision ?? 0)) return [row];
  const earlier = rowOf({ ...sighting, version: sighting.version - 1, actor: unknown, through: unknown }, { ...before, at });
  return [earlier, row];
}

function rowOf(
  { uid, kind, namespace, name, cluster, version, actor, through }: Sighting,
  { revision, at, spec }: { revision: number; at: number; spec: JsonObject | undefined },
): RevisionRow {
  const action = spec === undefined ? 'deleted' : revision === 1 ? 'declared' : 'changed';
  const text = spec === undefined ? null : JSON.stringify(spec);
  return { uid, kind, namespace, name, cluster, version, at, action, actor: fit(actor), through: fit(through), revision, spec: text };
}

const keyOf = ({ uid, revision }: RevisionRow): string => `${uid}/${revision}`;

async function lastOf(tx: Transaction, uid: string): Promise<Last | undefined> {
  const { revisions } = tx.tables;
  const { revision, at, action, cluster } = revisions;
  const [row] = await tx.db
    .select({ revision, at, action, cluster })
    .from(revisions)
    .where(eq(revisions.uid, uid))
    .orderBy(desc(revision))
    .limit(1);
  return row;
}

/** An object cannot have had its name before the one that had it: times that others stamped are whole seconds, ours are not. */
async function afterPredecessor(tx: Transaction, sighting: Sighting): Promise<Sighting> {
  const { revisions } = tx.tables;
  const { at, version } = revisions;
  const { kind, namespace, name } = sighting;
  const [row] = await tx.db
    .select({ at, version })
    .from(revisions)
    .where(and(eq(revisions.kind, kind), eq(revisions.namespace, namespace), eq(revisions.name, name)))
    .orderBy(desc(at), desc(version))
    .limit(1);
  return row && row.version < sighting.version ? { ...sighting, at: Math.max(sighting.at, row.at) } : sighting;
}

function bindingOf({ uid, version, at, cluster }: Sighting, cloudId: string | null): BindingRow {
  return { uid, version, at, cluster, cloudId: cloudId === null ? null : cloudId.slice(0, 255) };
}

/** Only what differs from the newest is news; a controller that starts again tells everything once more. */
async function recordBindings(tx: Transaction, found: readonly BindingRow[]): Promise<void> {
  const { bindings } = tx.tables;
  const newest = new Map<string, Pick<BindingRow, 'cloudId' | 'at' | 'version'> | undefined>();
  for (const row of found) {
    if (!newest.has(row.uid)) {
      const { cloudId, at, version } = bindings;
      const ofObject = tx.db.select({ cloudId, at, version }).from(bindings).where(eq(bindings.uid, row.uid));
      newest.set(row.uid, (await ofObject.orderBy(desc(bindings.at), desc(bindings.version)).limit(1))[0]);
    }
    const last = newest.get(row.uid);
    if ((last?.cloudId ?? null) === row.cloudId || (last && row.version < last.version)) continue;
    const next = { ...row, at: Math.max(row.at, last?.at ?? 0) };
    newest.set(row.uid, next);
    await tx.upsert(bindings, next, { key: ['uid', 'version'], update: ['version'] });
  }
}

/** Cut so that one statement stays well below what MySQL takes in one packet. */
function portions(rows: readonly RevisionRow[]): RevisionRow[][] {
  const result: RevisionRow[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const size = 4 * ((row.spec?.length ?? 0) + 1000);
    if (bytes + size > insertedBytes) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)?.push(row);
    bytes += size;
  }
  return result;
}

/** Half surrogates and NUL do not survive the way through a database; a cut name is better than none. */
function fit(text: string): string {
  const points = Array.from(text.toWellFormed().replaceAll('\0', '\ufffd'));
  return points.length <= 255 ? points.join('') : `${points.slice(0, 254).join('')}…`;
}
