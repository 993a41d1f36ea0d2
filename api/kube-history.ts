import type { History } from '#controller/history/history.ts';
import { type Seen, type Sighting, sightingOf, unknown } from '#controller/history/sighting.ts';
import { apiGroup } from '#controller/kinds/index.ts';
import type { Alongside } from './kube/commit.ts';
import type { Commit, ObjectStore } from './kube/object-store.ts';

const isOurs = (resource: string): boolean => resource.endsWith(`.${apiGroup}`);
const pageSize = 200;

/** Keeps a revision of every spec that is written, in the transaction that writes it. Only of our own kinds: of a Secret nothing is kept. */
export function recordAlongside(history: Pick<History, 'recordWith'>): Alongside {
  return async (tx, commits) => {
    const sightings = commits.map(sightingOfCommit).filter((sighting) => sighting !== undefined);
    if (sightings.length > 0) await history.recordWith(tx, sightings);
  };
}

function sightingOfCommit({ key, at, by, before, after, isGone }: Commit): Sighting | undefined {
  if (!isOurs(key.resource)) return undefined;
  const writing = { at, actor: by?.user ?? unknown, through: by?.through ?? unknown };
  const last = parse(after.body);
  // A deletion's version is in its last state: what is gone is told by that.
  return isGone ? sightingOf(last, undefined, writing) : sightingOf(before && parse(before.body), last, writing);
}

/** Every object of our kinds as it is stored, a page at a time. */
export async function* storedObjects(store: ObjectStore, plurals: readonly string[]): AsyncGenerator<Seen[]> {
  for (const plural of plurals) {
    let after: { namespace: string; name: string } | undefined;
    for (;;) {
      const page = await store.page(`${plural}.${apiGroup}`, { limit: pageSize, ...(after ? { after } : {}) });
      if (page.length > 0) yield page.map(({ body }) => parse(body));
      const last = page.at(-1);
      if (!last || page.length < pageSize) break;
      after = { namespace: last.namespace, name: last.name };
    }
  }
}

/** What a request was sent with: the first product of its user agent, else the field manager it names. */
export function throughOf(userAgent: string | undefined, fieldManager: string | undefined): string | undefined {
  return /^[^\s(]+/.exec(userAgent?.trim() ?? '')?.[0] ?? (fieldManager || undefined);
}

function parse(body: string): Seen {
  return JSON.parse(body) as Seen;
}
