import type { KubeApi, ResourceName, WatchEvent } from '#controller/engine/kube-api.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { Clock } from '#controller/engine/ports.ts';
import type { History } from './history.ts';
import { generationOf, type Sighting, sightingOf, unknown } from './sighting.ts';
import { foundWith, marked, watchedWriting } from './watched.ts';

export interface RecordedApiDeps {
  readonly history: Pick<History, 'record' | 'complete' | 'objectsAt'>;
  /** Of these objects; others pass by. */
  readonly group: string;
  readonly clock: Clock;
  log(level: 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
}

/** A Kubernetes API whose lists and watches are recorded as they pass. */
export interface RecordedApi extends KubeApi {
  /** Stores what is left; what cannot be stored then is found at the next start, as far as it is still there. */
  flush(): Promise<void>;
}

const batchSize = 100;
const retryMs = { first: 1_000, longest: 60_000 };
/** Beyond this the oldest are given up: their revisions show as a gap. */
const keptSightings = 20_000;

/**
 * Puts a recorder between the loop and a Kubernetes that is not ours: there the write is over before anybody hears of it, so who wrote is
 * what managedFields say, and what came and went between two looks is a gap in the numbers. Never delays or fails what passes.
 */
export function recordedApi(api: KubeApi, deps: RecordedApiDeps): RecordedApi {
  const { history, clock } = deps;
  const seen = new Map<string, Map<string, KubeObject>>();
  const listed = new Map<string, KubeObject[]>();
  const comparing = new Set<Promise<void>>();
  let waiting: Sighting[] = [];
  let storing: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let failures = 0;

  const note = (...sightings: readonly (Sighting | undefined)[]): void => {
    waiting.push(...sightings.filter((sighting) => sighting !== undefined));
    if (waiting.length > keptSightings) waiting = waiting.slice(-keptSightings);
    if (waiting.length > 0 && !cancel) void store();
  };
  const store = (): Promise<void> => {
    storing ??= storeAll().finally(() => {
      storing = undefined;
    });
    return storing;
  };
  async function storeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      try {
        await history.complete(nothing());
        await history.record(batch);
        waiting = waiting.filter((sighting) => !batch.includes(sighting));
        failures = 0;
      } catch (error) {
        if (failures === 0) deps.log('error', 'revisions cannot be stored; they are kept and tried again', { error: String(error) });
        failures += 1;
        cancel = clock.after(Math.min(retryMs.longest, retryMs.first * 2 ** (failures - 1)), () => {
          cancel = undefined;
          void store();
        });
        return;
      }
    }
  }

  const look = (of: Map<string, KubeObject>, object: KubeObject): void => {
    const before = of.get(object.metadata.uid);
    of.set(object.metadata.uid, object);
    note(before ? sightingOf(before, object, watchedWriting(object, before, clock.now())) : foundWith(object, clock.now()));
  };
  const lose = (of: Map<string, KubeObject>, object: KubeObject): void => {
    const before = of.get(object.metadata.uid) ?? object;
    of.delete(object.metadata.uid);
    note(
      marked(object) && !marked(before)
        ? foundWith(object, clock.now())
        : sightingOf(before, undefined, { at: clock.now(), actor: unknown, through: unknown }),
    );
  };

  /** Everything there is was listed: what was known and is not among it went while nobody looked. */
  async function compare({ kind }: ResourceName, known: readonly Gone[] | undefined, { items, version }: Listed): Promise<void> {
    const uids = new Set(items.map(({ metadata }) => metadata.uid));
    const byName = new Map(items.map((object) => [nameOf(object.metadata), object]));
    for (const gone of known ?? (await declaredNow(kind))) {
      if (uids.has(gone.uid)) continue;
      // Before the one that has its name now, else at the latest when it was missed.
      const created = Date.parse(byName.get(nameOf(gone))?.metadata.creationTimestamp ?? '');
      const when = Number.isNaN(created) ? { at: clock.now(), version } : { at: created, version: 0 };
      note({ ...gone, kind, ...when, actor: unknown, through: unknown });
    }
  }

  async function declaredNow(kind: string): Promise<Gone[]> {
    const found: Gone[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await history.objectsAt({ kind }, undefined, { kinds: [kind], limit: 500, ...(cursor ? { cursor } : {}) });
      for (const { namespace, name, declared } of page.items) {
        const { uid, cluster, revision } = declared;
        found.push({ uid, namespace, name, cluster, deleted: { revision: revision + 1 } });
      }
      cursor = page.next;
      if (!cursor) return found;
    }
  }

  function listDone(resource: ResourceName, list: Listed): void {
    const of = seen.get(resource.kind);
    const known = of && [...of.values()].filter((object) => !marked(object)).map(goneOf);
    const now = new Map<string, KubeObject>(of);
    seen.set(resource.kind, now);
    const uids = new Set(list.items.map(({ metadata }) => metadata.uid));
    for (const uid of now.keys()) if (!uids.has(uid)) now.delete(uid);
    for (const object of list.items) look(now, object);
    const running = compare(resource, known, list)
      .catch((error: unknown) => deps.log('warn', 'a list was not compared with history', { kind: resource.kind, error: String(error) }))
      .finally(() => comparing.delete(running));
    comparing.add(running);
  }

  function take(resource: ResourceName, event: WatchEvent): void {
    const of = seen.get(resource.kind);
    if (!of || event.type === 'BOOKMARK') return;
    if (event.type === 'DELETED') lose(of, event.object);
    else look(of, event.object);
  }

  return {
    ...api,
    async list(resource, page) {
      const answer = await api.list(resource, page);
      if (resource.group !== deps.group) return answer;
      const items = [...(page.continue === undefined ? [] : (listed.get(resource.kind) ?? [])), ...answer.items];
      listed.set(resource.kind, items);
      if (answer.continue === undefined) {
        listed.delete(resource.kind);
        listDone(resource, { items, version: Number(answer.resourceVersion) || 0 });
      }
      return answer;
    },
    watch: (resource, options, on) =>
      api.watch(resource, options, (event) => {
        on(event);
        if (resource.group === deps.group) take(resource, event);
      }),
    async flush() {
      await Promise.all(comparing);
      cancel?.();
      cancel = undefined;
      await storing;
      await store();
      // Nothing is tried again once nobody is there to see it.
      (cancel as (() => void) | undefined)?.();
      cancel = undefined;
    },
  };
}

/** A complete list, with the version it is of. */
interface Listed {
  readonly items: readonly KubeObject[];
  readonly version: number;
}

type Gone = Pick<Sighting, 'uid' | 'namespace' | 'name' | 'cluster' | 'deleted'>;

function goneOf(object: KubeObject): Gone {
  const { uid, namespace = '', name } = object.metadata;
  const { cluster } = foundWith(object, 0);
  return { uid, namespace, name, cluster, deleted: { revision: generationOf(object) + 1 } };
}

function nameOf({ namespace = '', name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

async function* nothing(): AsyncGenerator<[]> {}
