import type { Change } from '#controller/engine/kind.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { elementPath } from '../changes.ts';
import type { DesiredInstance } from './desire.ts';
import type { ObservedInstance } from './observe.ts';

/** One group that some port lacks, or has although it is not declared. */
export interface GroupStep {
  readonly step: 'add' | 'remove';
  readonly change: Change;
  readonly groupId: string;
}

const FIELD = 'spec.securityGroupRefs';

type Wish = Pick<DesiredInstance, 'securityGroups' | 'networks'>;

/** Ports whose groups are the instance's: those that filter (the others cannot have any), but for declared ones, which have their own. */
function ownPorts({ networks }: Pick<DesiredInstance, 'networks'>, { ports }: ObservedInstance): Port[] {
  const declared = new Set(networks?.map((network) => network.portId));
  return ports.filter((port) => port.port_security_enabled !== false && !declared.has(port.id));
}

/** Compares the security groups of its own ports with those declared. Pure. */
export function planGroups(desired: Wish, observed: ObservedInstance): GroupStep[] {
  const ports = ownPorts(desired, observed);
  if (!desired.securityGroups || ports.length === 0) return [];
  const wanted = new Map(desired.securityGroups.map(({ id, name }) => [id, name]));
  const labels = new Set(wanted.values());
  const missing = [...wanted].flatMap(([groupId, name]): GroupStep[] => {
    if (ports.every((port) => port.security_groups.includes(groupId))) return [];
    return [{ step: 'add', groupId, change: { path: elementPath(FIELD, name), from: null, to: name } }];
  });
  const surplus = [...new Set(ports.flatMap((port) => port.security_groups))].flatMap((groupId): GroupStep[] => {
    if (wanted.has(groupId)) return [];
    const name = observed.names[groupId] ?? groupId;
    // Names are not unique in a cloud; one that equals a declared group's would point at that.
    const label = labels.has(name) ? groupId : name;
    return [{ step: 'remove', groupId, change: { path: elementPath(FIELD, label), from: label, to: null } }];
  });
  return [...missing, ...surplus];
}

/** The ports whose groups have to be written for these steps, with what to write. */
export function groupsAfter(desired: Wish, observed: ObservedInstance, steps: readonly GroupStep[]): { port: Port; groups: string[] }[] {
  const added = steps.filter((step) => step.step === 'add').map((step) => step.groupId);
  const removed = steps.filter((step) => step.step === 'remove').map((step) => step.groupId);
  return ownPorts(desired, observed)
    .map((port) => ({ port, groups: [...new Set([...port.security_groups, ...added])].filter((id) => !removed.includes(id)) }))
    .filter(({ port, groups }) => groups.toSorted().join() !== port.security_groups.toSorted().join());
}

/**
 * The groups to boot with. Nova fails a boot that names groups in a project where any two groups share a name, whichever are
 * named; then none, and they are put on the ports once those are there. Without ports of its own there is nothing to put groups on.
 */
export function groupsAtBoot(
  { securityGroups, networks }: Wish,
  known: Iterable<{ readonly name: string; readonly project_id: string }>,
): NonNullable<DesiredInstance['securityGroups']> {
  if (networks?.every((network) => network.portId !== undefined)) return [];
  const names = [...known].map((group) => `${group.project_id} ${group.name}`);
  return new Set(names).size < names.length ? [] : (securityGroups ?? []);
}
