import type { FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { Change } from '#controller/engine/kind.ts';
import { sourceOf } from '../../auth/denials.ts';
import type { Permission } from '../../auth/permissions.ts';
import { clusterPath } from '../../connections/cluster-object.ts';
import { find, type KubeDoor } from '../../connections/kube-door.ts';
import { badField } from './refusals.ts';

/** What somebody did to profiles, keys and host keys. */
type Deed = 'TerminalProfileChanged' | 'TerminalKeyChanged' | 'HostKeyAccepted' | 'HostKeyForgotten';

/** Records what a person did. `message` MUST hold no secret; the name stands before it. */
export async function tell(
  audit: Audit,
  request: FastifyRequest,
  {
    type,
    cluster,
    serverId = '',
    message,
    changes = [],
  }: { type: Deed; cluster: string; serverId?: string; message: string; changes?: readonly Change[] },
): Promise<void> {
  const { user } = request.identity;
  await audit.record({
    type,
    actor: user,
    ...(cluster !== '*' && { cluster }),
    ...(serverId !== '' && { cloudId: serverId }),
    changes,
    result: 'ok',
    message: `${user} ${message}`,
    requestIds: [],
    source: sourceOf(request),
  });
}

/** Names of clusters where somebody may do something to all of them; undefined: in any. */
export function clustersWhere(request: FastifyRequest, permission: Permission): readonly string[] | undefined {
  const isAllowed = (cluster: string) => request.may(permission, { cluster, namespace: '*' }).allowed;
  if (isAllowed('*')) return undefined;
  return [...new Set(request.identity.grants.map(({ cluster }) => cluster))].filter((cluster) => cluster !== '*' && isAllowed(cluster));
}

/** Narrows what somebody sees to what they ask for. */
export function narrowed(visible: readonly string[] | undefined, cluster: string | undefined): readonly string[] | undefined {
  if (cluster === undefined) return visible;
  return visible === undefined || visible.includes(cluster) ? [cluster] : [];
}

/** Throws the problem of a field that names a Cluster there is not. */
export async function checkCluster(kube: KubeDoor, cluster: string): Promise<void> {
  if (cluster === '*' || (await find(kube, clusterPath(cluster)))) return;
  throw badField('cluster', `There is no Cluster ${cluster}; GET /api/v1/clusters lists them.`);
}

/** A place in a list, as its page gives it out. */
export function cursorOf(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Throws the problem of a cursor that no page of this list gave. `form` says of what each part is. */
export function readCursor<Form extends readonly ('string' | 'number')[]>(
  cursor: string | undefined,
  ...form: Form
): { [Part in keyof Form]: Form[Part] extends 'string' ? string : number } | undefined {
  if (cursor === undefined) return undefined;
  const place = parsed(cursor);
  const isOurs = Array.isArray(place) && place.length === form.length && place.every((part, index) => typeof part === form[index]);
  if (!isOurs) throw badField('cursor', 'The cursor is not one this list gave; begin again without it.');
  return place as never;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** A page of what was asked for with one more, which tells whether others follow. */
export function pageOf<Row, Shown>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Shown,
  place: (row: Row) => readonly (string | number)[],
): { items: Shown[]; next?: string } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(show), ...(last !== undefined && rows.length > limit && { next: cursorOf(place(last)) }) };
}

/** RFC 3339, or null. */
export function moment(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
