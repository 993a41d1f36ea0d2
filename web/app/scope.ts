import { Stored } from '../data/stored.ts';

/**
 * Which clusters are in view: the parameter `clusters` of the address, names with commas between; without it all are. It goes along from page
 * to page, and a page that is opened without it takes what this browser had last.
 */
const parameter = 'clusters';
const key = 'clusters';

/** Empty: all. */
export const scope = new Stored<readonly string[]>(scopeIn(new URLSearchParams(globalThis.location?.search)));

/** Pure: what a query names. */
export function scopeIn(query: URLSearchParams): readonly string[] {
  return [...new Set((query.get(parameter) ?? '').split(',').filter((name) => /^[a-z0-9.-]+$/.test(name)))];
}

/** Pure: an address with these clusters in view, its other parameters as they were. */
export function withScope(url: URL, clusters: readonly string[]): URL {
  const scoped = new URL(url);
  const others = [...url.searchParams].filter(([name]) => name !== parameter);
  scoped.search = new URLSearchParams(others).toString();
  // Commas and dots need no escape, and addresses are read by people.
  if (clusters.length > 0) scoped.search += `${scoped.search === '' ? '' : '&'}${parameter}=${clusters.join(',')}`;
  return scoped;
}

/** Whether somebody who looks at these clusters looks at this one. */
export const isInScope = (cluster: string): boolean => scope.value.length === 0 || scope.value.includes(cluster);

/** An address to go to, with what is in view now where it names nothing itself. */
export function keepingScope(url: URL): URL {
  if (url.searchParams.has(parameter)) return withScope(url, scopeIn(url.searchParams));
  return scope.value.length === 0 ? url : withScope(url, scope.value);
}

/** What this browser looked at last. */
export function rememberedScope(): readonly string[] {
  return scopeIn(new URLSearchParams({ [parameter]: globalThis.localStorage?.getItem(key) ?? '' }));
}

export function setScope(clusters: readonly string[]): void {
  globalThis.localStorage?.setItem(key, clusters.join(','));
  if (clusters.join() !== scope.value.join()) scope.set(clusters);
}
