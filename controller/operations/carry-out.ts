import { type ActionResult, Cancelled, type Run } from '#controller/actions/action.ts';
import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { NoConnection } from '#controller/engine/ports.ts';
import type { CloudInventory, ResourceType } from '#controller/inventory/inventory.ts';
import type { TracedCloud } from '#controller/openstack/cloud.ts';
import { followDeclared, waitUntilSeen } from './declared.ts';
import { differencesOf } from './differences.ts';
import { endedEntry, recordEnd } from './entries.ts';
import type { OperationProblem } from './operation.ts';
import { problem, problemOf } from './problem.ts';
import type { StoredOperation } from './rows.ts';
import { createRun, Surrendered } from './run.ts';
import type { RunnerDeps } from './runner.ts';

type Carrying = RunnerDeps & { readonly deadMs: number };

/** Carries one operation out to its end, or throws Surrendered: somebody else goes on with it. */
export async function carryOut(deps: Carrying, operation: StoredOperation, signal: AbortSignal): Promise<void> {
  const { rows, audit, events, clock } = deps;
  const found = deps.clouds.look(operation.cluster);
  const cloud = 'reason' in found ? undefined : found.client.traced(operation.id);
  const requestIds = () => [...new Set([...operation.requestIds, ...(cloud?.requestIds() ?? [])])];
  let result: ActionResult | undefined;
  let failure: OperationProblem | undefined;
  let isCancelled = false;
  try {
    if ('reason' in found || !cloud) throw new NotConnected(found as NoConnection);
    result = await runAction(deps, operation, { cloud, inventory: found.inventory, signal });
  } catch (error) {
    if (error instanceof Surrendered || signal.reason instanceof Surrendered) throw error;
    isCancelled = error instanceof Cancelled;
    if (!isCancelled) failure = failureOf(error, requestIds());
    if (failure?.status === 500)
      deps.log('error', 'an operation failed', { id: operation.id, action: operation.action, error: String(error) });
  }
  const changes = 'reason' in found ? [] : await changesOf(operation, found.inventory, result);
  const ending = isCancelled ? problem(409, 'Cancelled', 'It was cancelled; what was done by then stays.', requestIds()) : failure;
  await recordEnd(audit, operation, endedEntry(operation, { ...(ending && { problem: ending }), changes, requestIds: requestIds() }));
  const { secret, ...shown } = result ?? {};
  const isOurs = await rows.save(operation.id, deps.id, {
    state: isCancelled ? 'cancelled' : failure ? 'failed' : 'succeeded',
    ...(!failure && !isCancelled && { percent: 100 }),
    ...(result && { result: shown }),
    ...(failure && { problem: failure }),
    requestIds: requestIds(),
    endedAt: clock.now(),
  });
  events.inputs.delete(operation.id);
  if (!isOurs) throw new Surrendered();
  if (secret && events.results.has(operation.id)) events.results.set(operation.id, secret);
  events.ended(operation.id);
  if (operation.parent !== undefined && (await rows.endParent(operation.parent, clock.now()))) await recordBulkEnd(deps, operation.parent);
}

async function runAction(
  deps: Carrying,
  operation: StoredOperation,
  { cloud, inventory, signal }: { cloud: TracedCloud; inventory: CloudInventory; signal: AbortSignal },
): Promise<ActionResult | undefined> {
  const run = createRun({
    operation,
    cloud,
    inventory,
    signal,
    clock: deps.clock,
    deadMs: deps.deadMs,
    save: (change) => deps.rows.save(operation.id, deps.id, change),
  });
  const { declared, secrets = [] } = operation.progress;
  if (declared?.until !== undefined) {
    await followDeclared(run, declared, deps.objects);
    return undefined;
  }
  if (declared?.after !== undefined) await waitUntilSeen(run, { ...declared, after: declared.after }, deps.objects);
  const action = deps.actions.get(operation.action);
  if (!action) throw new Unknown(operation.action);
  const held = deps.events.inputs.get(operation.id);
  if (secrets.length > 0 && !held) throw new SecretLost(secrets);
  return await action.run(run as Run<never>, { ...(operation.input as object), ...held } as never);
}

/** What is there now against what was there when it was asked for; nothing is known of what could not be read. */
async function changesOf(
  operation: StoredOperation,
  inventory: CloudInventory,
  result: ActionResult | undefined,
): Promise<readonly Change[]> {
  const made = operation.target === '' ? result?.resources?.find(({ type }) => type === operation.type)?.id : operation.target;
  if (made === undefined || made === '') return [];
  try {
    const after = (await inventory.reread(operation.type as ResourceType, made)) as unknown as Json | undefined;
    return differencesOf(operation.progress.before ?? null, after ?? null);
  } catch {
    return operation.progress.changes ?? [];
  }
}

async function recordBulkEnd({ rows, audit, events }: Carrying, id: string): Promise<void> {
  const parent = await rows.get(id);
  if (!parent) return;
  const counts = Object.entries((parent.result ?? {}) as Record<string, number>).map(([state, count]) => `${count} ${state}`);
  const isFailed = parent.state === 'failed';
  const told = endedEntry(parent, {
    changes: [],
    requestIds: [],
    ...(isFailed && { problem: problem(409, 'SomeFailed', `${counts.join(', ')}.`) }),
  });
  await audit.record(isFailed ? told : { ...told, message: `bulk: ${counts.join(', ')}.` });
  events.ended(id);
}

class NotConnected extends Error {
  readonly why: NoConnection;
  constructor(why: NoConnection) {
    super(why.message);
    this.why = why;
  }
}

class Unknown extends Error {}

class SecretLost extends Error {
  readonly fields: readonly string[];
  constructor(fields: readonly string[]) {
    super();
    this.fields = fields;
  }
}

function failureOf(error: unknown, requestIds: readonly string[]): OperationProblem {
  if (error instanceof NotConnected) return problem(409, error.why.reason, error.why.message, requestIds);
  if (error instanceof Unknown) return problem(409, 'UnknownAction', `This version knows no action ${error.message}.`, requestIds);
  if (error instanceof SecretLost) {
    const detail = `${error.fields.join(', ')} was only held in memory, and the server was started anew before it was used; ask for it again.`;
    return problem(409, 'SecretLost', detail, requestIds);
  }
  return problemOf(error, requestIds);
}
