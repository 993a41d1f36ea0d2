import type { Audit } from '#controller/audit/audit.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import { bulkAction, type OperationProblem } from './operation.ts';
import type { StoredOperation } from './rows.ts';

type Asked = Pick<StoredOperation, 'id' | 'action' | 'actor' | 'cluster' | 'target' | 'targetName' | 'progress' | 'origin'>;

/** What the audit says when somebody asked for an action. */
export function requestedEntry(operation: Asked, message: string): AuditEntry {
  return {
    ...shared(operation),
    type: 'ActionRequested',
    result: 'ok',
    changes: operation.progress.changes ?? [],
    requestIds: [],
    message,
  };
}

/** What the audit says at the end: what was there before and what is there after, and the cloud's request ids. */
export function endedEntry(
  operation: StoredOperation,
  end: { readonly problem?: OperationProblem; readonly changes: readonly Change[]; readonly requestIds: readonly string[] },
): AuditEntry {
  const { problem, changes, requestIds } = end;
  return {
    ...shared(operation),
    type: problem ? 'ActionFailed' : 'ActionDone',
    result: problem ? (problem.status === 403 ? 'denied' : 'failed') : 'ok',
    changes,
    requestIds,
    message: problem ? `${nameOf(operation)}: ${problem.title}: ${problem.detail}` : `${nameOf(operation)}: done.`,
  };
}

/** Records an end once, also when a restart came between it and the end of the operation. */
export async function recordEnd(audit: Audit, operation: StoredOperation, entry: AuditEntry): Promise<void> {
  if (operation.attempts > 1) {
    const { items } = await audit.list({ reconcileId: operation.id, type: entry.type }, { limit: 1 });
    if (items.length > 0) return;
  }
  await audit.record(entry);
}

/** `instance.start of web-1`. */
export function nameOf({ action, targetName, target }: Pick<StoredOperation, 'action' | 'targetName' | 'target'>): string {
  const what = targetName || target;
  return what === '' ? action : `${action} of ${what}`;
}

function shared({ id, action, actor, cluster, target, progress, origin }: Asked) {
  const { declared } = progress;
  return {
    actor,
    ...(cluster !== '' && { cluster }),
    ...(declared && { object: { kind: declared.kind, namespace: declared.namespace, name: declared.name, uid: declared.uid } }),
    ...(target !== '' && action !== bulkAction && { cloudId: target }),
    reconcileId: id,
    source: origin,
  } satisfies Partial<AuditEntry>;
}
