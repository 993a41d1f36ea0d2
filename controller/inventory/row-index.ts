/** Rows of one type, found by id, name, owner stamp and parent; every find costs what it returns. */
export interface RowIndex<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  set(id: string, row: Row, keys: RowKeys): void;
  delete(id: string): void;
  keysOf(id: string): RowKeys | undefined;
  by(key: 'name' | 'owner' | 'parent', value: string): readonly Row[];
}

export interface RowKeys {
  readonly name: string;
  readonly owner: string | undefined;
  readonly parents: readonly string[];
}

export function createRowIndex<Row>(): RowIndex<Row> {
  const rows = new Map<string, Row>();
  const keys = new Map<string, RowKeys>();
  const found = { name: new Map<string, Set<string>>(), owner: new Map<string, Set<string>>(), parent: new Map<string, Set<string>>() };

  const entries = (of: RowKeys) => [
    [found.name, of.name] as const,
    ...(of.owner === undefined ? [] : [[found.owner, of.owner] as const]),
    ...of.parents.map((parent) => [found.parent, parent] as const),
  ];
  const unlist = (id: string) => {
    const old = keys.get(id);
    if (old === undefined) return;
    for (const [index, value] of entries(old)) {
      const ids = index.get(value);
      ids?.delete(id);
      if (ids?.size === 0) index.delete(value);
    }
  };
  return {
    rows,
    set(id, row, next) {
      unlist(id);
      rows.set(id, row);
      keys.set(id, next);
      for (const [index, value] of entries(next)) {
        const ids = index.get(value);
        if (ids === undefined) index.set(value, new Set([id]));
        else ids.add(id);
      }
    },
    delete(id) {
      unlist(id);
      rows.delete(id);
      keys.delete(id);
    },
    keysOf: (id) => keys.get(id),
    by(key, value) {
      const hits: Row[] = [];
      for (const id of found[key].get(value) ?? []) {
        const row = rows.get(id);
        if (row !== undefined) hits.push(row);
      }
      return hits;
    },
  };
}
