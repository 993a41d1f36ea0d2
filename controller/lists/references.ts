import type { ResourceType } from '../inventory/inventory.ts';
import type { Entry } from './entry.ts';

interface Referrer {
  readonly type: ResourceType;
  readonly id: string;
}

/** Which rows show the name of which other. */
export class References {
  readonly #referrers = new Map<string, Map<string, Referrer>>();

  change(before: Entry | undefined, after: Entry | undefined): void {
    for (const ref of before?.refs ?? []) if (before && !after?.refs.includes(ref)) this.#remove(before, ref);
    for (const ref of after?.refs ?? []) if (after && !before?.refs.includes(ref)) this.#add(after, ref);
  }

  to(cluster: string, id: string): readonly Referrer[] {
    return [...(this.#referrers.get(`${cluster}/${id}`)?.values() ?? [])];
  }

  #add({ cluster, key, type, id }: Entry, ref: string): void {
    const to = `${cluster}/${ref}`;
    const known = this.#referrers.get(to) ?? new Map<string, Referrer>();
    known.set(`${type}/${key}`, { type, id });
    this.#referrers.set(to, known);
  }

  #remove({ cluster, key, type }: Entry, ref: string): void {
    const to = `${cluster}/${ref}`;
    const known = this.#referrers.get(to);
    known?.delete(`${type}/${key}`);
    if (known?.size === 0) this.#referrers.delete(to);
  }
}
