import type { ScopedCall } from '../call.ts';
import type { Standard } from '../store.ts';
import { toSeconds, type World } from '../world.ts';
import { refuse } from './errors.ts';

/** The attributes every Neutron resource starts with. */
export function newStandard(call: ScopedCall, given: Record<string, unknown>, revision: number): Standard {
  const { world } = call;
  const now = world.clock.now();
  const asked = given.project_id ?? given.tenant_id;
  const projectId = typeof asked === 'string' && call.token.roles.includes('admin') ? asked : call.token.projectId;
  return {
    id: world.random.uuid(),
    name: typeof given.name === 'string' ? given.name : '',
    projectId,
    description: typeof given.description === 'string' ? given.description : '',
    tags: [],
    revision,
    createdAt: now,
    updatedAt: now,
  };
}

/** Takes name and description over and counts a change. */
export function updateStandard(world: World, row: Standard, given: Record<string, unknown>): void {
  if (typeof given.name === 'string') row.name = given.name;
  if (typeof given.description === 'string') row.description = given.description;
  touch(world, row);
}

export function touch(world: World, row: Standard): void {
  row.revision += 1;
  row.updatedAt = world.clock.now();
}

/** `If-Match: revision_number=N` guards an update against changes not seen. */
export function checkRevision(call: ScopedCall, row: Standard): void {
  const [, wanted] = /revision_number=(\d+)/.exec(call.headers['if-match'] ?? '') ?? [];
  if (wanted !== undefined && Number(wanted) !== row.revision)
    refuse(412, 'RevisionNumberConstraintFailed', `Constrained to ${wanted}, but current revision is ${row.revision}`);
}

export function standardDocument(row: Standard): Record<string, unknown> {
  return {
    tags: [...row.tags],
    created_at: toSeconds(row.createdAt),
    updated_at: toSeconds(row.updatedAt),
    revision_number: row.revision,
    project_id: row.projectId,
  };
}

export const standardFilters = ['id', 'name', 'description', 'tenant_id', 'project_id', 'revision_number', 'status'];

/** Whether the caller's project may see a row; an admin sees all. */
export function isVisible(call: ScopedCall, row: { readonly projectId: string }): boolean {
  return row.projectId === call.token.projectId || call.token.roles.includes('admin');
}
