import { isDeepStrictEqual } from 'node:util';
import { apiGroup, apiVersion as ourVersion } from '#controller/kinds/index.ts';
import { titleOf } from './dry-run.ts';
import { type KindPath, kindsOf, type PlanKube } from './kube.ts';
import { BadManifests, type Problem, where } from './problem.ts';
import type { Prune } from './prune.ts';
import { type Manifest, readSources, type Source } from './sources.ts';

export interface EntryOptions {
  readonly sources: readonly Source[];
  readonly kube: PlanKube;
  /** Where objects go that name no namespace; as with kubectl, `default`. */
  readonly namespace?: string;
  readonly prune?: Prune;
}

export const ours = `${apiGroup}/${ourVersion}`;
const mostObjects = 2000;

/** A manifest whose kind the server knows. */
export interface Entry {
  readonly manifest: Manifest;
  readonly kind: KindPath;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
}

/** Reads the sources and finds for each object where it lives; with everything that is wrong so far. */
export async function readEntries(
  options: EntryOptions,
): Promise<{ readonly entries: readonly Entry[]; readonly problems: readonly Problem[] }> {
  const { manifests, problems } = readSources(options.sources);
  const located = await locate(manifests, options);
  const unique = withoutTwins(located.entries);
  return { entries: unique.entries, problems: [...problems, ...located.problems, ...unique.problems, ...limits(manifests, options)] };
}

/** Throws BadManifests if there are any. */
export function refuseAll(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new BadManifests(problems.toSorted(byPlace));
}

/** Whether it is a namespace, in which others may be. */
export function isNamespace({ manifest: { object } }: Entry): boolean {
  return object.apiVersion === 'v1' && object.kind === 'Namespace';
}

async function locate(manifests: readonly Manifest[], options: EntryOptions): Promise<{ entries: Entry[]; problems: Problem[] }> {
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

export function keyOf(kind: string, namespace: string, name: string, apiVersion: string): string {
  return [apiVersion.split('/').at(-2) ?? '', kind, namespace, name].join('/');
}

function limits(manifests: readonly Manifest[], { sources, prune }: EntryOptions): Problem[] {
  if (manifests.length > mostObjects)
    return [{ path: '', message: `These are ${manifests.length} objects; at most ${mostObjects} are taken at once.` }];
  if (prune && !prune.selector && !prune.namespace)
    return [{ path: 'prune', message: 'A prune needs a selector or a namespace: what it may look at.' }];
  if (manifests.length > 0 || prune?.allowEmpty) return [];
  const names = sources.map(({ file }) => file).join(', ') || 'the request';
  const hint = prune ? ' With a prune, everything it picks would be deleted; allowEmpty says that this is meant.' : '';
  return [{ path: '', message: `There is no object in ${names}.${hint}` }];
}

function byPlace(one: Problem, other: Problem): number {
  if (!one.place || !other.place) return Number(one.place !== undefined) - Number(other.place !== undefined);
  return one.place.file.localeCompare(other.place.file) || one.place.line - other.place.line;
}
