/**
 * Whether version `one` was given out before `other`. Kubernetes promises since 1.35 that versions are decimal numbers that grow;
 * compared by length first, for they outgrow what a double can hold. '' is older than everything.
 */
export function isOlder(one: string, other: string): boolean {
  if (one.length !== other.length) return one.length < other.length;
  return one < other;
}
