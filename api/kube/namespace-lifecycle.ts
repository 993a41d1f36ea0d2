import { type Api, parseStored, type Target, timestamp } from './api.ts';
import type { ApiObject, User } from './definition.ts';
import { remove } from './deletes.ts';
import { readObject } from './incoming.ts';
import { Compacted } from './object-store.ts';
import type { Resource } from './resource.ts';
import { isRecord } from './schema.ts';
import { StatusError } from './status.ts';
import { create, update } from './writes.ts';

const user: User = { user: 'system:namespace-controller', groups: ['system:masters'] };
const initial = ['default', 'kube-system'];
const retryMs = 5000;

/** Makes the first namespaces, and finishes those whose deletion was asked for: everything in them first, they themselves last. */
export class NamespaceLifecycle {
  readonly #api: Api;
  readonly #namespaces: Resource;
  readonly #abort = new AbortController();
  readonly #warn: (message: string, error: unknown) => void;
  readonly #terminating = new Set<string>();
  #running: Promise<void> = Promise.resolve();

  constructor(api: Api, namespaces: Resource, warn: (message: string, error: unknown) => void) {
    this.#api = api;
    this.#namespaces = namespaces;
    this.#warn = warn;
  }

  async start(): Promise<void> {
    for (const name of initial) await this.#createMissing(name);
    const cursor = await this.#findTerminating();
    this.#running = this.#run(cursor);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #createMissing(name: string): Promise<void> {
    const object = readObject(
      this.#namespaces,
      { value: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, duplicates: [] },
      'Ignore',
    );
    try {
      await create(this.#api, this.#target(name), object, false);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error;
    }
  }

  /** Also after a restart, and after falling behind the log. Returns the version seen. */
  async #findTerminating(): Promise<number> {
    const version = await this.#api.store.version();
    for (const stored of await this.#api.store.page('namespaces', {})) {
      if (parseStored(stored).metadata.deletionTimestamp) this.#terminating.add(stored.name);
    }
    return version;
  }

  async #run(from: number): Promise<void> {
    const { signal } = this.#abort;
    let due = new Set(this.#terminating);
    for (let cursor = from; !signal.aborted; ) {
      for (const name of due) await this.#tryToFinish(name);
      await this.#api.log.wait(cursor, signal, retryMs);
      if (signal.aborted) return;
      const isIdle = this.#api.log.head <= cursor;
      due = isIdle ? new Set(this.#terminating) : new Set();
      try {
        for (let events = await this.#api.log.read(cursor); events.length > 0; events = await this.#api.log.read(cursor)) {
          for (const event of events) {
            if (event.resource === 'namespaces' && parseStored(event).metadata.deletionTimestamp)
              this.#noteNamespace(event.type, event.name, due);
            if (event.type === 'DELETED' && this.#terminating.has(event.namespace)) due.add(event.namespace);
          }
          cursor = events.at(-1)?.resourceVersion ?? cursor;
        }
      } catch (error) {
        if (!(error instanceof Compacted)) this.#warn('reading the event log failed, trying again', error);
        cursor = await this.#findTerminating().catch(() => cursor);
        due = new Set(this.#terminating);
      }
    }
  }

  #noteNamespace(type: string, name: string, due: Set<string>): void {
    if (type === 'DELETED') {
      this.#terminating.delete(name);
      due.delete(name);
    } else if (!this.#terminating.has(name)) {
      this.#terminating.add(name);
      due.add(name);
    }
  }

  async #tryToFinish(name: string): Promise<void> {
    try {
      await this.#finish(name);
    } catch (error) {
      // Looked at again in a few seconds: the namespace stays in #terminating.
      this.#warn(`finishing namespace ${name} failed, trying again`, error);
    }
  }

  /**
   * Our kinds go first and built-in ones when none is left: what a finalizer still needs (the Secret with a cloud's credentials)
   * outlives what needs it.
   */
  async #finish(name: string): Promise<void> {
    for (const isBuiltIn of [false, true]) {
      const left = await this.#empty(name, isBuiltIn);
      if (left.length > 0) return this.#explain(name, left);
    }
    const finalize = { ...this.#target(name), subresource: 'finalize' };
    const release = (before: ApiObject): { object: ApiObject; warnings: [] } => ({
      object: { ...before, spec: { finalizers: [] } },
      warnings: [],
    });
    await update(this.#api, finalize, release, { verb: 'update', isDryRun: false }).catch(ignoreMissing);
    this.#terminating.delete(name);
  }

  /** Asks for the deletion of everything there; returns what finalizers keep. */
  async #empty(namespace: string, isBuiltIn: boolean): Promise<string[]> {
    const kept: string[] = [];
    for (const resource of this.#api.resources.all) {
      if (!resource.namespaced || resource.isBuiltIn !== isBuiltIn || resource.view) continue;
      for (const stored of await this.#api.store.page(resource.storage, { namespace })) {
        const target: Target = { resource, namespace, name: stored.name, subresource: '', user };
        const done = await remove(this.#api, target, { isDryRun: false }).catch(ignoreMissing);
        if (done && !done.isGone) kept.push(`${resource.storage} ${stored.name}`);
      }
    }
    return kept;
  }

  /** Says in the namespace's status what it waits for. */
  async #explain(name: string, left: readonly string[]): Promise<void> {
    const shown = left.slice(0, 5).join(', ') + (left.length > 5 ? `, and ${left.length - 5} more` : '');
    const message = `${left.length} objects wait for their finalizers: ${shown}`;
    const condition = { type: 'NamespaceFinalizersRemaining', status: 'True', reason: 'SomeFinalizersRemain', message };
    const note = (before: ApiObject): { object: ApiObject; warnings: [] } => {
      const status = isRecord(before.status) ? before.status : {};
      const old = Array.isArray(status.conditions)
        ? status.conditions.find((each) => isRecord(each) && each.type === condition.type)
        : undefined;
      const isSame = isRecord(old) && old.message === message;
      const conditions = isSame ? status.conditions : [{ ...condition, lastTransitionTime: timestamp(this.#api.clock) }];
      return { object: { ...before, status: { ...status, conditions } }, warnings: [] };
    };
    await update(this.#api, { ...this.#target(name), subresource: 'status' }, note, { verb: 'update', isDryRun: false }).catch(
      ignoreMissing,
    );
  }

  #target(name: string): Target {
    return { resource: this.#namespaces, namespace: '', name, subresource: '', user };
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof StatusError && error.reason === 'NotFound') return undefined;
  throw error;
}
