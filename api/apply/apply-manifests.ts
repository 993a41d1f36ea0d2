import type { Change } from '#controller/engine/kind.ts';
import type { History } from '#controller/history/history.ts';
import type { Declaration } from '#controller/history/revisions.ts';
import { apiGroup } from '#controller/kinds/index.ts';
import { declarationOf } from '../plan/declarations.ts';
import { type DryRun, dryRun, refused, titleOf } from '../plan/dry-run.ts';
import { type Entry, type EntryOptions, isNamespace, readEntries, refuseAll } from '../plan/entries.ts';
import { collectionPath, type KubeReply } from '../plan/kube.ts';
import type { Problem } from '../plan/problem.ts';
import { type Conflict, conflictsOf } from './field-writers.ts';

export interface ApplyOptions extends Omit<EntryOptions, 'prune'> {
  /** Who wrote which field; without it nothing stands against a change. */
  readonly history?: Pick<History, 'revisions'>;
  /** Overwrite what others wrote. */
  readonly isForced: boolean;
  /** Only say what would come of it. */
  readonly isTrial: boolean;
  /** What somebody began from, by `Kind/namespace/name`. */
  readonly seen: Readonly<Record<string, Seen>>;
}

export interface Seen {
  readonly uid: string;
  readonly generation: number;
}

/** What came of one manifest. */
export interface Applied {
  readonly entry: Entry;
  readonly outcome: 'created' | 'changed' | 'unchanged' | 'conflict' | 'refused';
  readonly uid?: string;
  /** The generation whose status says how it went on. */
  readonly generation?: number;
  /** Of the spec; of a new object none. */
  readonly changes: readonly Change[];
  /** What others wrote, and `force` would overwrite. */
  readonly conflicts: readonly Conflict[];
  readonly problems: readonly Problem[];
}

const query = { fieldValidation: 'Strict', fieldManager: 'stackwarden-apply' };
const attempts = 5;
const mostRevisions = 500;

/**
 * Applies manifests one after the other, namespaces first, each as `kubectl apply` would; one that is refused holds up no other. Throws
 * BadManifests when they cannot be read: then nothing was applied.
 */
export async function applyManifests(options: ApplyOptions): Promise<readonly Applied[]> {
  const { entries, problems } = await readEntries(options);
  refuseAll(problems);
  const made = new Set<string>();
  const done = new Map<Entry, Applied>();
  for (const entry of [...entries.filter(isNamespace), ...entries.filter((one) => !isNamespace(one))]) {
    const applied = await applyOne(entry, { ...options, isNamespaceNew: options.isTrial && made.has(entry.namespace) });
    if (isNamespace(entry) && applied.outcome === 'created') made.add(entry.manifest.object.metadata.name);
    done.set(entry, applied);
  }
  return entries.flatMap((entry) => done.get(entry) ?? []);
}

async function applyOne(entry: Entry, options: ApplyOptions & { readonly isNamespaceNew: boolean }): Promise<Applied> {
  const { kube, isNamespaceNew, isForced, isTrial } = options;
  const { manifest, kind, namespace } = entry;
  const nothing = { entry, changes: [], conflicts: [], problems: [] };
  const title = titleOf(manifest.object, namespace);
  const seen = options.seen[title.replace(' ', '/')];
  for (let attempt = 1; ; attempt += 1) {
    const base = seen && (await revisionsOf(entry, seen.uid, options)).find(({ revision }) => revision === seen.generation)?.spec;
    const run = await dryRun(manifest, { kube, kind, namespace, isNamespaceNew, ...(base && { base }) });
    if (!('after' in run)) return { ...nothing, outcome: 'refused', problems: run };
    const { action, changes } = declarationOf(run);
    const outcome = action === 'create' ? 'created' : action === 'none' ? 'unchanged' : 'changed';
    const conflicts = await conflictsIn(run, changes, { entry, seen, options });
    if (conflicts.length > 0 && !isForced) return { ...nothing, ...identityOf(run.before), outcome: 'conflict', changes, conflicts };
    if (isTrial) return { ...nothing, ...identityOf(run.before), outcome, changes, conflicts };
    const reply = await write(entry, run, options);
    // Somebody wrote since it was read: read again, and look again whose the fields are.
    if (reply.status === 409 && attempt < attempts) continue;
    if (reply.status >= 300) return { ...nothing, outcome: 'refused', problems: refused(manifest, namespace, reply, `applying ${title}`) };
    return { ...nothing, ...identityOf(reply.body), outcome, changes, conflicts };
  }
}

async function write({ manifest: { object }, kind, namespace }: Entry, run: DryRun, { kube }: ApplyOptions): Promise<KubeReply> {
  const path = collectionPath(object.apiVersion, kind, namespace);
  if (!run.before) return kube.send({ method: 'POST', path, query, body: run.body });
  if (Object.keys(run.body).length === 0) return { status: 200, body: { metadata: run.before.metadata } };
  const { resourceVersion } = run.before.metadata;
  const body = { ...run.body, metadata: { ...(run.body['metadata'] as object | undefined), resourceVersion } };
  return kube.send({ method: 'PATCH', path: `${path}/${encodeURIComponent(object.metadata.name)}`, query, body });
}

interface Identity {
  readonly uid?: string;
  readonly generation?: number;
}

function identityOf(object: { readonly metadata?: Identity } | undefined): Identity {
  const { uid, generation } = object?.metadata ?? {};
  return { ...(uid !== undefined && { uid }), ...(generation !== undefined && { generation }) };
}

async function conflictsIn(
  { before }: DryRun,
  changes: readonly Change[],
  { entry, seen, options }: { entry: Entry; seen: Seen | undefined; options: ApplyOptions },
): Promise<Conflict[]> {
  if (!before || changes.length === 0) return [];
  const { uid } = before.metadata;
  const revisions = await revisionsOf(entry, uid, options);
  // Another object has the name since: all of it is news.
  const generation = seen && (seen.uid === uid ? seen.generation : 0);
  return conflictsOf(changes, { object: before, revisions, ...(generation !== undefined && { seen: generation }) });
}

/** Newest first; none of kinds that are not ours. */
async function revisionsOf({ manifest, namespace }: Entry, uid: string, { history }: ApplyOptions): Promise<readonly Declaration[]> {
  const { apiVersion, kind, metadata } = manifest.object;
  if (!history || !apiVersion.startsWith(`${apiGroup}/`)) return [];
  return (await history.revisions({ kind, namespace, name: metadata.name }, uid, { limit: mostRevisions })).items;
}
