import type { ColumnKit } from './columns.ts';
import { terminalTables } from './schema-terminals.ts';

/** The whole logical schema, once. After a change: `npm run generate`, and commit the SQL it writes. */
export function defineTables(kit: ColumnKit) {
  return {
    ...objectTables(kit),
    ...inventoryTables(kit),
    ...historyTables(kit),
    ...auditTables(kit),
    ...peopleTables(kit),
    ...accessTables(kit),
    ...operationTables(kit),
    ...platformTables(kit),
    ...terminalTables(kit),
  };
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
      /** Whence a person asked: network address, id of the session or token, id of the request to us. */
      address: str(64),
      session: str(36),
      requestId: str(64),
      /** The database an entry was brought from; null for what happened here. */
      origin: str(255),
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

/** Who may sign in. What is secret here is hashed, or sealed as api/kube/encryption.ts does. */
function peopleTables({ table, str, text, json, int, when, uniqueIndex, index, primaryKey }: ColumnKit) {
  const users = table(
    'users',
    {
      id: str(36).primaryKey(),
      /** Lower case: `Anna` and `anna` are one person. */
      username: str(100).notNull(),
      email: str(254),
      displayName: str(200),
      /** In the form its algorithm writes ($argon2id$…, or werkzeug's); null for people who sign in elsewhere. */
      passwordHash: text(),
      state: str(10).$type<'active' | 'disabled' | 'pending'>().notNull(),
      createdAt: when().notNull(),
      createdBy: str(255).notNull(),
      lastLoginAt: when(),
      passwordChangedAt: when(),
      /** Sealed secret of the second factor; null without one. */
      totp: json(),
      /** The newest time step a code was taken for: no code counts twice. */
      totpStep: int(),
      /** SHA-256 of unused recovery codes. */
      recoveryCodes: json(),
      /** Issuer and subject at an identity provider. */
      issuer: str(255),
      subject: str(255),
      /** Counts changes, for If-Match. */
      version: int().notNull(),
    },
    (t) => [uniqueIndex('users_username').on(t.username), index('users_email').on(t.email), index('users_subject').on(t.subject)],
  );
  const sessions = table(
    'sessions',
    {
      id: str(36).primaryKey(),
      /** SHA-256 of the cookie's 256 random bits, hex. */
      hash: str(64).notNull(),
      userId: str(36).notNull(),
      createdAt: when().notNull(),
      lastSeenAt: when().notNull(),
      /** The absolute end. */
      expiresAt: when().notNull(),
      /** When a password or second factor was last given. */
      provenAt: when().notNull(),
      address: str(64).notNull(),
      userAgent: str(255).notNull(),
      csrf: str(64).notNull(),
      /** `password`: the second factor is still owed. */
      stage: str(10).$type<'password' | 'whole'>().notNull(),
      how: str(20).$type<'password' | 'oidc'>().notNull(),
    },
    (t) => [uniqueIndex('sessions_hash').on(t.hash), index('sessions_user').on(t.userId)],
  );
  /** Roles beside the four built-in ones, and who changed them. */
  const roles = table('roles', {
    name: str(63).primaryKey(),
    description: str(500).notNull(),
    permissions: json().notNull(),
    updatedAt: when().notNull(),
    updatedBy: str(255).notNull(),
    version: int().notNull(),
  });
  const roleBindings = table(
    'role_bindings',
    {
      id: str(36).primaryKey(),
      userId: str(36).notNull(),
      role: str(63).notNull(),
      /** `*` is all of them. */
      cluster: str(253).notNull(),
      namespace: str(63).notNull(),
      /** `provider`: follows the person's groups at the identity provider. */
      source: str(10).$type<'manual' | 'provider'>().notNull(),
      createdAt: when().notNull(),
      createdBy: str(255).notNull(),
    },
    (t) => [index('role_bindings_user').on(t.userId), index('role_bindings_role').on(t.role)],
  );
  const invitations = table(
    'invitations',
    {
      id: str(36).primaryKey(),
      hash: str(64).notNull(),
      email: str(254),
      bindings: json().notNull(),
      createdAt: when().notNull(),
      createdBy: str(255).notNull(),
      expiresAt: when().notNull(),
      usedAt: when(),
    },
    (t) => [uniqueIndex('invitations_hash').on(t.hash)],
  );
  /** Failed sign-ins of an account from an address, or of an address; what slows guessing down. */
  const signInFailures = table('sign_in_failures', {
    key: str(300).primaryKey(),
    failures: int().notNull(),
    lastAt: when().notNull(),
    blockedUntil: when().notNull(),
  });
  /** What people set for themselves: columns, saved views, language. */
  const preferences = table(
    'preferences',
    { userId: str(36).notNull(), name: str(100).notNull(), value: json().notNull(), updatedAt: when().notNull() },
    (t) => [primaryKey({ columns: [t.userId, t.name] })],
  );
  return { users, sessions, roles, roleBindings, invitations, signInFailures, preferences };
}

function accessTables({ table, str, json, when, index, uniqueIndex }: ColumnKit) {
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
      /** The person it stands for; null for the first admin's. */
      userId: str(36),
      /** What it may, at most what its person may: permissions, clusters, namespaces; null for all of that. */
      scope: json(),
    },
    (t) => [uniqueIndex('api_tokens_hash').on(t.hash), index('api_tokens_user').on(t.userId)],
  );
  const settings = table('settings', { name: str(100).primaryKey(), value: json().notNull() });
  return { apiTokens, settings };
}

/** What people asked for that takes time. */
function operationTables({ table, str, text, json, int, when, index, primaryKey }: ColumnKit) {
  const operations = table(
    'operations',
    {
      id: str(36).primaryKey(),
      /** `instance.start`, ...; of many targets at once `bulk`. */
      action: str(60).notNull(),
      actor: str(255).notNull(),
      userId: str(36),
      cluster: str(253).notNull(),
      /** Resource type, id and name in the cloud; '' for a bulk. */
      type: str(40).notNull(),
      target: str(255).notNull(),
      targetName: str(255).notNull(),
      /** '' when nobody declared the target. */
      namespace: str(63).notNull(),
      state: str(10).$type<'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'>().notNull(),
      /** 0 to 100. */
      percent: int().notNull(),
      steps: json().notNull(),
      input: json().notNull(),
      /** What the runner has to know after a restart. */
      progress: json(),
      result: json(),
      /** A problem (RFC 9457) when it failed. */
      problem: json(),
      requestIds: json().notNull(),
      /** Of one target of a bulk. */
      parent: str(36),
      /** Of a second try: the operation it repeats. */
      retryOf: str(36),
      attempts: int().notNull(),
      cancelRequestedAt: when(),
      createdAt: when().notNull(),
      startedAt: when(),
      endedAt: when(),
      /** A runner that died is noticed by it. */
      heartbeatAt: when(),
      runner: str(64),
      address: str(64),
      session: str(36),
      requestId: str(64),
      /** Counts changes: ETag, and what the watch tells. */
      version: int().notNull(),
    },
    (t) => [
      index('operations_created').on(t.createdAt, t.id),
      index('operations_state').on(t.state, t.createdAt),
      index('operations_actor').on(t.actor, t.createdAt),
      index('operations_target').on(t.cluster, t.type, t.target, t.createdAt),
      index('operations_parent').on(t.parent, t.state),
    ],
  );
  /** What a request with an Idempotency-Key was answered, so that its repetition does nothing. */
  const idempotencyKeys = table(
    'idempotency_keys',
    {
      actor: str(255).notNull(),
      key: str(255).notNull(),
      /** SHA-256 of method, path and body: the same key for another request is refused. */
      request: str(64).notNull(),
      status: int(),
      answer: text(),
      createdAt: when().notNull(),
    },
    (t) => [primaryKey({ columns: [t.actor, t.key] }), index('idempotency_keys_created').on(t.createdAt)],
  );
  return { operations, idempotencyKeys };
}

function platformTables({ table, str, json, seq, when, index, primaryKey }: ColumnKit) {
  /** How each cloud answered, over time. */
  const clusterHealth = table(
    'cluster_health',
    { seq: seq(), cluster: str(253).notNull(), at: when().notNull(), body: json().notNull() },
    (t) => [index('cluster_health_cluster').on(t.cluster, t.at), index('cluster_health_at').on(t.at)],
  );
  /** What was brought from an older system, so that bringing it again adds nothing. */
  const imports = table(
    'imports',
    { source: str(100).notNull(), kind: str(40).notNull(), id: str(64).notNull(), target: str(300).notNull(), at: when().notNull() },
    (t) => [primaryKey({ columns: [t.source, t.kind, t.id] })],
  );
  return { clusterHealth, imports };
}
