import type { KubeApi, ResourceName, WatchEvent } from '#controller/engine/kube-api.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { History } from './history.ts';
import { generationOf, type Sighting, sightingOf, unknown } from './sighting.ts';
import { createSightingQueue, type SightingQueue, type SightingQueueDeps } from './sighting-queue.ts';
import { foundWith, marked, watchedWriting } from './watched.ts';

export interface RecordedApiDeps extends SightingQueueDeps {
  readonly history: Pick<History, 'record' | 'complete' | 'objectsAt'>;
  /** Of these objects; others pass by. */
  readonly group: string;
}

/** A Kubernetes API whose lists and watches are recorded as they pass. */
export interface RecordedApi extends KubeApi {
  /** Stores what is left; what cannot be stored then is found at the next start, as far as it is still there. */
  flush(): Promise<void>;
}

/**
 * Puts a recorder between the loop and a Kubernetes that is not ours: there the write is over before anybody hears of it, so who wrote is
 * what managedFields say, and what came and went between two looks is a gap in the numbers. Never delays or fails what passes.
 */
export function recordedApi(api: KubeApi, deps: RecordedApiDeps): RecordedApi {
  const queue = createSightingQueue(deps);
  const lookouts = new Map<string, Lookout>();
  const pages = new Map<string, KubeObject[]>();
  const isOurs = (resource: ResourceName): boolean => resource.group === deps.group;
  const lookoutFor = ({ kind }: ResourceName): Lookout => {
    const lookout = lookouts.get(kind) ?? new Lookout(kind, queue, deps);
    lookouts.set(kind, lookout);
    return lookout;
  };
  return {
    ...api,
    async list(resource, page) {
      const answer = await api.list(resource, page);
      if (!isOurs(resource)) return answer;
      const items = [...(page.continue === undefined ? [] : (pages.get(resource.kind) ?? [])), ...answer.items];
      pages.set(resource.kind, items);
      if (answer.continue !== undefined) return answer;
      pages.delete(resource.kind);
      lookoutFor(resource).listed({ items, version: Number(answer.resourceVersion) || 0 });
      return answer;
    },
    watch: (resource, options, on) =>
      api.watch(resource, options, (event) => {
        on(event);
        if (isOurs(resource)) lookoutFor(resource).watched(event);
      }),
    async flush() {
      await Promise.all([...lookouts.values()].map((lookout) => lookout.compared()));
      await queue.flush();
    },
  };
}

/** A complete list, with the version it is of. */
interface Listed {
  readonly items: readonly KubeObject[];
  readonly version: number;
}

type Gone = Pick<Sighting, 'uid' | 'namespace' | 'name' | 'cluster' | 'deleted'>;

/** What is known of the objects of one kind, to tell what is new. */
class Lookout {
  readonly #kind: string;
  readonly #queue: SightingQueue;
  readonly #deps: RecordedApiDeps;
  /** By uid; undefined before the first list. */
  #known: Map<string, KubeObject> | undefined;
  #comparing: Promise<void> = Promise.resolve();

  constructor(kind: string, queue: SightingQueue, deps: RecordedApiDeps) {
    this.#kind = kind;
    this.#queue = queue;
    this.#deps = deps;
  }

  listed(list: Listed): void {
    const before = this.#known && [...this.#known.values()].filter((object) => !marked(object)).map(goneOf);
    const uids = new Set(list.items.map(({ metadata }) => metadata.uid));
    this.#known = new Map([...(this.#known ?? [])].filter(([uid]) => uids.has(uid)));
    for (const object of list.items) this.#look(this.#known, object);
    this.#comparing = this.#compare(before, list).catch((error: unknown) =>
      this.#deps.log('warn', 'a list was not compared with history', { kind: this.#kind, error: String(error) }),
    );
  }

  watched(event: WatchEvent): void {
    if (!this.#known || event.type === 'BOOKMARK') return;
    if (event.type === 'DELETED') this.#lose(this.#known, event.object);
    else this.#look(this.#known, event.object);
  }

  compared(): Promise<void> {
    return this.#comparing;
  }

  #look(known: Map<string, KubeObject>, object: KubeObject): void {
    const { clock } = this.#deps;
    const before = known.get(object.metadata.uid);
    known.set(object.metadata.uid, object);
    this.#queue.add(before ? sightingOf(before, object, watchedWriting(object, before, clock.now())) : foundWith(object, clock.now()));
  }

  #lose(known: Map<string, KubeObject>, object: KubeObject): void {
    const now = this.#deps.clock.now();
    const before = known.get(object.metadata.uid) ?? object;
    known.delete(object.metadata.uid);
    const wasUnseen = marked(object) && !marked(before);
    this.#queue.add(wasUnseen ? foundWith(object, now) : sightingOf(object, undefined, { at: now, actor: unknown, through: unknown }));
  }

  /** Everything there is was listed: what was known and is not among it went while nobody looked. */
  async #compare(before: readonly Gone[] | undefined, { items, version }: Listed): Promise<void> {
    const uids = new Set(items.map(({ metadata }) => metadata.uid));
    const byName = new Map(items.map((object) => [nameOf(object.metadata), object]));
    for (const gone of before ?? (await this.#declaredNow())) {
      if (uids.has(gone.uid)) continue;
      // Before the one that has its name now, else at the latest when it was missed.
      const created = Date.parse(byName.get(nameOf(gone))?.metadata.creationTimestamp ?? '');
      const when = Number.isNaN(created) ? { at: this.#deps.clock.now(), version } : { at: created, version: 0 };
      this.#queue.add({ ...gone, kind: this.#kind, ...when, actor: unknown, through: unknown });
    }
  }

  async #declaredNow(): Promise<Gone[]> {
    const found: Gone[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = { kinds: [this.#kind], limit: 500, ...(cursor ? { cursor } : {}) };
      const { items, next } = await this.#deps.history.objectsAt({ kind: this.#kind }, undefined, page);
      for (const { namespace, name, declared } of items) {
        const { uid, cluster, revision } = declared;
        found.push({ uid, namespace, name, cluster, deleted: { revision: revision + 1 } });
      }
      cursor = next;
      if (!cursor) return found;
    }
  }
}

function goneOf(object: KubeObject): Gone {
  const { uid, namespace = '', name } = object.metadata;
  const { cluster } = foundWith(object, 0);
  return { uid, namespace, name, cluster, deleted: { revision: generationOf(object) + 1 } };
}

function nameOf({ namespace = '', name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
