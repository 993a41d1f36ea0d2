import type { Audit } from '#controller/audit/audit.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { Target } from './ports.ts';

/** Types of entries that the audit gets of terminals. */
export type TerminalDeed =
  | 'TerminalOpened'
  | 'TerminalEnded'
  | 'TerminalRefused'
  | 'TerminalWatched'
  | 'TerminalLeft'
  | 'FileUploaded'
  | 'FileDownloaded'
  | 'FileChanged';

/** Records what was done in or with a terminal. `message` MUST hold no secret. */
export async function recordDeed(
  audit: Audit,
  {
    type,
    actor,
    target,
    message,
    result = 'ok',
    source,
  }: {
    readonly type: TerminalDeed;
    readonly actor: string;
    readonly target: Pick<Target, 'cluster' | 'serverId'>;
    readonly message: string;
    readonly result?: AuditEntry['result'];
    readonly source: NonNullable<AuditEntry['source']>;
  },
): Promise<void> {
  const { cluster, serverId } = target;
  await audit.record({ type, actor, cluster, cloudId: serverId, changes: [], result, message, requestIds: [], source });
}
