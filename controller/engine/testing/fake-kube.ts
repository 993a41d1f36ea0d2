import type { Json, JsonObject } from '../json.ts';
import { type KubeApi, KubeError, type ResourceName, type SecretData, type WatchEvent, type WatchOptions } from '../kube-api.ts';
import type { KubeObject } from '../object.ts';
import { isOlder } from '../resource-version.ts';
import type { FakeClock } from './fake-clock.ts';
import type { Process } from './process.ts';

interface Watcher {
  readonly kind: string;
  readonly on: (event: WatchEvent) => void;
  readonly end: (error?: Error) => void;
  readonly isAlive: () => boolean;
}

export interface KubeFaults {
  /** Chance that a call fails before or after it took effect. */
  refused: number;
  lost: number;
  /** Chance that an event is followed by an older one of the same object. */
  late: number;
}

/** As much of a Kubernetes API server as the engine uses, in memory, and with faults. */
export class FakeKube {
  readonly faults: KubeFaults = { refused: 0, lost: 0, late: 0 };
  readonly events: JsonObject[] = [];
  /** Writes by clients, not by people: `status Thing/a/b`. */
  readonly writes: string[] = [];
  /** By `namespace/name`. */
  readonly secrets = new Map<string, SecretData>();
  /** The client may not read Secrets. */
  hidesSecrets = false;
  secretReads = 0;
  lists = 0;
  readonly #clock: FakeClock;
  readonly #random: () => number;
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<Watcher>();
  #history: { readonly kind: string; readonly version: string; readonly event: WatchEvent }[] = [];
  #oldest = '0';
  #version = 100;
  #uids = 0;
  #delivery = 0;

  constructor(clock: FakeClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  // What people do.

  apply(kind: string, namespace: string, name: string, spec: JsonObject, annotations?: Record<string, string>): KubeObject {
    const before = this.get(kind, namespace, name);
    this.#uids += before ? 0 : 1;
    const generation = (before?.metadata.generation ?? 0) + (before && JSON.stringify(before.spec) === JSON.stringify(spec) ? 0 : 1);
    const kept = before?.metadata ?? { uid: `uid-${this.#uids}`, creationTimestamp: this.#now() };
    const metadata = { ...kept, name, namespace, generation, resourceVersion: '', ...(annotations && { annotations }) };
    return this.#put({ ...before, apiVersion: 'test/v1', kind, metadata, spec });
  }

  delete(kind: string, namespace: string, name: string): void {
    const object = this.get(kind, namespace, name);
    if (!object || object.metadata.deletionTimestamp !== undefined) return;
    const generation = (object.metadata.generation ?? 0) + 1;
    this.#putOrRemove({ ...object, metadata: { ...object.metadata, generation, deletionTimestamp: this.#now() } });
  }

  get(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(`${kind}/${namespace}/${name}`);
  }

  all(kind: string): KubeObject[] {
    return [...this.#objects.values()].filter((object) => object.kind === kind);
  }

  // What goes wrong.

  /** Forgets all history: watches from before are told 410. */
  compact(): void {
    this.#history = [];
    this.#version += 1;
    this.#oldest = String(this.#version);
  }

  endWatches(error?: Error): void {
    for (const watcher of this.#watchers) watcher.end(error);
  }

  /** Watches stay open and bring nothing more, not even an end. */
  silenceWatches(): void {
    this.#watchers.clear();
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  bookmark(): void {
    for (const watcher of this.#watchers) watcher.on({ type: 'BOOKMARK', resourceVersion: String(this.#version) });
  }

  // What a client sees.

  client(process: Process): KubeApi {
    const call = <T>(effect: () => T): Promise<T> =>
      process.call(async () => {
        await this.#clock.sleep(1 + Math.floor(this.#random() * 20));
        if (this.#random() < this.faults.refused) throw new KubeError(500, 'InternalError', 'fault: refused');
        const answer = effect();
        if (this.#random() < this.faults.lost) throw new KubeError(0, 'Unreachable', 'fault: answer lost');
        return answer;
      });
    return {
      list: (resource, page) => call(() => this.#list(resource, page)),
      watch: (resource, options, on) => process.call(() => this.#watch(resource, options, on, process)),
      get: (resource, { namespace, name }) => call(() => this.get(resource.kind, namespace, name)),
      patchStatus: (resource, object, status, { locked = false } = {}) =>
        call(() => {
          const now = this.#current(resource, object, locked);
          this.writes.push(`status ${keyOf(object)}`);
          return this.#put({ ...now, status: merged((now.status ?? {}) as JsonObject, status) });
        }),
      patchFinalizers: (resource, object, finalizers) =>
        call(() => {
          const now = this.#current(resource, object, true);
          this.writes.push(`finalizers ${keyOf(object)}`);
          if (now.metadata.deletionTimestamp !== undefined && finalizers.length > (now.metadata.finalizers ?? []).length) {
            throw new KubeError(
              422,
              'Invalid',
              'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted',
            );
          }
          return this.#putOrRemove({ ...now, metadata: { ...now.metadata, finalizers } });
        }),
      readSecret: ({ namespace, name }) =>
        call(() => {
          this.secretReads += 1;
          if (this.hidesSecrets) throw new KubeError(403, 'Forbidden', `secrets "${name}" is forbidden`);
          return this.secrets.get(`${namespace}/${name}`);
        }),
      createEvent: (event) => call(() => void this.events.push(event)),
      patchEvent: ({ name }, patch) =>
        call(() => {
          const event = this.events.find((one) => (one['metadata'] as JsonObject)['name'] === name);
          if (!event) throw new KubeError(404, 'NotFound', name);
          Object.assign(event, patch);
        }),
    };
  }

  #current(resource: ResourceName, object: KubeObject, locked: boolean): KubeObject {
    const { namespace = '', name, uid, resourceVersion } = object.metadata;
    const now = this.get(resource.kind, namespace, name);
    if (!now) throw new KubeError(404, 'NotFound', `${name} not found`);
    if (now.metadata.uid !== uid) throw new KubeError(409, 'Conflict', 'Precondition failed: UID in precondition');
    if (locked && now.metadata.resourceVersion !== resourceVersion) throw new KubeError(409, 'Conflict', 'the object has been modified');
    return now;
  }

  #list(
    resource: ResourceName,
    page: { limit?: number; continue?: string },
  ): { items: KubeObject[]; resourceVersion: string; continue?: string } {
    this.lists += 1;
    const [version = String(this.#version), from = '0'] = page.continue?.split(':') ?? [];
    // Pages are cut from one version; a fake that changed in between cannot go back to it.
    if (page.continue !== undefined && version !== String(this.#version))
      throw new KubeError(410, 'Expired', 'the continue token is too old');
    const all = this.all(resource.kind);
    const end = Number(from) + (page.limit ?? all.length);
    return { items: all.slice(Number(from), end), resourceVersion: version, ...(end < all.length && { continue: `${version}:${end}` }) };
  }

  #watch(resource: ResourceName, options: WatchOptions, on: (event: WatchEvent) => void, process: Process): Promise<void> {
    if (isOlder(options.resourceVersion, this.#oldest)) return Promise.reject(new KubeError(410, 'Expired', 'too old resource version'));
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(options.timeoutSeconds * 1000, () => watcher.end());
      const watcher: Watcher = {
        kind: resource.kind,
        isAlive: () => process.isAlive,
        on: (event) => process.isAlive && !options.signal.aborted && on(event),
        end: (error) => {
          cancel();
          this.#watchers.delete(watcher);
          if (error) reject(error);
          else resolve();
        },
      };
      options.signal.addEventListener('abort', () => watcher.end(new Error('aborted')));
      this.#watchers.add(watcher);
      for (const one of this.#history)
        if (one.kind === resource.kind && isOlder(options.resourceVersion, one.version)) watcher.on(one.event);
    });
  }

  #putOrRemove(object: KubeObject): KubeObject {
    const { deletionTimestamp, finalizers } = object.metadata;
    if (deletionTimestamp === undefined || (finalizers ?? []).length > 0) return this.#put(object);
    this.#objects.delete(keyOf(object));
    return this.#tell('DELETED', object);
  }

  #put(object: KubeObject): KubeObject {
    const type = this.#objects.has(keyOf(object)) ? 'MODIFIED' : 'ADDED';
    const stored = this.#tell(type, object);
    this.#objects.set(keyOf(object), stored);
    return stored;
  }

  #tell(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): KubeObject {
    this.#version += 1;
    const version = String(this.#version);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: version } };
    const event: WatchEvent = { type, object: stored };
    const { kind } = object;
    this.#history.push({ kind, version, event });
    // In order, as a real server: an event that overtakes another would be resumed past.
    this.#delivery = Math.max(this.#delivery, this.#clock.now() + Math.floor(this.#random() * 50));
    this.#clock.after(this.#delivery - this.#clock.now(), () => this.#deliver(kind, event));
    return stored;
  }

  /** Events reach the watchers a little later, and sometimes an old one comes again. */
  #deliver(kind: string, event: WatchEvent): void {
    const older = this.#history.filter((one) => one.kind === kind && one.event.type !== 'BOOKMARK');
    const straggler = this.#random() < this.faults.late ? older[Math.floor(this.#random() * older.length)] : undefined;
    for (const watcher of this.#watchers) {
      if (watcher.kind !== kind || !watcher.isAlive()) continue;
      watcher.on(event);
      if (straggler) watcher.on(straggler.event);
    }
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function keyOf(object: KubeObject): string {
  return `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** RFC 7386, and like a real server without the nulls inside lists. */
function merged(value: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...value };
  for (const [field, part] of Object.entries(patch)) {
    if (part === null) delete result[field];
    else result[field] = isObject(part) ? merged(isObject(result[field] ?? null) ? (result[field] as JsonObject) : {}, part) : pruned(part);
  }
  return result;
}

function pruned(value: Json): Json {
  if (Array.isArray(value)) return value.map((part: Json) => pruned(part));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([field, part]) => [field, pruned(part)]),
  );
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
