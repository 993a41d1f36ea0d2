import { and, eq } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { type ChunkKind, type ChunkMeta, genesisOf, pack, sealChunk } from './chunk.ts';
import { type Manifest, sealManifest } from './manifest.ts';

/** What is to become a chunk; its text may still be on its way. */
export interface Draft extends Pick<ChunkMeta, 'fromMs' | 'untilMs' | 'bytes'> {
  readonly kind: ChunkKind;
  readonly text: Promise<string> | string;
}

/** The recording is not this writer's: it was begun before, taken over by another process, or removed. */
export class NotOurs extends Error {
  override name = 'NotOurs';
}

type Row = Partial<Store['tables']['terminals']['$inferInsert']>;

/** Stores chunk after chunk of a recording, each in one transaction with the row that tells how far it has come. One call at a time. */
export interface Chain {
  readonly head: string;
  store(draft: Draft, more?: Row): Promise<ChunkMeta>;
  seal(manifest: Manifest): Promise<void>;
  fail(): Promise<void>;
  /** Nothing can be stored any more. */
  close(): void;
}

/** A chain that has nothing yet. Its first `store` begins the recording. */
export function createChain(store: Store, id: string, key: Buffer): Chain {
  const { terminals, terminalChunks } = store.tables;
  let seq = 0;
  let bytes = 0;
  let head = genesisOf(id);

  /** Whoever else writes moves the head, or ends the recording. */
  async function update(values: Row, chunk?: typeof terminalChunks.$inferInsert): Promise<void> {
    const isOurs = seq === 0 ? eq(terminals.recording, 'none') : and(eq(terminals.recording, 'running'), eq(terminals.head, head));
    await store.tx(async (tx) => {
      const query = tx.db
        .update(terminals)
        .set(values)
        .where(and(eq(terminals.id, id), isOurs));
      if ((await tx.changed(query)) !== 1) throw new NotOurs('the recording was begun before, taken over or removed');
      if (chunk) await tx.db.insert(terminalChunks).values(chunk);
    });
  }

  return {
    get head() {
      return head;
    },
    async store({ kind, fromMs, untilMs, bytes: shown, text }, more = {}) {
      const meta = { seq, kind, fromMs, untilMs, bytes: shown };
      const row = sealChunk(key, id, meta, { previous: head, packed: await pack(await text) });
      await update({ ...more, chunks: seq + 1, bytes: bytes + shown, durationMs: untilMs, head: row.hash }, { terminal: id, ...row });
      seq += 1;
      bytes += shown;
      head = row.hash;
      return meta;
    },
    async seal(manifest) {
      await update({ recording: 'sealed', durationMs: manifest.durationMs, manifest: await sealManifest(key, id, manifest) });
    },
    fail: () => update({ recording: 'failed' }),
    close: () => void key.fill(0),
  };
}
