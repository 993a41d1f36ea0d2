import type { Declared } from '#controller/history/declared-at.ts';
import type { ListedObject, ObjectAt } from '#controller/history/history.ts';
import type { Observed, ObservedResource } from '#controller/history/observed-at.ts';
import type { Declaration, Revision } from '#controller/history/revisions.ts';

/** RFC 3339, UTC. */
export function timeOf(at: number): string {
  return new Date(at).toISOString();
}

/** A revision in a list; its spec is in the answer about it alone. */
export function presentRevision({ revision, at, action, actor, through, cluster, missingBefore }: Revision) {
  return { revision, at: timeOf(at), action, actor, through, cluster, ...(missingBefore > 0 ? { missingBefore } : {}) };
}

export function presentSpec({ spec }: Declaration) {
  return spec === undefined ? {} : { spec };
}

export function presentObject({ declared, observed }: ObjectAt) {
  return { declared: presentDeclared(declared), observed: presentObserved(observed) };
}

export function presentListed({ kind, namespace, name, declared, observed }: ListedObject) {
  return { kind, namespace, name, declared: presentDeclared(declared), observed: presentObserved(observed) };
}

export function presentResource({ type, id, name, since, body }: ObservedResource) {
  return { type, id, name, ...sinceOf(since), body };
}

function presentDeclared(declared: Declared) {
  if (declared.state === 'unknown') return { state: declared.state, knownSince: timeOf(declared.knownSince) };
  if (declared.state === 'declared') {
    const { state, uid, revision, at, actor, through, cluster, missingAfter } = declared;
    const gap = missingAfter > 0 ? { missingAfter } : {};
    return { state, uid, revision, since: timeOf(at), actor, through, cluster, ...gap, ...presentSpec(declared) };
  }
  const { state, deletion } = declared;
  if (!deletion) return { state };
  const { uid, at, actor, through } = deletion;
  return { state, uid, deletedAt: timeOf(at), deletedBy: actor, through };
}

function presentObserved(observed: Observed) {
  if (observed.state === 'present') return { state: observed.state, cluster: observed.cluster, ...presentResource(observed) };
  if (observed.state === 'unknown')
    return { state: observed.state, ...(observed.knownSince === undefined ? {} : { knownSince: timeOf(observed.knownSince) }) };
  const { state, id, goneAt } = observed;
  return { state, ...(id === undefined ? {} : { id }), ...(goneAt === undefined ? {} : { goneAt: timeOf(goneAt) }) };
}

function sinceOf(since: number | undefined) {
  return since === undefined ? {} : { since: timeOf(since) };
}
