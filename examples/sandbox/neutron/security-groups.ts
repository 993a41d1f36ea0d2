import { type Answer, asText, type ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import type { SecurityGroup, SecurityGroupRule } from '../store.ts';
import type { World } from '../world.ts';
import { type Attributes, anything, boolean, readBody } from './attributes.ts';
import { refuse } from './errors.ts';
import { type Collection, listAnswer } from './listing.ts';
import { reserve } from './quotas.ts';
import { ruleInGroup, rulesOf } from './rule-document.ts';
import { checkRevision, isVisible, newStandard, standardDocument, standardFilters, touch, updateStandard } from './standard.ts';

export const securityGroupRoutes: RouteTable = {
  'GET /security-groups': listGroups,
  'POST /security-groups': createGroup,
  'GET /security-groups/:id': showGroup,
  'PUT /security-groups/:id': updateGroup,
  'DELETE /security-groups/:id': deleteGroup,
};

const attributes: Attributes = {
  stateful: { convert: boolean },
  security_group_rules: { convert: anything, post: false, put: false },
  shared: { convert: anything, post: false, put: false },
};

const collection: Collection = {
  plural: 'security_groups',
  path: 'security-groups',
  notFound: groupNotFound,
  filters: [...standardFilters, 'stateful', 'shared'],
};

export function groupNotFound(id: string): never {
  return refuse(404, 'SecurityGroupNotFound', `Security group ${id} does not exist`);
}

export function findGroup(call: ScopedCall, id: string): SecurityGroup {
  const group = call.store.securityGroups.get(id);
  if (!group || !isVisible(call, group)) groupNotFound(id);
  return group;
}

/** Every project has a group `default`; it appears when somebody first looks for groups or needs one. */
export function ensureDefaultGroup(world: World, projectId: string): SecurityGroup {
  for (const group of world.store.securityGroups.values()) if (group.projectId === projectId && group.name === 'default') return group;
  const now = world.clock.now();
  const group: SecurityGroup = {
    id: world.random.uuid(),
    name: 'default',
    projectId,
    description: 'Default security group',
    tags: [],
    revision: 1,
    createdAt: now,
    updatedAt: now,
    isStateful: true,
  };
  world.store.securityGroups.set(group.id, group);
  addDefaultRules(world, group);
  for (const ethertype of ['IPv4', 'IPv6'] as const) addRule(world, group, { direction: 'ingress', ethertype, remoteGroupId: group.id });
  return group;
}

function addDefaultRules(world: World, group: SecurityGroup): void {
  for (const ethertype of ['IPv4', 'IPv6'] as const) addRule(world, group, { direction: 'egress', ethertype, remoteGroupId: null });
}

function addRule(world: World, group: SecurityGroup, parts: Pick<SecurityGroupRule, 'direction' | 'ethertype' | 'remoteGroupId'>): void {
  const rule: SecurityGroupRule = {
    id: world.random.uuid(),
    projectId: group.projectId,
    securityGroupId: group.id,
    ...parts,
    protocol: null,
    portRangeMin: null,
    portRangeMax: null,
    remoteIpPrefix: null,
    // Null, not '': rules of a template carry no description of their own.
    description: null,
    createdAt: world.clock.now(),
  };
  world.store.securityGroupRules.set(rule.id, rule);
}

function listGroups(call: ScopedCall): Answer {
  ensureDefaultGroup(call.world, call.token.projectId);
  const rules = Map.groupBy(call.store.securityGroupRules.values(), (rule) => rule.securityGroupId);
  const rows = [...call.store.securityGroups.values()].filter((group) => isVisible(call, group));
  return listAnswer(
    call,
    collection,
    rows.map((group) => groupDocument(group, rules.get(group.id) ?? [])),
  );
}

function showGroup(call: ScopedCall): Answer {
  const group = findGroup(call, call.params.id ?? '');
  const document = groupDocument(group, rulesOf(call.store, group.id));
  const fields = call.query.getAll('fields');
  const shown = fields.length === 0 ? document : Object.fromEntries(Object.entries(document).filter(([name]) => fields.includes(name)));
  return { status: 200, body: { security_group: shown } };
}

function refuseDefaultName(given: Record<string, unknown>): void {
  if (asText(given.name).toLowerCase() === 'default')
    refuse(409, 'SecurityGroupDefaultAlreadyExists', 'Default security group already exists.');
}

function createGroup(call: ScopedCall): Answer {
  const given = readBody(call, 'security_group', attributes)[0] ?? {};
  refuseDefaultName(given);
  reserve(call.world, call.token.projectId, 'security_group');
  ensureDefaultGroup(call.world, call.token.projectId);
  const group: SecurityGroup = { ...newStandard(call, given, 1), isStateful: given.stateful !== false };
  call.world.store.securityGroups.set(group.id, group);
  addDefaultRules(call.world, group);
  return { status: 201, body: { security_group: groupDocument(group, rulesOf(call.store, group.id)) } };
}

function isUsed(call: ScopedCall, group: SecurityGroup): boolean {
  for (const port of call.store.ports.values()) if (port.securityGroupIds.includes(group.id)) return true;
  return false;
}

function inUse(group: SecurityGroup): never {
  return refuse(409, 'SecurityGroupInUse', `Security Group ${group.id} in use.`);
}

function updateGroup(call: ScopedCall): Answer {
  const given = readBody(call, 'security_group', attributes)[0] ?? {};
  refuseDefaultName(given);
  const group = findGroup(call, call.params.id ?? '');
  checkRevision(call, group);
  if (group.name === 'default' && given.name !== undefined)
    refuse(409, 'SecurityGroupCannotUpdateDefault', 'Updating default security group not allowed.');
  if (given.stateful !== undefined && given.stateful !== group.isStateful && isUsed(call, group)) inUse(group);
  if (typeof given.stateful === 'boolean') group.isStateful = given.stateful;
  updateStandard(call.world, group, given);
  return { status: 200, body: { security_group: groupDocument(group, rulesOf(call.store, group.id)) } };
}

/** Rules of other groups that refer to it go with it, without a word; a port that uses it holds it back. */
function deleteGroup(call: ScopedCall): Answer {
  const group = findGroup(call, call.params.id ?? '');
  checkRevision(call, group);
  const { store } = call;
  if (isUsed(call, group)) inUse(group);
  if (group.name === 'default' && !call.token.roles.includes('admin'))
    refuse(409, 'SecurityGroupCannotRemoveDefault', 'Insufficient rights for removing default security group.');
  for (const rule of store.securityGroupRules.values()) {
    if (rule.securityGroupId !== group.id && rule.remoteGroupId !== group.id) continue;
    store.securityGroupRules.delete(rule.id);
    const owner = store.securityGroups.get(rule.securityGroupId);
    if (owner && owner !== group) touch(call.world, owner);
  }
  store.securityGroups.delete(group.id);
  return { status: 204 };
}

function groupDocument(group: SecurityGroup, rules: readonly SecurityGroupRule[]): Record<string, unknown> {
  return {
    id: group.id,
    name: group.name,
    stateful: group.isStateful,
    tenant_id: group.projectId,
    description: group.description,
    shared: false,
    security_group_rules: rules.map((rule) => ruleInGroup(rule, group)),
    ...standardDocument(group),
  };
}
