import type { KubeObject } from '#controller/engine/object.ts';
import type { Planner, PlanRequest, SetPlan } from '#controller/engine/set-plan.ts';
import { kinds } from '#controller/kinds/index.ts';
import { type Declaration, declarationOf } from './declarations.ts';
import { type DryRun, dryRun } from './dry-run.ts';
import { type Entry, type EntryOptions, isNamespace, keyOf, ours, readEntries, refuseAll } from './entries.ts';
import { kindsOf } from './kube.ts';
import type { Problem } from './problem.ts';
import { findPruned } from './prune.ts';

export interface PlanOptions extends EntryOptions {
  readonly planner: Planner;
}

/** The plan of a set of manifests: what would become of the clouds, and of the declarations themselves. */
export interface ManifestPlan extends SetPlan {
  /** Every object of the set, and every one that a prune would take away; in the order of the manifests. */
  readonly declarations: readonly Declaration[];
}

const planned = new Set(kinds.map(({ kind }) => kind));
const atOnce = 8;

/** Plans what applying the manifests would do; writes nothing anywhere. Throws BadManifests with everything that is wrong with them. */
export async function planManifests(options: PlanOptions): Promise<ManifestPlan> {
  const { entries, problems } = await readEntries(options);
  // What cannot be read or placed might be what the rest refers to: the server is asked only about a set that makes sense by itself.
  const runs = await dryRunAll(entries, options);
  refuseAll([...problems, ...runs.problems]);

  const deleted = await pruned(entries, options);
  const isPlanned = (object: KubeObject): boolean => object.apiVersion === ours && planned.has(object.kind);
  const objects = runs.runs.map((run) => run.after).filter(isPlanned);
  const plan =
    objects.length + deleted.length > 0
      ? await options.planner.plan({ objects, secrets: secretsOf(runs.runs), ...(deleted.length > 0 && { deleted }) })
      : { objects: [], gaps: [] };
  return { ...plan, declarations: [...runs.runs.map(declarationOf), ...deleted.map((before) => declarationOf({ before }))] };
}

/** What an object of the set would find in the Secrets of the set. */
function secretsOf(runs: readonly DryRun[]): NonNullable<PlanRequest['secrets']> {
  const secrets = runs.flatMap(({ after }) => (after.apiVersion === 'v1' && after.kind === 'Secret' ? [after] : []));
  return secrets.map(({ metadata: { namespace = '', name }, ...rest }) => {
    const { data = {} } = rest as { readonly data?: Readonly<Record<string, string>> };
    const decoded = Object.entries(data).map(([key, value]): [string, Buffer] => [key, Buffer.from(value, 'base64')]);
    return { namespace, name, data: Object.fromEntries(decoded) };
  });
}

async function dryRunAll(entries: readonly Entry[], { kube }: PlanOptions): Promise<{ runs: DryRun[]; problems: Problem[] }> {
  const made = new Set<string>();
  const done = new Map<Entry, DryRun | readonly Problem[]>();
  const ask = async (asked: readonly Entry[]): Promise<void> => {
    const waiting = [...asked];
    const work = async (): Promise<void> => {
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
        const isNamespaceNew = made.has(entry.namespace);
        done.set(entry, await dryRun(entry.manifest, { kube, kind: entry.kind, namespace: entry.namespace, isNamespaceNew }));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  await ask(entries.filter(isNamespace));
  for (const run of done.values()) if ('after' in run && !run.before) made.add(run.after.metadata.name);
  await ask(entries.filter((entry) => !isNamespace(entry)));
  const results = entries.map((entry) => done.get(entry) ?? []);
  return { runs: results.filter((one) => 'after' in one), problems: results.flatMap((one) => ('after' in one ? [] : one)) };
}

async function pruned(entries: readonly Entry[], { kube, prune, namespace = 'default' }: PlanOptions): Promise<KubeObject[]> {
  if (!prune) return [];
  const inSet = new Set(
    entries.map(({ manifest: { object }, namespace: at }) => keyOf(object.kind, at, object.metadata.name, object.apiVersion)),
  );
  const used = [...new Set(entries.map((entry) => entry.namespace).filter(Boolean))];
  const known = await kindsOf(kube, ours);
  return findPruned({
    kube,
    apiVersion: ours,
    kinds: new Map([...known].filter(([kind]) => planned.has(kind))),
    namespaces: prune.namespace ? [prune.namespace] : used.length > 0 ? used : [namespace],
    selector: prune.selector ?? '',
    isInSet: (kind, at, name) => inSet.has(keyOf(kind, at, name, ours)),
  });
}
