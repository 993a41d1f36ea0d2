import { hasEnded, hasFailed, listOperations, type Operation } from './operations.ts';
import { preference, preferences, setPreference } from './preferences.ts';
import { session } from './session.ts';
import { Stored } from './stored.ts';
import { watch } from './watch.ts';

/** The person's own operations: those under way and the newest that ended. */
export const ownOperations = new Stored<readonly Operation[]>([]);

/** Told of each own operation that ended while this page was open. */
export const ended = new Stored<Operation | undefined>(undefined);

const kept = 40;
const seenUntil = 'operations.seen';

/** Puts an operation that was just asked for among the own ones at once; the stream tells the rest. */
export function followOperation(operation: Operation): void {
  take(operation);
}

/** Failures the person has not looked at yet. */
export function unreadFailures(operations: readonly Operation[] = ownOperations.value): readonly Operation[] {
  return unreadAmong(operations, preference<string>(seenUntil));
}

/** Pure: failures that ended behind a time. */
export function unreadAmong(operations: readonly Operation[], seen: string | undefined): readonly Operation[] {
  return operations.filter((one) => hasEnded(one) && hasFailed(one) && (seen === undefined || (one.endedAt ?? one.createdAt) > seen));
}

/** Everything that ended so far counts as looked at, in every browser of the person. */
export async function markRead(): Promise<void> {
  const newest = ownOperations.value.map(({ endedAt = '' }) => endedAt).reduce((a, b) => (a > b ? a : b), '');
  if (newest !== '' && unreadFailures().length > 0) await setPreference(seenUntil, newest);
}

/** Pure: failures that nobody looked at, what is under way, and the rest, each newest first. */
export function inTrayOrder(operations: readonly Operation[], seen: string | undefined): readonly Operation[] {
  const unread = new Set(unreadAmong(operations, seen));
  const place = (one: Operation) => (unread.has(one) ? 0 : hasEnded(one) ? 2 : 1);
  return operations.toSorted((a, b) => place(a) - place(b) || (a.createdAt < b.createdAt ? 1 : -1));
}

export const trayOrder = (): readonly Operation[] => inTrayOrder(ownOperations.value, preference<string>(seenUntil));

/** Follows the operations of whoever is signed in until the function returned is called. */
export function watchOwnOperations(): () => void {
  return watch({
    types: ['operation'],
    changed({ key, body }) {
      const operation = body as unknown as Operation | null;
      if (!operation) ownOperations.set(ownOperations.value.filter(({ id }) => id !== key));
      else if (operation.actor === session.value?.username && operation.parent === undefined) take(operation);
    },
    reset: () => void read(),
  });
}

async function read(): Promise<void> {
  const actor = session.value?.username;
  if (actor === undefined) return;
  try {
    const { items } = await listOperations({ actor }, { limit: kept });
    ownOperations.set(items.filter(({ parent }) => parent === undefined));
  } catch {
    // The tray keeps what it has; the chip of the stream says that there is no connection.
  }
}

function take(operation: Operation): void {
  const before = ownOperations.value.find(({ id }) => id === operation.id);
  const others = ownOperations.value.filter(({ id }) => id !== operation.id);
  ownOperations.set([operation, ...others].toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1)).slice(0, kept));
  if (before && !hasEnded(before) && hasEnded(operation)) ended.set(operation);
}

/** What the tray shows depends on these. */
export const trayState = [ownOperations, preferences] as const;
