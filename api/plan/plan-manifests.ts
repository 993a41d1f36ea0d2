import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '#controller/engine/object.ts';
import type { Planner, PlanRequest, SetPlan } from '#controller/engine/set-plan.ts';
import { apiGroup, kinds, apiVersion as ourVersion } from '#controller/kinds/index.ts';
import { type Declaration, declarationOf } from './declarations.ts';
import { type DryRun, dryRun, titleOf } from './dry-run.ts';
import { type KindPath, kindsOf, type PlanKube } from './kube.ts';
import { BadManifests, type Problem, where } from './problem.ts';
import { findPruned, type Prune } from './prune.ts';
import { type Manifest, readSources, type Source } from './sources.ts';

export interface PlanOptions {
  readonly sources: readonly Source[];
  readonly kube: PlanKube;
  readonly planner: Planner;
  /** Where objects go that name no namespace; as with kubectl, `default`. */
  readonly namespace?: string;
  readonly prune?: Prune;
}

/** The plan of a set of manifests: what would become of the clouds, and of the declarations themselves. */
export interface ManifestPlan extends SetPlan {
  /** Every object of the set, and every one that a prune would take away; in the order of the manifests. */
  readonly declarations: readonly Declaration[];
}

const ours = `${apiGroup}/${ourVersion}`;
const planned = new Set(kinds.map(({ kind }) => kind));
const mostObjects = 2000;
const atOnce = 8;

/** Plans what applying the manifests would do; writes nothing anywhere. Throws BadManifests with everything that is wrong with them. */
export async function planManifests(options: PlanOptions): Promise<ManifestPlan> {
  const { manifests, problems } = readSources(options.sources);
  const located = await locate(manifests, options);
  const unique = withoutTwins(located.entries);
  problems.push(...located.problems, ...unique.problems, ...limits(manifests, options));
  // What cannot be read or placed might be what the rest refers to: the server is asked only about a set that makes sense by itself.
  const runs = await dryRunAll(unique.entries, options);
  problems.push(...runs.problems);
  if (problems.length > 0) throw new BadManifests(problems.toSorted(byPlace));

  const deleted = await pruned(unique.entries, options);
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

/** A manifest whose kind the server knows. */
interface Entry {
  readonly manifest: Manifest;
  readonly kind: KindPath;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
}

async function locate(manifests: readonly Manifest[], options: PlanOptions): Promise<{ entries: Entry[]; problems: Problem[] }> {
  const known = new Map<string, ReadonlyMap<string, KindPath>>();
  for (const apiVersion of new Set(manifests.map(({ object }) => object.apiVersion)))
    known.set(apiVersion, await kindsOf(options.kube, apiVersion));
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  for (const manifest of manifests) {
    const { apiVersion, kind: name, metadata } = manifest.object;
    const kind = known.get(apiVersion)?.get(name);
    if (kind) entries.push({ manifest, kind, namespace: kind.namespaced ? (metadata.namespace ?? options.namespace ?? 'default') : '' });
    else problems.push({ place: manifest.place, path: 'kind', message: noSuchKind(name, apiVersion, known.get(apiVersion)) });
  }
  return { entries, problems };
}

function noSuchKind(kind: string, apiVersion: string, known: ReadonlyMap<string, KindPath> | undefined): string {
  if (!known || known.size === 0) return `The server knows no ${apiVersion}; Stackwarden's kinds are in ${ours}.`;
  return `${apiVersion} has no kind ${kind}; it has ${[...known.keys()].toSorted().join(', ')}.`;
}

/** An object that stands twice with the same content is one; with another it is a contradiction, and both places are named. */
function withoutTwins(entries: readonly Entry[]): { entries: Entry[]; problems: Problem[] } {
  const first = new Map<string, Entry>();
  const problems: Problem[] = [];
  for (const entry of entries) {
    const { object, place } = entry.manifest;
    const key = keyOf(object.kind, entry.namespace, object.metadata.name, object.apiVersion);
    const twin = first.get(key);
    if (!twin) first.set(key, entry);
    else if (!isDeepStrictEqual(content(twin), content(entry))) {
      const message = `Declared differently at ${where(twin.manifest.place)} (document ${twin.manifest.place.document}); keep one of the two.`;
      problems.push({ place, object: titleOf(object, entry.namespace), path: '', message });
    }
  }
  return { entries: [...first.values()], problems };
}

function content({ manifest: { object }, namespace }: Entry): object {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function keyOf(kind: string, namespace: string, name: string, apiVersion: string): string {
  return [apiVersion.split('/').at(-2) ?? '', kind, namespace, name].join('/');
}

function limits(manifests: readonly Manifest[], { sources, prune }: PlanOptions): Problem[] {
  if (manifests.length > mostObjects)
    return [{ path: '', message: `These are ${manifests.length} objects; at most ${mostObjects} are planned at once.` }];
  if (prune && !prune.selector && !prune.namespace)
    return [{ path: 'prune', message: 'A prune needs a selector or a namespace: what it may look at.' }];
  if (manifests.length > 0 || prune?.allowEmpty) return [];
  const names = sources.map(({ file }) => file).join(', ') || 'the request';
  const hint = prune ? ' With a prune, everything it picks would be deleted; allowEmpty says that this is meant.' : '';
  return [{ path: '', message: `There is no object in ${names}.${hint}` }];
}

async function dryRunAll(entries: readonly Entry[], { kube }: PlanOptions): Promise<{ runs: DryRun[]; problems: Problem[] }> {
  const isNamespace = ({ manifest: { object } }: Entry): boolean => object.apiVersion === 'v1' && object.kind === 'Namespace';
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

function byPlace(one: Problem, other: Problem): number {
  if (!one.place || !other.place) return Number(one.place !== undefined) - Number(other.place !== undefined);
  return one.place.file.localeCompare(other.place.file) || one.place.line - other.place.line;
}
