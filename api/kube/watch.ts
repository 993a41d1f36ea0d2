import { type Api, parseStored, type Target } from './api.ts';
import type { ApiObject } from './definition.ts';
import { Compacted, type StoredEvent } from './object-store.ts';
import { type Selection, selection, selects } from './reads.ts';
import type { Form, ListOptions } from './request.ts';
import type { Resource } from './resource.ts';
import { readSnapshot } from './snapshot.ts';
import { expired, versionTooLarge } from './status.ts';
import { type Include, partial, row, table } from './table.ts';

const bookmarkEveryMs = 60_000;
const defaultSeconds = 1800;

export interface WatchRequest {
  readonly target: Target;
  readonly options: ListOptions;
  readonly form: Form;
  readonly include: Include;
}

/**
 * Prepares a watch; throws a Status when it cannot begin. The result is the stream: chunks of newline-delimited events, in the order of
 * versions, none left out and none twice. It ends after the time asked for, on `signal`, and after an ERROR event.
 */
export async function watch(api: Api, request: WatchRequest, signal: AbortSignal): Promise<AsyncGenerator<string>> {
  const { target, options } = request;
  const chosen = selection(target.resource, options);
  const current = await api.store.version();
  const asked = options.resourceVersion ?? 0;
  if (asked > current) throw versionTooLarge(asked, current);
  return stream(api, request, chosen, signal);
}

async function* stream(api: Api, request: WatchRequest, chosen: Selection, signal: AbortSignal): AsyncGenerator<string> {
  const { options } = request;
  const encode = encoder(request, api);
  const end = api.clock.now() + (options.timeoutSeconds || defaultSeconds) * 1000;
  let cursor = options.resourceVersion ?? 0;
  if (cursor === 0 || options.sendInitialEvents) {
    const initial = await initialEvents(api, request, chosen, encode);
    yield* initial.chunks;
    cursor = initial.version;
  }
  let sentAt = api.clock.now();
  while (!signal.aborted && api.clock.now() < end) {
    try {
      const events = await api.log.read(cursor);
      let chunk = '';
      for (const event of events) chunk += transition(request.target, chosen, event, encode);
      cursor = events.at(-1)?.resourceVersion ?? cursor;
      if (chunk !== '') yield chunk;
      if (chunk !== '') sentAt = api.clock.now();
    } catch (error) {
      yield failed(error, cursor);
      return;
    }
    if (options.allowBookmarks && api.clock.now() - sentAt >= bookmarkEveryMs) {
      yield encode.bookmark(cursor, false);
      sentAt = api.clock.now();
    }
    const untilBookmark = options.allowBookmarks ? sentAt + bookmarkEveryMs - api.clock.now() : Number.POSITIVE_INFINITY;
    await api.log.wait(cursor, signal, Math.max(1, Math.min(end - api.clock.now(), untilBookmark)));
  }
  if (options.allowBookmarks && !signal.aborted) yield encode.bookmark(cursor, false);
}

/** Everything there is, as ADDED events, and the version to go on from. */
async function initialEvents(
  api: Api,
  { target, options }: WatchRequest,
  chosen: Selection,
  encode: Encoder,
): Promise<{ chunks: string[]; version: number }> {
  if (options.sendInitialEvents === false) return { chunks: [], version: options.resourceVersion || (await api.store.version()) };
  const scope = target.namespace === '' ? {} : { namespace: target.namespace };
  const { items, version } = await readSnapshot(api.store, target.resource.storage, scope);
  const chunks: string[] = [];
  for (const item of items) {
    if (isSelected(target.resource, chosen, item.body)) chunks.push(encode.event('ADDED', item.body));
  }
  if (options.sendInitialEvents && options.allowBookmarks) chunks.push(encode.bookmark(version, true));
  return { chunks, version };
}

function isSelected(resource: Resource, chosen: Selection, body: string): boolean {
  if (!chosen.label && !chosen.field) return true;
  return selects(resource, chosen, shown(resource, parseStored({ body })));
}

function shown(resource: Resource, object: ApiObject): ApiObject {
  return resource.view ? resource.view.read(object) : object;
}

/** What an event is to this watch: an object may come into its selection, or leave it, by a change. */
function transition(target: Target, chosen: Selection, event: StoredEvent, encode: Encoder): string {
  const { resource, namespace } = target;
  if (event.resource !== resource.storage || (namespace !== '' && event.namespace !== namespace)) return '';
  const isIn = event.type !== 'DELETED' && isSelected(resource, chosen, event.body);
  const wasIn = event.previous !== undefined && isSelected(resource, chosen, event.previous);
  if (isIn) return encode.event(wasIn ? 'MODIFIED' : 'ADDED', event.body);
  if (!wasIn) return '';
  // The last selected state, at the version at which it ceased to be selected.
  const body = event.type === 'DELETED' ? event.body : withVersion(event.previous ?? '', event.resourceVersion);
  return encode.event('DELETED', body);
}

function withVersion(body: string, version: number): string {
  const object = parseStored({ body });
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
}

function failed(error: unknown, cursor: number): string {
  if (!(error instanceof Compacted)) throw error;
  return `${JSON.stringify({ type: 'ERROR', object: expired(`too old resource version: ${cursor} (${error.oldest})`).body() })}\n`;
}

interface Encoder {
  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', body: string): string;
  bookmark(version: number, isInitialEnd: boolean): string;
}

function encoder({ target, form, include }: WatchRequest, api: Api): Encoder {
  const { resource } = target;
  let hasColumns = false;
  const asTable = (rows: object[], version: string): object => {
    const encoded = table(resource.tabulation, rows, { resourceVersion: version }, !hasColumns);
    hasColumns = true;
    return encoded;
  };
  const line = (type: string, object: string): string => `{"type":"${type}","object":${object}}\n`;
  return {
    event(type, body) {
      if (form.as === 'object' && !resource.view) return line(type, body);
      const object = shown(resource, parseStored({ body }));
      if (form.as === 'object') return line(type, JSON.stringify(object));
      if (form.as !== 'Table') return line(type, JSON.stringify(partial(object)));
      return line(
        type,
        JSON.stringify(asTable([row(resource.tabulation, object, api.clock.now(), include)], object.metadata.resourceVersion ?? '')),
      );
    },
    bookmark(version, isInitialEnd) {
      const metadata = {
        creationTimestamp: null,
        resourceVersion: String(version),
        ...(isInitialEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
      };
      if (form.as === 'Table') return line('BOOKMARK', JSON.stringify(asTable([], String(version))));
      if (form.as !== 'object')
        return line('BOOKMARK', JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }));
      return line('BOOKMARK', JSON.stringify({ kind: resource.kind, apiVersion: resource.apiVersion, metadata }));
    },
  };
}
