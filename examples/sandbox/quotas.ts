import type { World } from './world.ts';

/** The limit of a resource in a project; -1 is none. */
export function quotaLimit(world: World, projectId: string, service: string, resource: string): number {
  return world.store.quotas.get(`${projectId}/${service}/${resource}`) ?? -1;
}

export function setQuota(world: World, projectId: string, service: string, resource: string, limit: number): void {
  world.store.quotas.set(`${projectId}/${service}/${resource}`, limit);
}

/** Whether `more` on top of `used` would go over the limit. */
export function exceedsQuota(
  world: World,
  projectId: string,
  service: string,
  resource: string,
  need: { used: number; more: number },
): boolean {
  const limit = quotaLimit(world, projectId, service, resource);
  return limit >= 0 && need.used + need.more > limit;
}
