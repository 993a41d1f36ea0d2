import type { Entry } from '#controller/lists/entry.ts';
import type { Fits } from '#controller/lists/filter.ts';
import { decide, type Place } from '../auth/decide.ts';
import type { Identity } from '../auth/identity.ts';
import { maySeeRow } from '../routes/resource-access.ts';
import type { Publication } from './hub.ts';
import type { Watchable } from './watchable.ts';

/** What one client asked for: resources, each with its filter; undefined lets every row through. */
export type Wanted = ReadonlyMap<Watchable, Fits | undefined>;

/**
 * What an event is to one client: `shown` as it is, `gone` from what they may see and asked for, or nothing to them. A row that leaves their
 * filter or their sight is gone for them, though it is there.
 */
export class Sight {
  readonly #identity: Identity;
  readonly #wanted: Wanted;
  /** Decisions repeat: there are few places and many events. */
  readonly #decided = new Map<string, boolean>();

  constructor(identity: Identity, wanted: Wanted) {
    this.#identity = identity;
    this.#wanted = wanted;
  }

  of(publication: Publication, isThere: () => boolean): 'shown' | 'gone' | undefined {
    const { resource, permission, place, user, row } = publication;
    if (!this.#wanted.has(resource)) return undefined;
    if (row) {
      const fits = this.#wanted.get(resource);
      if (this.#isRowSeen(row.after, fits)) return 'shown';
      return this.#isRowSeen(row.before, fits) ? 'gone' : undefined;
    }
    if (user !== this.#identity.user && !this.#known(permission, place, () => decide(this.#identity, permission, place).allowed))
      return undefined;
    return isThere() ? 'shown' : 'gone';
  }

  #isRowSeen(entry: Entry | undefined, fits: Fits | undefined): boolean {
    if (!entry || (fits && !fits(entry))) return false;
    return this.#known(entry.type, entry, () => maySeeRow(this.#identity, entry.type, entry));
  }

  #known(what: string, { cluster, namespace }: Place, decided: () => boolean): boolean {
    const key = `${what} ${cluster}/${namespace}`;
    const isSeen = this.#decided.get(key) ?? decided();
    this.#decided.set(key, isSeen);
    return isSeen;
  }
}

/** Whether two identities may the same: what a client was shown stands only as long as they do. */
export function maySame(a: Identity, b: Identity): boolean {
  const told = ({ user, grants }: Identity) =>
    JSON.stringify([
      user,
      grants.map(({ permissions, cluster, namespace }) => [cluster, namespace, ...[...permissions].toSorted()].join(' ')).toSorted(),
    ]);
  return told(a) === told(b);
}
