import {
  type Draw,
  drawFor,
  drawGoods,
  drawImports,
  drawInstance,
  drawNetworks,
  drawWays,
  importOf,
  keyOf,
  type ManifestSet,
  type Random,
  type SetObject,
} from './manifest-sets-parts.ts';

/** As many sets as asked for, drawn again until every one of `kinds` is in one of them. */
export function makeSets(count: number, random: Random, kinds: readonly string[]): ManifestSet[] {
  for (let tries = 0; tries < 10_000; tries += 1) {
    const sets = Array.from({ length: count }, (_, index) => makeSet(`s${index}`, random));
    const drawn = new Set(sets.flatMap(({ objects }) => objects.map(({ kind }) => kind)));
    if (kinds.every((kind) => drawn.has(kind))) return sets;
  }
  throw new Error(`${count} sets never hold every kind: ${kinds.join(', ')}`);
}

/** A set of any of the kinds, with policies here and there. */
export function makeSet(name: string, random: Random): ManifestSet {
  const draw = drawFor(name, random);
  const networks = drawNetworks(draw);
  const count = (kind: string) => networks.filter((object) => object.kind === kind).length;
  const hasInstance = draw.chance(0.5);
  const rest = [
    ...networks,
    ...drawWays(draw, { subnets: count('Subnet'), groups: count('SecurityGroup'), instance: hasInstance }),
    ...drawGoods(draw),
    ...drawImports(draw),
  ];
  const objects = [...rest, ...(hasInstance ? drawInstance(draw, rest) : [])];
  return { name, objects: objects.map((object) => withPolicies(object, draw)) };
}

/** What refers to nothing, so that it can stay when all else goes. */
const standsAlone = ({ kind, spec }: SetObject) =>
  ['Network', 'KeyPair', 'Image', 'ServerGroup'].includes(kind) || (kind === 'Volume' && spec['snapshotRef'] === undefined);

function withPolicies(object: SetObject, { chance }: Draw): SetObject {
  if (importOf(object)) return object;
  const { kind, spec } = object;
  const ignored = spec['metadata'] ? 'spec.metadata.tier' : 'spec.description';
  const policies = {
    ...(chance(0.2) && { replacePolicy: 'Allow' }),
    ...(chance(0.1) && { driftPolicy: 'Report' }),
    ...((kind === 'Volume' || kind === 'Network') && chance(0.2) && { ignore: [{ path: ignored, reason: 'others write it' }] }),
    ...(standsAlone(object) &&
      chance(0.16) &&
      (chance(0.5) ? { deletionProtection: true } : kind !== 'Network' && { deletionPolicy: 'Retain' })),
  };
  return { ...object, spec: { ...spec, ...policies } };
}

/** The same set with leave to replace the objects that are named. */
export function allowReplacing(set: ManifestSet, names: ReadonlySet<string>): ManifestSet {
  const allow = (object: SetObject) =>
    names.has(keyOf(object)) ? { ...object, spec: { ...object.spec, replacePolicy: 'Allow' } } : object;
  return { ...set, objects: set.objects.map(allow) };
}
