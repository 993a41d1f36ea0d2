import { navigate } from '../app/router.ts';
import { type ActionInput, type Begun, beginAction } from '../data/actions.ts';
import { cancelOperation, getOperation, hasEnded, type Operation } from '../data/operations.ts';
import { followOperation } from '../data/own-operations.ts';
import type { ResourceName } from '../data/resource.ts';
import { watch } from '../data/watch.ts';
import { actionName } from '../texts/action-names.ts';
import { actionTexts as t } from '../texts/actions.ts';
import { oppositeOf } from './action-groups.ts';
import { problemText } from './state.ts';
import { toast } from './toast.ts';

interface Deed {
  readonly of: ResourceName;
  readonly name: string;
  readonly action: string;
  readonly input: ActionInput;
  /** How what it changes was before. */
  readonly current?: ActionInput;
}

/** Tells of an operation while it runs and when it has ended, with what can be done about it: cancel, undo, look. */
export function followDeed(deed: Deed, begun: Begun): void {
  const { secret: _secret, ...operation } = begun;
  followOperation(operation);
  if (hasEnded(operation)) return tellEnd(deed, operation);
  tellOfStep(deed, operation);
  const stop = watch({
    types: ['operation'],
    changed: ({ key, body }) => key === operation.id && body && take(body as unknown as Operation),
    // What was missed while there was no stream.
    reset: () => void getOperation(operation.id).then(take, () => undefined),
  });
  let hasTold = false;
  function take(now: Operation): void {
    if (hasTold) return;
    if (!hasEnded(now)) return tellOfStep(deed, now);
    hasTold = true;
    stop();
    tellEnd(deed, now);
  }
}

function tellOfStep(deed: Deed, { id, steps, percent, cancelRequestedAt }: Operation): void {
  const text = t.begun(actionName(deed.action), deed.name, steps.at(-1)?.name, percent);
  const stopIt = { text: t.stopIt, run: () => void cancel(deed, id) };
  toast({ key: id, text, ...(cancelRequestedAt === undefined && { action: stopIt }), stayMs: 600_000 });
}

function tellEnd(deed: Deed, operation: Operation): void {
  const title = actionName(deed.action);
  const key = operation.id;
  const look = { text: t.details, run: () => navigate(`/operations/${operation.id}`) };
  if (operation.state === 'failed') {
    return void toast({ key, text: t.failed(title, deed.name, operation.problem?.detail ?? ''), tone: 'danger', action: look });
  }
  if (operation.state === 'cancelled') return void toast({ key, text: t.cancelled(title, deed.name), tone: 'warning', action: look });
  const back = oppositeOf(deed, deed.current);
  const undo = back && { text: t.undo, run: () => void doBack({ ...deed, ...back }) };
  return void toast({ key, text: t.done(title, deed.name), tone: 'success', ...(undo && { action: undo, stayMs: 12_000 }) });
}

async function doBack(deed: Deed): Promise<void> {
  const { of, action, input, name } = deed;
  try {
    followDeed(deed, await beginAction({ of, action, input }, { key: crypto.randomUUID() }));
  } catch (error) {
    toast({ text: t.failed(actionName(action), name, problemText(error)), tone: 'danger' });
  }
}

async function cancel({ action, name }: Deed, id: string): Promise<void> {
  try {
    followOperation(await cancelOperation(id));
  } catch (error) {
    toast({ text: t.failed(actionName(action), name, problemText(error)), tone: 'danger' });
  }
}
