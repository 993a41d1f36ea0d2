import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { listedTypes, nouns } from '#controller/lists/noun.ts';
import type { MaySee } from '#controller/lists/table.ts';
import { type Decision, decide, decideAnywhere, everywhere, type Place } from '../auth/decide.ts';
import { forbid } from '../auth/gate.ts';
import type { Identity } from '../auth/identity.ts';
import { isPermission, type Permission } from '../auth/permissions.ts';

/** The type that a path names; `instance` is a server's other name. Undefined for none. */
export function typeNamed(name: string): ResourceType | undefined {
  if (name === 'instance') return 'server';
  return listedTypes.find((type) => type === name);
}

/** What reading rows of a type needs. */
export function readPermission(type: ResourceType): Permission {
  const { permission } = nouns[type];
  if (!isPermission(permission)) throw new Error(`The policy table has no row ${permission}, which the list of ${type} rows needs.`);
  return permission;
}

/**
 * Whether somebody may see a row. What nobody can declare (flavors, volume types) is offered to everybody in its cluster, whatever their
 * namespace; without it they could declare nothing.
 */
export function maySeeRow(identity: Identity, type: ResourceType, place: Place): boolean {
  const permission = readPermission(type);
  if (nouns[type].kinds.length > 0) return decide(identity, permission, place).allowed;
  return identity.grants.some((grant) => grant.permissions.has(permission) && (grant.cluster === '*' || grant.cluster === place.cluster));
}

/** Which rows of a type somebody may see; undefined for all, which costs nothing to find out. */
export function sightOf(identity: Identity, type: ResourceType): MaySee | undefined {
  if (maySeeRow(identity, type, everywhere)) return undefined;
  // There are few places and many rows.
  const known = new Map<string, boolean>();
  return (cluster, namespace) => {
    const key = `${cluster}/${namespace}`;
    const isSeen = known.get(key) ?? maySeeRow(identity, type, { cluster, namespace });
    known.set(key, isSeen);
    return isSeen;
  };
}

/** Answers 403 when somebody may see no row of a type anywhere; true when it did. */
export async function refusedType(request: FastifyRequest, reply: FastifyReply, type: ResourceType): Promise<boolean> {
  const decision: Decision = decideAnywhere(request.identity, readPermission(type));
  if (decision.allowed) return false;
  await forbid(request, reply, decision);
  return true;
}

/** Types of which somebody may see a row somewhere. */
export function visibleTypes(identity: Identity): ResourceType[] {
  return listedTypes.filter((type) => decideAnywhere(identity, readPermission(type)).allowed);
}
