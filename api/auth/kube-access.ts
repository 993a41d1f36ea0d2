import type { Authorize, KubeAccess, KubeDecision } from '../kube/access.ts';
import type { ApiObject, User } from '../kube/definition.ts';
import { decide, type Place } from './decide.ts';
import type { Identity } from './identity.ts';
import type { Permission } from './permissions.ts';

/** A person at the Kubernetes API: the same as everywhere else. */
export type KubeUser = User & Identity;

const ours = 'openstack.stackwarden.io';

/** What each resource is called in the policy table. */
const nouns: Readonly<
  Record<string, 'instance' | 'volume' | 'snapshot' | 'image' | 'network' | 'securityGroup' | 'keyPair' | 'serverGroup'>
> = {
  instances: 'instance',
  volumes: 'volume',
  volumesnapshots: 'snapshot',
  instancesnapshots: 'snapshot',
  images: 'image',
  networks: 'network',
  subnets: 'network',
  routers: 'network',
  ports: 'network',
  floatingips: 'network',
  securitygroups: 'securityGroup',
  keypairs: 'keyPair',
  servergroups: 'serverGroup',
};

const reads = new Set(['get', 'list', 'watch']);
const deletes = new Set(['delete', 'deletecollection']);
/** Written by the program itself; a person has no business there but to repair something. */
const programs = new Set(['leases', 'events']);

/** The permission that something at the Kubernetes API takes; undefined for what the table does not name, which nobody may. */
export function permissionFor({ verb, group, resource, subresource }: Omit<KubeAccess, 'about'>): Permission | undefined {
  if (subresource !== '' && !reads.has(verb)) return 'status.change';
  const deed = reads.has(verb) ? 'read' : deletes.has(verb) ? 'delete' : 'change';
  if (group === ours) {
    if (resource === 'clusters') return `cluster.${deed}`;
    const noun = nouns[resource];
    return noun && `${noun}.${deed}`;
  }
  if (group === '' && resource === 'secrets') return deed === 'read' ? 'secret.read' : 'secret.change';
  if (group === '' || group === 'events.k8s.io' || group === 'coordination.k8s.io') {
    if (deed === 'read') return 'namespace.read';
    return programs.has(resource) ? 'status.change' : 'namespace.change';
  }
  return undefined;
}

/** Decides at the Kubernetes API by the policy table. */
export const authorizeKube: Authorize = (user, access) => {
  if (!isKubeUser(user)) return { allowed: false, reason: 'nobody known asks' };
  const permission = permissionFor(access);
  if (!permission) return { allowed: false, reason: `no permission is for ${access.resource} in group ${access.group || 'v1'}` };
  // A dry run writes nothing: whoever may plan and see the object may try.
  const isTrial = access.isDryRun && access.verb !== 'deletecollection';
  const trial = isTrial ? permissionFor({ ...access, verb: 'get' }) : undefined;
  const needed = trial ? [trial, 'plan.read' as const] : [permission];
  for (const one of needed) {
    const decision = decideAt(user, one, access);
    if (!decision.allowed) return decision;
  }
  return { allowed: true };
};

function decideAt(identity: Identity, permission: Permission, access: KubeAccess): KubeDecision {
  const namespace = access.group === '' && access.resource === 'namespaces' ? access.name || '*' : access.namespace || '*';
  const at = (cluster: string): Place => ({ cluster, namespace });
  if (access.about === 'all') return decide(identity, permission, at('*'));
  if (access.about !== 'missing') return decide(identity, permission, at(clusterOf(access.about)));
  // Of what is not there nobody knows the cluster: whoever may in any of them is told that it is not there.
  const clusters = ['*', ...identity.grants.map(({ cluster }) => cluster)];
  const decisions = clusters.map((cluster) => decide(identity, permission, at(cluster)));
  return decisions.find(({ allowed }) => allowed) ?? (decisions[0] as KubeDecision);
}

/** `*` for what belongs to no cluster; '' for an object that should name one and does not. */
function clusterOf({ apiVersion, kind, metadata, spec }: ApiObject): string {
  if (!apiVersion.startsWith(`${ours}/`)) return '*';
  if (kind === 'Cluster') return metadata.name;
  const name = (spec as { clusterRef?: { name?: unknown } } | null | undefined)?.clusterRef?.name;
  return typeof name === 'string' && name !== '*' ? name : '';
}

function isKubeUser(user: User): user is KubeUser {
  return Array.isArray((user as Partial<KubeUser>).grants);
}
