import { bulk, type Operation, type OperationFilter, operationStates } from '../../data/operations.ts';

/** Pure: what the address asks for. `me` is who looks. */
export function filterIn(query: URLSearchParams, me: string): OperationFilter {
  const given = (name: string) => query.get(name) || undefined;
  const state = given('state');
  return {
    state: operationStates.some((one) => one === state) ? state : undefined,
    action: given('action'),
    actor: query.get('whose') === 'all' ? given('actor') : me,
    cluster: given('cluster'),
    target: given('target'),
    type: given('type'),
    since: momentOf(given('since')),
    until: momentOf(given('until')),
  };
}

/** Pure: a time as a date field writes it, with its zone; undefined for what is none. */
function momentOf(text: string | undefined): string | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Pure: whether an operation that changed belongs into a list with this filter. */
export function fits(operation: Operation, filter: OperationFilter, clusters: readonly string[]): boolean {
  if (operation.parent !== undefined) return false;
  const { since, until, ...exact } = filter;
  const isLike = Object.entries(exact).every(([name, wanted]) => wanted === undefined || operation[name as keyof Operation] === wanted);
  return (
    isLike &&
    inView(operation, clusters) &&
    (since === undefined || operation.createdAt >= since) &&
    (until === undefined || operation.createdAt < until)
  );
}

/** A bulk may be about several clouds, and is in view of all of them. */
export function inView({ action, cluster }: Operation, clusters: readonly string[]): boolean {
  return clusters.length === 0 || action === bulk || clusters.includes(cluster);
}
