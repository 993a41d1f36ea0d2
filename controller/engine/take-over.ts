import type { JsonObject } from './json.ts';
import type { Change, Difference, ImportFilter } from './kind.ts';
import type { KubeObject, PlanEntry } from './object.ts';
import { applied, type Outcome, stalled, waiting } from './outcome.ts';
import { ownerOf, type Pass } from './pass.ts';
import { pathsOf, STAMP } from './plan.ts';
import { ignoredBy, policiesOf } from './policies.ts';
import type { Connection } from './ports.ts';
import { nameOf } from './references.ts';

interface Import {
  readonly id?: string;
  readonly filter?: ImportFilter;
  readonly acceptChanges?: boolean;
}

const SHOWN = 10;

export function importOf(object: KubeObject): Import | undefined {
  const { import: wanted } = object.spec as { import?: Import };
  return wanted;
}

/** Finds what `spec.import` names; from then on its id stands in status, and it is only looked at until it is taken over. */
export async function findImport<Cloud>(pass: Pass<Cloud>, connection: Connection<Cloud>, wanted: Import): Promise<Outcome> {
  const picked = await pickImport(pass, connection, wanted);
  if ('reason' in picked) return picked;
  await pass.writes.hold(pass.object);
  return applied(
    { reason: 'Found', message: `Found ${picked.id}; looks at how it differs.` },
    { status: { id: picked.id, isOnlyObserved: true } },
  );
}

/** What `spec.import` names, or why that cannot be had; reads only. */
export async function pickImport<Cloud>(
  pass: Pick<Pass<Cloud>, 'kind' | 'object' | 'graph'>,
  { cloud, cluster }: Connection<Cloud>,
  wanted: Import,
): Promise<{ readonly id: string; readonly observed: unknown } | Outcome> {
  const { kind, object } = pass;
  if (kind.listedAt(cloud) === 0)
    return waiting({ reason: 'Listing', message: `Waits until Cluster ${cluster} has been listed for the first time.` });
  const ids = wanted.id === undefined ? kind.candidates(cloud, wanted.filter ?? {}) : [wanted.id];
  const [id] = ids;
  if (id === undefined) return notFound(`spec.import.filter fits no ${kind.kind} of Cluster ${cluster}; correct it.`);
  if (ids.length > 1) return stalled({ reason: 'ImportAmbiguous', message: tooMany(kind.kind, ids) });
  const claimed = claimedBy(pass, id);
  if (claimed) return claimed;
  await kind.reread(cloud, id);
  const seen = kind.observe(cloud, { ...ownerOf(object), id });
  switch (seen.found) {
    case 'none':
      return notFound(`spec.import: Cluster ${cluster} has no ${kind.kind} ${id}; correct it, or take spec.import out to have one made.`);
    case 'foreign':
      return stalled({ reason: 'NotOurs', message: seen.message });
    case 'ambiguous':
      return stalled({ reason: 'ImportAmbiguous', message: tooMany(kind.kind, seen.ids) });
    case 'one':
      return seen.id === id
        ? { id, observed: seen.observed }
        : notFound(`spec.import: Cluster ${cluster} has no ${kind.kind} ${id}; correct it.`);
  }
}

function notFound(message: string): Outcome {
  return stalled({ reason: 'ImportNotFound', message });
}

/** The object that stands for this cloud resource already; the one that was declared first keeps it. */
export function claimedBy<Cloud>({ graph, object, kind }: Pick<Pass<Cloud>, 'graph' | 'object' | 'kind'>, id: string): Outcome | undefined {
  const other = graph.claimants(kind.kind, id, object).find((one) => object.status?.id === undefined || isOlder(one, object));
  if (!other) return undefined;
  const message = `${nameOf(other)} stands for ${id} already, and one cloud resource belongs to one object. Delete one of the two objects (with spec.deletionPolicy Retain), or correct spec.import.`;
  return stalled({ reason: 'AlreadyDeclared', message });
}

/**
 * Whether a resource that was only looked at may be owned now: with nothing to change, or when the spec says that the changes are
 * wanted. `plan` is what stands in status meanwhile.
 */
export function mayTakeOver(
  object: KubeObject,
  difference: Difference,
  now: number,
): { readonly may: boolean; readonly plan: readonly PlanEntry[] } {
  const { ignore } = policiesOf(object, undefined, now);
  const changes = difference.changes.filter((change) => change.path !== STAMP && !ignoredBy(ignore, change.path));
  const may = difference.waiting === undefined && (changes.length === 0 || importOf(object)?.acceptChanges === true);
  return { may, plan: changes.map(planEntry) };
}

/** It may be owned: says so, and from the next pass on it is ours like any other. */
export async function takeOver<Cloud>(pass: Pass<Cloud>, plan: readonly PlanEntry[]): Promise<Outcome> {
  const { object, scribe } = pass;
  const id = object.status?.id ?? '';
  const message = `Took over ${id} for ${nameOf(object)}${plan.length > 0 ? `, to change ${pathsOf(plan)}` : ' without a change'}`;
  await scribe.before({ type: 'Adopted', message, cloudId: id, changes: plan.map(changeOfEntry) });
  return applied({ reason: 'Adopted', message }, { status: { isOnlyObserved: false, plan: null } });
}

/** It differs, and nobody said that it may be changed. */
export function differs(object: KubeObject, plan: readonly PlanEntry[], status: JsonObject): Outcome {
  const id = object.status?.id ?? '';
  const message = `${id} differs from this spec: ${pathsOf(plan)}; see status.plan. Declare what the cloud holds, or set spec.import.acceptChanges to have it changed.`;
  return stalled({ reason: 'ImportDiffers', message }, { status: { ...status, plan: plan.map((entry) => ({ ...entry })) } });
}

function planEntry({ path, from, to, by }: Change): PlanEntry {
  return { path, declared: to, observed: from, ...(by && { by }) };
}

function changeOfEntry({ path, declared, observed, by }: PlanEntry): Change {
  return { path, from: observed, to: declared, ...(by && { by }) };
}

function tooMany(kind: string, ids: readonly string[]): string {
  const shown = ids.toSorted().slice(0, SHOWN).join(', ');
  const more = ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : '';
  return `spec.import fits ${ids.length} resources of kind ${kind}: ${shown}${more}. Name one of them by spec.import.id, or narrow the filter.`;
}

function isOlder(one: KubeObject, other: KubeObject): boolean {
  const [a, b] = [one.metadata.creationTimestamp ?? '', other.metadata.creationTimestamp ?? ''];
  return a === b ? one.metadata.uid < other.metadata.uid : a < b;
}
