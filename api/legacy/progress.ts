import { and, eq, inArray } from 'drizzle-orm';
import type { Queries, Store, Transaction } from '#migrations/store.ts';

/** Under whose lock one import at a time writes. */
const lock = 'import-legacy';

/** What imports of one source have brought, in table `imports`. */
export interface Progress {
  readonly source: string;
  /** What a row of the old database became; undefined when it was not brought. */
  target(kind: string, id: number | string): Promise<string | undefined>;
  targetIn(tx: Transaction, kind: string, id: number | string): Promise<string | undefined>;
  targets(kind: string, ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Which of these targets rows of this source became. */
  brought(tx: Transaction, kind: string, targets: readonly string[]): Promise<ReadonlySet<string>>;
  /** Notes within the transaction that brings it. */
  mark(tx: Transaction, kind: string, id: number | string, target: string): Promise<void>;
  /** Makes a transaction one of the import: no other import writes until its end. */
  enter(tx: Transaction): Promise<void>;
  /** One transaction of the import: see `enter`. */
  step<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
}

export function createProgress(store: Store, source: string, now: () => number): Progress {
  const { imports } = store.tables;
  const of = (kind: string) => and(eq(imports.source, source), eq(imports.kind, kind));
  const find = async ({ db }: Pick<Queries, 'db'>, kind: string, ids: readonly string[]) =>
    ids.length === 0
      ? []
      : db
          .select()
          .from(imports)
          .where(and(of(kind), inArray(imports.id, [...ids])));
  return {
    source,
    target: async (kind, id) => (await find(store, kind, [String(id)]))[0]?.target,
    targetIn: async (tx, kind, id) => (await find(tx, kind, [String(id)]))[0]?.target,
    targets: async (kind, ids) => new Map((await find(store, kind, ids.map(String))).map(({ id, target }) => [Number(id), target])),
    async brought(tx, kind, targets) {
      if (targets.length === 0) return new Set();
      const rows = await tx.db
        .select()
        .from(imports)
        .where(and(of(kind), inArray(imports.target, [...targets])));
      return new Set(rows.map(({ target }) => target));
    },
    mark: (tx, kind, id, target) =>
      tx.upsert(imports, { source, kind, id: String(id), target, at: now() }, { key: ['source', 'kind', 'id'], update: ['target', 'at'] }),
    enter: async (tx) => void (await tx.next(lock)),
    step: (run) =>
      store.tx(async (tx) => {
        await tx.next(lock);
        return run(tx);
      }),
  };
}
