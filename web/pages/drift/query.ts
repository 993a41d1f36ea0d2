import { type Cause, causes } from '../../data/drift.ts';

/** What the address of the page says it shows. */
export interface DriftView {
  readonly cause: Cause | 'all';
  readonly text: string;
  readonly cluster: string;
  readonly kind: string;
  readonly namespace: string;
  readonly group: string;
  readonly sort: 'newest' | 'oldest' | 'name';
}

export function viewOf(query: URLSearchParams): DriftView {
  const get = (name: string) => query.get(name) ?? '';
  const sort = get('sort');
  return {
    cause: causes.find((one) => one === get('cause')) ?? 'all',
    text: get('q'),
    cluster: get('cluster'),
    kind: get('kind'),
    namespace: get('namespace'),
    group: get('group'),
    sort: sort === 'oldest' || sort === 'name' ? sort : 'newest',
  };
}

/** What the server is asked for; of clusters those chosen here, else those in view everywhere. */
export function askedFor({ cause, text, cluster, kind, namespace, group, sort }: DriftView, scope: readonly string[]) {
  return {
    sort,
    cause: cause === 'all' ? 'drifted,missing,contested' : cause,
    ...(text !== '' && { text }),
    ...((cluster !== '' || scope.length > 0) && { cluster: cluster === '' ? scope.join(',') : cluster }),
    ...(kind !== '' && { kind }),
    ...(namespace !== '' && { namespace }),
    ...(group !== '' && { group }),
  };
}

export function isFiltered({ text, cluster, kind, namespace, group }: DriftView): boolean {
  return [text, cluster, kind, namespace, group].some((one) => one !== '');
}
