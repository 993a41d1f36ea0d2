import { type Review, reviews } from './builtin/reviews.ts';
import type { Resource, ResourceTable } from './resource.ts';

const objectVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const readVerbs = ['get', 'list', 'watch'];
const subresourceVerbs = ['get', 'patch', 'update'];

function verbsOf(resource: Resource): string[] {
  return resource.isReadOnly ? readVerbs : objectVerbs;
}

export function subresourcesOf(resource: Resource): string[] {
  return [...(resource.subresources ?? []), ...(resource.status ? ['status'] : [])];
}

/** `/version`. `+stackwarden` tells people what they talk to; the number tells kubectl which protocol. */
export const versionInfo = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0+stackwarden',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-11-23T00:00:00Z',
  goVersion: `node${process.versions.node}`,
  compiler: 'v8',
  platform: `${process.platform}/${process.arch}`,
};

/** `/api`. */
export function coreVersions(): object {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
}

function groupVersions(table: ResourceTable): GroupVersion[] {
  const all = new Map(table.groupVersions.map((each) => [each.apiVersion, each]));
  for (const { group, version } of reviews) all.set(`${group}/${version}`, { group, version, apiVersion: `${group}/${version}` });
  return [...all.values()];
}

/** `/apis`, or one group of it when `only` is given; undefined when there is no such group. */
export function groupList(table: ResourceTable, only?: string): object | undefined {
  const byGroup = Map.groupBy(
    groupVersions(table).filter(({ group }) => group !== ''),
    ({ group }) => group,
  );
  const groups = [...byGroup].map(([name, versions]) => {
    const listed = versions.map(({ apiVersion, version }) => ({ groupVersion: apiVersion, version }));
    return { name, versions: listed, preferredVersion: listed[0] };
  });
  if (only === undefined) return { kind: 'APIGroupList', apiVersion: 'v1', groups };
  const group = groups.find(({ name }) => name === only);
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...group };
}

/** `/api/v1` and `/apis/<group>/<version>`; undefined when there is no such version. */
export function resourceList(table: ResourceTable, apiVersion: string): object | undefined {
  const resources = [
    ...table.all.filter((each) => each.apiVersion === apiVersion).flatMap(listed),
    ...reviews.filter(({ group, version }) => `${group}/${version}` === apiVersion).map(listedReview),
  ];
  if (resources.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion, resources };
}

function listed(resource: Resource): object[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = resource;
  const own = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: verbsOf(resource),
    ...(shortNames?.length ? { shortNames } : {}),
    ...(categories?.length ? { categories } : {}),
  };
  const subs = subresourcesOf(resource).map((name) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    kind,
    verbs: subresourceVerbs,
  }));
  return [own, ...subs];
}

function listedReview({ plural, singular, kind }: Review): object {
  return { name: plural, singularName: singular, namespaced: false, kind, verbs: ['create'] };
}

/** Aggregated discovery of `/api` (core) or `/apis` (all others), in one answer. */
export function aggregated(table: ResourceTable, part: 'api' | 'apis', version: 'v2' | 'v2beta1'): object {
  const chosen = groupVersions(table).filter(({ group }) => (group === '') === (part === 'api'));
  const items = [...Map.groupBy(chosen, ({ group }) => group)].map(([name, versions]) => ({
    metadata: { ...(name ? { name } : {}), creationTimestamp: null },
    versions: versions.map((each) => ({ version: each.version, resources: aggregatedResources(table, each), freshness: 'Current' })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
}

function aggregatedResources(table: ResourceTable, { group, version, apiVersion }: GroupVersion): object[] {
  const objects = table.all
    .filter((each) => each.apiVersion === apiVersion)
    .map((resource) => {
      const { plural, singular, namespaced, kind, shortNames, categories } = resource;
      const responseKind = { group, version, kind };
      const subs = subresourcesOf(resource).map((subresource) => ({ subresource, responseKind, verbs: subresourceVerbs }));
      return {
        resource: plural,
        responseKind,
        scope: namespaced ? 'Namespaced' : 'Cluster',
        singularResource: singular,
        verbs: verbsOf(resource),
        ...(shortNames?.length ? { shortNames } : {}),
        ...(categories?.length ? { categories } : {}),
        ...(subs.length > 0 ? { subresources: subs } : {}),
      };
    });
  const questions = reviews
    .filter((each) => each.group === group && each.version === version)
    .map(({ plural, singular, kind }) => ({
      resource: plural,
      responseKind: { group, version, kind },
      scope: 'Cluster',
      singularResource: singular,
      verbs: ['create'],
    }));
  return [...objects, ...questions];
}

/** Which form of discovery the client asks for, with the content type of the answer; undefined for the plain one. */
export function aggregatedForm(accept: string | undefined): { version: 'v2' | 'v2beta1'; type: string } | undefined {
  for (const clause of (accept ?? '').split(',')) {
    const parts = clause.split(';').map((part) => part.trim());
    if (parts[0] !== 'application/json' && parts[0] !== 'application/*' && parts[0] !== '*/*') continue;
    if (!parts.includes('as=APIGroupDiscoveryList') || !parts.includes('g=apidiscovery.k8s.io')) {
      if (parts[0] === 'application/json') return undefined;
      continue;
    }
    const version = parts.includes('v=v2') ? 'v2' : parts.includes('v=v2beta1') ? 'v2beta1' : undefined;
    if (version) return { version, type: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList` };
  }
  return undefined;
}
