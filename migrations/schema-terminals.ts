import type { ColumnKit } from './columns.ts';

/** Terminals to instances: who was where, what was shown there, and how one gets there. */
export function terminalTables({ table, str, text, json, int, when, index, uniqueIndex, primaryKey }: ColumnKit) {
  const terminals = table(
    'terminals',
    {
      id: str(36).primaryKey(),
      purpose: str(10).$type<'ssh' | 'serial' | 'vnc'>().notNull(),
      user: str(255).notNull(),
      userId: str(36),
      session: str(36),
      /** Whence it was asked for. */
      address: str(64).notNull(),
      cluster: str(253).notNull(),
      /** '' when nobody declared the instance. */
      namespace: str(63).notNull(),
      serverId: str(255).notNull(),
      serverName: str(255).notNull(),
      /** `debian@10.0.0.5:22`; '' until it is known. */
      remote: str(400).notNull(),
      state: str(10).$type<'connecting' | 'open' | 'ended'>().notNull(),
      createdAt: when().notNull(),
      openedAt: when(),
      endedAt: when(),
      /** EndReason, and what was told of it. */
      endReason: str(20),
      endDetail: text(),
      /** The process it lives in: url and ca (PEM). */
      home: json().notNull(),
      /** That process was alive then. */
      seenAt: when().notNull(),
      /** `none`: is not recorded. `failed`: what there is may be cut off. `interrupted`: its process ended first; what there is was sealed later. */
      recording: str(12).$type<'none' | 'running' | 'sealed' | 'interrupted' | 'failed' | 'removed'>().notNull(),
      /** The key of the recording, sealed. */
      recordingKey: json(),
      /** Of what is stored: number of chunks, bytes shown, milliseconds. */
      chunks: int().notNull(),
      bytes: int().notNull(),
      durationMs: int().notNull(),
      /** Hash of the newest chunk, hex; each names the one before. */
      head: str(64),
      /** Once it ended: what a recording holds, with its index, sealed under its key. */
      manifest: json(),
    },
    (t) => [
      index('terminals_created').on(t.createdAt, t.id),
      index('terminals_state').on(t.state, t.createdAt),
      index('terminals_user').on(t.user, t.createdAt),
      index('terminals_server').on(t.cluster, t.serverId, t.createdAt),
      index('terminals_recording').on(t.recording, t.createdAt),
    ],
  );
  /** Pieces of recordings: encrypted, each with the hash of the one before. */
  const terminalChunks = table(
    'terminal_chunks',
    {
      terminal: str(36).notNull(),
      seq: int().notNull(),
      fromMs: int().notNull(),
      untilMs: int().notNull(),
      bytes: int().notNull(),
      hash: str(64).notNull(),
      data: text().notNull(),
    },
    (t) => [primaryKey({ columns: [t.terminal, t.seq] })],
  );
  /** How one signs in to the instances of a cluster, or to one. */
  const terminalProfiles = table(
    'terminal_profiles',
    {
      id: str(36).primaryKey(),
      name: str(100).notNull(),
      cluster: str(253).notNull(),
      /** '' for all of the cluster. */
      serverId: str(255).notNull(),
      user: str(64).notNull(),
      port: int().notNull(),
      /** `floating`, `fixed`, `any`, or an address. */
      via: str(64).notNull(),
      /** Of `terminal_keys`; null: whoever connects is asked. */
      keyId: str(36),
      createdBy: str(255).notNull(),
      updatedAt: when().notNull(),
    },
    (t) => [uniqueIndex('terminal_profiles_name').on(t.cluster, t.serverId, t.name), index('terminal_profiles_key').on(t.keyId)],
  );
  const terminalKeys = table(
    'terminal_keys',
    {
      id: str(36).primaryKey(),
      name: str(100).notNull(),
      /** `*` for all. */
      cluster: str(253).notNull(),
      algorithm: str(40).notNull(),
      fingerprint: str(80).notNull(),
      publicKey: text().notNull(),
      /** The private key, sealed. */
      secret: json().notNull(),
      createdBy: str(255).notNull(),
      createdAt: when().notNull(),
      lastUsedAt: when(),
    },
    (t) => [uniqueIndex('terminal_keys_name').on(t.cluster, t.name)],
  );
  /** Keys by which hosts are known, by cloud and server id. */
  const hostKeys = table(
    'host_keys',
    {
      cluster: str(253).notNull(),
      serverId: str(255).notNull(),
      port: int().notNull(),
      algorithm: str(40).notNull(),
      fingerprint: str(80).notNull(),
      /** Base64; '' where the console log told the fingerprint alone. */
      publicKey: text().notNull(),
      learntFrom: str(12).$type<'console-log' | 'accepted'>().notNull(),
      by: str(255).notNull(),
      at: when().notNull(),
      lastSeenAt: when(),
    },
    (t) => [primaryKey({ columns: [t.cluster, t.serverId, t.port, t.fingerprint] })],
  );
  return { terminals, terminalChunks, terminalProfiles, terminalKeys, hostKeys };
}
