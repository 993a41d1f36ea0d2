import type { Entry } from '#controller/lists/entry.ts';
import type { Fits } from '#controller/lists/filter.ts';
import { decide, type Place } from '../auth/decide.ts';
import type { Identity } from '../auth/identity.ts';
import type { Permission } from '../auth/permissions.ts';
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
  readonly #known = new Map<string, boolean>();

  constructor(identity: Identity, wanted: Wanted) {
    this.#identity = identity;
    this.#wanted = wanted;
  }

  of(publication: Publication, isThere: () => boolean): 'shown' | 'gone' | undefined {
    const { resource, permission, place, user, row } = publication;
    if (!this.#wanted.has(resource)) return undefined;
    if (row) {
      const fits = this.#wanted.get(resource);
      if (this.#isRowSeen(row.after, permission, fits)) return 'shown';
      return this.#isRowSeen(row.before, permission, fits) ? 'gone' : undefined;
    }
    if (user !== this.#identity.user && !this.#maySee(permission, place)) return undefined;
    return isThere() ? 'shown' : 'gone';
  }

  #isRowSeen(entry: Entry | undefined, permission: Permission, fits: Fits | undefined): boolean {
    return entry !== undefined && this.#maySee(permission, entry) && (!fits || fits(entry));
  }

  #maySee(permission: Permission, { cluster, namespace }: Place): boolean {
    const key = `${permission} ${cluster}/${namespace}`;
    const isKnown = this.#known.get(key);
    if (isKnown !== undefined) return isKnown;
    const { allowed } = decide(this.#identity, permission, { cluster, namespace });
    this.#known.set(key, allowed);
    return allowed;
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
