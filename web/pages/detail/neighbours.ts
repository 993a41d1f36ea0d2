import { Problem } from '../../data/http.ts';
import { fetchResource, type ResourceDetail } from '../../data/resource.ts';

/** So many of one kind are looked into; a resource that has more is no case for a page. */
const most = 40;

/** Resources of one relation, looked into each; those that went meanwhile or may not be seen are left out. Throws Problem. */
export async function neighboursOf(detail: ResourceDetail, relation: string): Promise<readonly ResourceDetail[]> {
  const found = detail.related.find((one) => one.relation === relation)?.items ?? [];
  return await lookInto(
    detail,
    found.map(({ type, id }) => ({ type, id: id ?? '' })),
  );
}

async function lookInto(
  { row }: ResourceDetail,
  names: readonly { readonly type: string; readonly id: string }[],
): Promise<readonly ResourceDetail[]> {
  const looked = await Promise.all(names.slice(0, most).map(async (one) => await lookOrNone({ ...one, cluster: row.cluster })));
  return looked.filter((one) => one !== undefined);
}

async function lookOrNone(of: Parameters<typeof fetchResource>[0]): Promise<ResourceDetail | undefined> {
  try {
    return await fetchResource(of);
  } catch (error) {
    if (error instanceof Problem && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}
