import { and, eq } from 'drizzle-orm';
import type { Json } from '#controller/engine/json.ts';
import type { Store } from '#migrations/store.ts';
import { Refusal } from './refusal.ts';

/** What people set for themselves: columns, saved views, language. Values are theirs; nothing here reads them. */
export interface Preferences {
  all(userId: string): Promise<Readonly<Record<string, Json>>>;
  set(userId: string, name: string, value: Json): Promise<void>;
  /** False when there was none. */
  remove(userId: string, name: string): Promise<boolean>;
}

const mostNames = 200;
const mostBytes = 64 * 1024;

export function createPreferences(store: Store, now: () => number): Preferences {
  const { db } = store;
  const { preferences } = store.tables;
  const all = async (userId: string) => {
    const rows = await db.select().from(preferences).where(eq(preferences.userId, userId));
    return Object.fromEntries(rows.map(({ name, value }) => [name, value as Json]));
  };
  return {
    all,
    async set(userId, name, value) {
      const field = 'value';
      if (JSON.stringify(value).length > mostBytes)
        throw new Refusal(400, 'BadRequest', `${field}: Allowed: a JSON value of at most ${mostBytes} characters.`, { field });
      const names = Object.keys(await all(userId));
      if (!names.includes(name) && names.length >= mostNames)
        throw new Refusal(409, 'TooManyPreferences', `You have ${mostNames} preferences; remove some first.`);
      await store.tx((tx) =>
        tx.upsert(preferences, { userId, name, value, updatedAt: now() }, { key: ['userId', 'name'], update: ['value', 'updatedAt'] }),
      );
    },
    async remove(userId, name) {
      return (await store.changed(db.delete(preferences).where(and(eq(preferences.userId, userId), eq(preferences.name, name))))) > 0;
    },
  };
}
