import { randomBytes } from 'node:crypto';
import type { Clock } from '#controller/engine/ports.ts';
import type { RowChange } from '#controller/lists/feed.ts';
import type { Place } from '../auth/decide.ts';
import type { Permission } from '../auth/permissions.ts';
import type { Watchable } from './watchable.ts';

/** Something that clients may want to know: it is there and looks so now, or it is gone. */
export interface Publication {
  readonly resource: Watchable;
  /** What seeing it needs, and where. */
  readonly permission: Permission;
  readonly place: Place;
  /** Who sees it whatever their permissions: the person an operation belongs to. */
  readonly user?: string;
  /** Tells things of one resource apart; the newest publication of a key replaces the one before. */
  readonly key: string;
  /** As the REST API gives it out; null when it is gone. Called at most once, when somebody is sent it. MUST hold no secret. */
  body(): object | null;
  /** For rows of lists, which clients may filter: what the row was and is. */
  readonly row?: RowChange;
}

/** A publication at its place in the stream. */
export interface Sequenced {
  readonly seq: number;
  readonly publication: Publication;
  /** Whether it is there, not gone. */
  isThere(): boolean;
  /** The lines that are sent, after `id:`; made once for all clients. */
  data(): string;
}

/** Whoever reads the stream. */
export interface Reader {
  /** There is more to read. MUST NOT wait, and keeps nothing that it cannot send. */
  wake(): void;
  end(reason: string): void;
}

/** What happens, in order, for whoever reads along: the newest events are kept for all readers together, and nothing for each. */
export interface Hub {
  publish(publication: Publication): void;
  /** Of the newest event. Another process, or a restarted one, gives others. */
  version(): string;
  /** Place of a version in this stream; undefined when it is another's, or what follows it is no longer kept. */
  placeOf(version: string): number | undefined;
  versionAt(seq: number): string;
  readonly head: number;
  /** The event behind `seq`; `lost` when it is no longer kept, undefined when there is none yet. */
  behind(seq: number): Sequenced | 'lost' | undefined;
  /** The returned function leaves. */
  join(reader: Reader): () => void;
  readonly readers: number;
  /** Ends all readers. */
  close(): void;
}

export interface HubOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Events that are kept; 10,000. */
  readonly kept?: number;
  /** Ms within which events are sent together; 50. */
  readonly gatherMs?: number;
}

export function createHub({ clock, kept = 10_000, gatherMs = 50 }: HubOptions): Hub {
  const stream = randomBytes(6).toString('hex');
  const ring: (Sequenced | undefined)[] = Array.from({ length: kept });
  const readers = new Set<Reader>();
  let head = 0;
  let cancel: (() => void) | undefined;
  const wakeAll = () => {
    cancel = undefined;
    for (const reader of readers) reader.wake();
  };
  return {
    publish(publication) {
      head += 1;
      ring[head % kept] = sequenced(head, publication);
      if (readers.size > 0) cancel ??= clock.after(gatherMs, wakeAll);
    },
    version: () => `${stream}-${head}`,
    versionAt: (seq) => `${stream}-${seq}`,
    placeOf(version) {
      const [, of, text] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(version) ?? [];
      const seq = Number(text);
      return of === stream && seq <= head && seq >= head - kept ? seq : undefined;
    },
    get head() {
      return head;
    },
    behind(seq) {
      if (seq >= head) return undefined;
      return seq < head - kept ? 'lost' : ring[(seq + 1) % kept];
    },
    join(reader) {
      readers.add(reader);
      return () => void readers.delete(reader);
    },
    get readers() {
      return readers.size;
    },
    close() {
      cancel?.();
      for (const reader of readers) reader.end('The server is stopping; come back in a moment.');
    },
  };
}

function sequenced(seq: number, publication: Publication): Sequenced {
  let body: object | null | undefined;
  let data: string | undefined;
  const bodyOnce = () => {
    if (body === undefined) body = publication.body();
    return body;
  };
  return {
    seq,
    publication,
    isThere: () => bodyOnce() !== null,
    data() {
      const { resource, key } = publication;
      data ??= `event: change\ndata: ${JSON.stringify({ resource, key, body: bodyOnce() })}\n\n`;
      return data;
    },
  };
}
