import type { PermissionRow } from '../../../data/roles.ts';
import type { roleTexts } from '../../../texts/roles.ts';

export type Group = keyof typeof roleTexts.groups;

const elsewhere: Readonly<Record<string, Group>> = {
  catalog: 'catalog',
  hypervisor: 'catalog',
  secret: 'secret',
  namespace: 'secret',
  plan: 'work',
  history: 'work',
  operation: 'work',
  terminal: 'instance',
  recording: 'audit',
  audit: 'audit',
  metrics: 'audit',
  user: 'people',
  role: 'people',
};
const ownGroup = ['instance', 'volume', 'snapshot', 'image', 'network', 'securityGroup', 'keyPair', 'serverGroup', 'cluster'] as const;

/** Permissions in groups that people look for them in; each group where its first permission stands. */
export function grouped(permissions: readonly PermissionRow[]): readonly (readonly [Group, readonly PermissionRow[]])[] {
  const groups = new Map<Group, PermissionRow[]>();
  for (const permission of permissions) {
    const group = groupOf(permission.name);
    groups.set(group, [...(groups.get(group) ?? []), permission]);
  }
  return [...groups];
}

function groupOf(permission: string): Group {
  const [noun = ''] = permission.split('.');
  return ownGroup.find((one) => one === noun) ?? elsewhere[noun] ?? 'server';
}
