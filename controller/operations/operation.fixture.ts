import type { StoredOperation } from './rows.ts';

/** A queued operation on a declared server; for tests. */
export function storedOperation(id: string, more: Partial<StoredOperation> = {}): StoredOperation {
  return {
    id,
    action: 'instance.start',
    actor: 'anna',
    cluster: 'main',
    type: 'server',
    target: 's',
    targetName: 'web',
    namespace: 'shop',
    state: 'queued',
    percent: 0,
    steps: [],
    input: {},
    requestIds: [],
    attempts: 0,
    createdAt: 1,
    version: 1,
    progress: {},
    origin: {},
    ...more,
  };
}
