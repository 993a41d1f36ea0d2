import type { Clock } from '#controller/engine/ports.ts';
import { bulkAction, type Operation } from '#controller/operations/operation.ts';
import type { Operations } from '#controller/operations/operations.ts';
import { presentOperation } from '../routes/operation-answers.ts';
import type { Hub } from './hub.ts';

/** A bulk of thousands changes more often than anybody can look. */
const gatherMs = 250;
const most = 200;

export interface OperationFeed {
  readonly operations: Pick<Operations, 'get' | 'countsOf'>;
  readonly clock: Clock;
  readonly log: (level: 'warn', message: string, fields: Record<string, unknown>) => void;
}

/**
 * Tells the hub of operations, each as the API gives it out; of the items of a bulk only the bulk, with how many are in each state. Returns
 * what is to be called with the id of each that changed: changes of a quarter of a second are read together, at most 200 at a time.
 */
export function publishOperations(hub: Hub, { operations, clock, log }: OperationFeed): (id: string) => void {
  const changed = new Set<string>();
  let isGathering = false;

  /** The operation to tell of when this one changed. */
  async function shownFor(id: string): Promise<Operation | undefined> {
    const found = await operations.get(id);
    return found?.parent === undefined ? found : operations.get(found.parent);
  }

  async function publish(operation: Operation): Promise<void> {
    const counts = operation.action === bulkAction ? await operations.countsOf(operation.id) : undefined;
    const { id: key, actor: user } = operation;
    const body = () => presentOperation(operation, clock.now(), counts);
    hub.publish({ resource: 'operation', permission: 'operation.read', place: placeOf(operation), key, user, body });
  }

  async function publishGathered(): Promise<void> {
    const ids = [...changed].slice(0, most);
    for (const id of ids) changed.delete(id);
    try {
      const shown = await Promise.all(ids.map(shownFor));
      const once = new Map(shown.flatMap((operation) => (operation ? [[operation.id, operation]] : [])));
      for (const operation of once.values()) await publish(operation);
    } catch (error) {
      // What is read next time shows the same; until then the list has it.
      log('warn', 'operations could not be told of', { error });
    }
    isGathering = false;
    if (changed.size > 0) gather();
  }

  function gather(): void {
    if (isGathering) return;
    isGathering = true;
    clock.after(gatherMs, () => void publishGathered());
  }

  return (id) => {
    changed.add(id);
    gather();
  };
}

/** A bulk is at no single place. */
function placeOf({ cluster, namespace }: Operation): { cluster: string; namespace: string } {
  return { cluster: cluster || '*', namespace: namespace || '*' };
}
