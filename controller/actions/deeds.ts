import type { Resources, ResourceType } from '#controller/inventory/inventory.ts';
import { isNotFound } from '#controller/openstack/errors.ts';
import { ActionFailed, type ActionResult, type Run } from './action.ts';

/** What the deeds below need of a run, whatever it is a run on. */
export type AnyRun = Pick<Run<ResourceType>, 'cloud' | 'inventory' | 'send' | 'until' | 'step' | 'cancelled'>;

/**
 * Sends a change of something that is there, and has the inventory look again. Without `isDone` it may be sent twice when a restart comes
 * in between: that MUST do no harm.
 */
export async function change(
  run: AnyRun,
  name: string,
  row: { readonly type: ResourceType; readonly id: string },
  write: () => Promise<unknown>,
  isDone: () => Promise<boolean> = async () => false,
): Promise<void> {
  const found = async () => ((await isDone()) ? true : undefined);
  await run.send(name, async () => (await write(), true), found);
  run.inventory.wrote(row.type, row.id);
  await run.inventory.reread(row.type, row.id);
}

interface Creation<T extends ResourceType> {
  readonly type: T;
  /** Resources among which the new one will be, as narrowly as the cloud can list them. */
  list(): AsyncIterable<readonly { readonly id?: string; readonly name?: string | null }[]>;
  create(): Promise<Resources[T]>;
  get(id: string): Promise<Resources[T]>;
}

/**
 * Makes something once. The cloud gives no name to a request, so what is there already is noted first: after a restart, what was not
 * there before is what was made.
 */
export async function make<T extends ResourceType>(run: AnyRun, creation: Creation<T>): Promise<Resources[T]> {
  const { type } = creation;
  const look = async () => {
    const ids: string[] = [];
    for await (const page of creation.list()) ids.push(...page.map((row) => idOf(row)));
    return ids;
  };
  const before = (await run.send('Look for its like', look, look)) ?? [];
  run.cancelled.throwIfAborted();
  const found = async () => {
    const fresh = (await look()).filter((id) => !before.includes(id));
    if (fresh.length < 2) return fresh[0];
    const message = `A restart came in between, and ${fresh.length} like it were made meanwhile (${fresh.join(', ')}); delete those too many.`;
    throw new ActionFailed('NotSure', message);
  };
  let made: Resources[T] | undefined;
  let askedAt = Date.now();
  const create = async () => {
    made = await creation.create();
    return idOf(made);
  };
  const id = await run.send('Create', create, found);
  if (id === null) throw new ActionFailed('NotSure', 'A restart came in between; look whether it was made, and ask again if not.');
  if (made === undefined) {
    askedAt = Date.now();
    made = await creation.get(id);
  }
  run.inventory.record(type, made, askedAt, { ownWrite: true });
  return made;
}

/** A key pair goes by its name. */
export function idOf(row: { readonly id?: string | number; readonly name?: string | null }): string {
  return typeof row.id === 'string' ? row.id : (row.name ?? '');
}

/** Asks for deletion of what may be gone already, and waits until it is. `failed` says why a row that is still there will stay. */
export async function removeAndWait<T extends ResourceType>(
  run: AnyRun,
  row: { readonly type: T; readonly id: string },
  remove: () => Promise<void>,
  failed: (seen: Resources[T]) => string | undefined = () => undefined,
): Promise<undefined> {
  await run.send(
    'Delete',
    async () => (await orGone(remove()), true),
    async () => undefined,
  );
  run.inventory.wrote(row.type, row.id);
  await run.until('the deletion', async () => {
    const seen = await run.inventory.reread(row.type, row.id);
    if (seen === undefined) return true;
    const why = failed(seen);
    if (why !== undefined) throw new ActionFailed('NotDeleted', why);
    return undefined;
  });
  return undefined;
}

/** Undefined for what is not there. */
export async function orGone<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The result of an action that made one thing. */
export function madeOne(type: ResourceType, row: { readonly id?: string | number; readonly name?: string | null }): ActionResult {
  return { resources: [{ type, id: idOf(row), name: row.name ?? '' }] };
}
