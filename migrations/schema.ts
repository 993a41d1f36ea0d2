import type { ColumnKit } from './columns.ts';

/** The whole logical schema, once. After a change: `npm run generate`, and commit the SQL it writes. */
export function defineTables(kit: ColumnKit) {
  return { ...objectTables(kit), ...inventoryTables(kit), ...historyTables(kit), ...auditTables(kit), ...accessTables(kit) };
}

export type Tables = ReturnType<typeof defineTables>;

/** The built-in Kubernetes API: objects as they are, and the events a watch reads on from. */
function objectTables({ table, str, text, int, when, primaryKey, index }: ColumnKit) {
  const place = () => ({ resource: str(200).notNull(), namespace: str(63).notNull(), name: str(253).notNull() });
  const objects = table(
    'objects',
    { ...place(), uid: str(36).notNull(), resourceVersion: int().notNull(), body: text().notNull(), createdAt: when().notNull() },
    (t) => [primaryKey({ columns: [t.resource, t.namespace, t.name] }), index('objects_uid').on(t.uid)],
  );
  const objectEvents = table(
    'object_events',
    {
      resourceVersion: int().primaryKey(),
      ...place(),
      type: str(10).notNull(),
      body: text().notNull(),
      previous: text(),
      at: when().notNull(),
    },
    (t) => [index('object_events_resource').on(t.resource, t.resourceVersion)],
  );
  /** Gapless numbers; the row is the lock under which they are given out. */
  const counters = table('counters', { name: str(100).primaryKey(), value: int().notNull() });
  return { objects, objectEvents, counters };
}

/** What each cloud holds, and how that changed. `cluster` is the Cluster object's name. */
function inventoryTables({ table, str, json, when, seq, primaryKey, index }: ColumnKit) {
  const place = () => ({ cluster: str(253).notNull(), type: str(40).notNull(), id: str(255).notNull() });
  const inventory = table(
    'inventory',
    {
      ...place(),
      name: str(255).notNull(),
      projectId: str(64),
      /** uid of the object whose stamp the row carries. */
      ownerUid: str(36),
      body: json().notNull(),
      hash: str(64).notNull(),
      firstSeen: when().notNull(),
      changedAt: when().notNull(),
      goneAt: when(),
    },
    (t) => [
      primaryKey({ columns: [t.cluster, t.type, t.id] }),
      index('inventory_owner').on(t.ownerUid),
      index('inventory_name').on(t.cluster, t.type, t.name),
    ],
  );
  const inventoryChanges = table(
    'inventory_changes',
    {
      seq: seq(),
      ...place(),
      at: when().notNull(),
      change: str(10).$type<'appeared' | 'changed' | 'gone'>().notNull(),
      before: json(),
      after: json(),
    },
    (t) => [
      index('inventory_changes_row').on(t.cluster, t.type, t.id, t.at),
      // Since when a cloud is known.
      index('inventory_changes_cluster').on(t.cluster, t.at),
    ],
  );
  return { inventory, inventoryChanges };
}

/** What was declared when, by whom; see controller/history. Rows are added and, when old, removed; never changed. */
function historyTables({ table, str, text, int, when, primaryKey, index }: ColumnKit) {
  const place = () => ({ kind: str(63).notNull(), namespace: str(63).notNull(), name: str(253).notNull() });
  const revisions = table(
    'revisions',
    {
      uid: str(36).notNull(),
      /** metadata.generation; of a deletion the one behind the last. */
      revision: int().notNull(),
      ...place(),
      cluster: str(253).notNull(),
      /** metadata.resourceVersion of the write: the order of what happened in one millisecond. */
      version: int().notNull(),
      at: when().notNull(),
      action: str(10).$type<'declared' | 'changed' | 'deleted'>().notNull(),
      actor: str(255).notNull(),
      through: str(255).notNull(),
      /** JSON; null for a deletion. */
      spec: text(),
    },
    (t) => [
      primaryKey({ columns: [t.uid, t.revision] }),
      index('revisions_name').on(t.kind, t.namespace, t.name, t.at, t.version),
      index('revisions_uid').on(t.uid, t.at, t.version),
    ],
  );
  /** Every object with a revision, once for each cluster it was declared for: lists walk this, not the revisions. */
  const revisedObjects = table('revised_objects', { uid: str(36).notNull(), cluster: str(253).notNull(), ...place() }, (t) => [
    primaryKey({ columns: [t.uid, t.cluster] }),
    index('revised_objects_name').on(t.kind, t.namespace, t.name, t.uid, t.cluster),
    index('revised_objects_cluster').on(t.cluster, t.kind, t.namespace, t.name, t.uid),
  ]);
  /** Which cloud resource stood for an object, from when on; null is none. */
  const bindings = table(
    'bindings',
    {
      uid: str(36).notNull(),
      version: int().notNull(),
      at: when().notNull(),
      cluster: str(253).notNull(),
      cloudId: str(255),
    },
    (t) => [primaryKey({ columns: [t.uid, t.version] }), index('bindings_uid').on(t.uid, t.at, t.version)],
  );
  return { revisions, revisedObjects, bindings };
}

/** Append-only; see controller/audit. `audit_terms` is an index only (change paths, request ids) and no part of the evidence. */
function auditTables({ table, str, text, json, int, when, primaryKey, index }: ColumnKit) {
  const audit = table(
    'audit',
    {
      seq: int().primaryKey(),
      at: when().notNull(),
      type: str(60).notNull(),
      actor: str(255).notNull(),
      cluster: str(253),
      kind: str(63),
      namespace: str(63),
      name: str(253),
      uid: str(36),
      cloudId: str(255),
      result: str(10).$type<'ok' | 'failed' | 'denied' | 'observed'>().notNull(),
      message: text().notNull(),
      changes: json().notNull(),
      requestIds: json().notNull(),
      reconcileId: str(64),
      previousHash: str(64).notNull(),
      hash: str(64).notNull(),
    },
    (t) => [
      index('audit_at').on(t.at),
      index('audit_type').on(t.type, t.seq),
      index('audit_actor').on(t.actor, t.seq),
      index('audit_cluster').on(t.cluster, t.seq),
      index('audit_object').on(t.namespace, t.name, t.kind, t.seq),
      index('audit_uid').on(t.uid, t.seq),
      index('audit_cloud_id').on(t.cloudId, t.seq),
      index('audit_result').on(t.result, t.seq),
      index('audit_reconcile').on(t.reconcileId, t.seq),
    ],
  );
  const auditTerms = table('audit_terms', { term: str(300).notNull(), seq: int().notNull() }, (t) => [
    primaryKey({ columns: [t.term, t.seq] }),
  ]);
  return { audit, auditTerms };
}

function accessTables({ table, str, json, when, uniqueIndex }: ColumnKit) {
  const apiTokens = table(
    'api_tokens',
    {
      id: str(36).primaryKey(),
      name: str(255).notNull(),
      user: str(255).notNull(),
      /** SHA-256 of a token of 256 random bits, hex. */
      hash: str(64).notNull(),
      createdAt: when().notNull(),
      lastUsedAt: when(),
      expiresAt: when(),
    },
    (t) => [uniqueIndex('api_tokens_hash').on(t.hash)],
  );
  const settings = table('settings', { name: str(100).primaryKey(), value: json().notNull() });
  return { apiTokens, settings };
}
