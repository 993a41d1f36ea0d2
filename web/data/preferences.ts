import { ask } from './http.ts';
import { session } from './session.ts';
import { Stored } from './stored.ts';

/** What the person set for themselves, on the server: columns, saved views, theme. Empty until it is loaded. */
const kept = new Stored<Readonly<Record<string, unknown>>>({});

/** Tells of changes of any preference. */
export const preferences: Pick<Stored<unknown>, 'subscribe'> = kept;

/** Throws Problem. A token that belongs to no account has none. */
export async function loadPreferences(): Promise<void> {
  kept.set(session.value?.id === undefined ? {} : await ask<Record<string, unknown>>('/api/v1/me/preferences'));
}

export function preference<T>(name: string): T | undefined {
  return kept.value[name] as T | undefined;
}

/** Holds at once in this page; undefined forgets it. Throws Problem when the server did not keep it. */
export async function setPreference(name: string, value: unknown): Promise<void> {
  const { [name]: _before, ...others } = kept.value;
  kept.set(value === undefined ? others : { ...others, [name]: value });
  if (session.value?.id === undefined) return;
  const path = `/api/v1/me/preferences/${encodeURIComponent(name)}`;
  if (value === undefined) await ask(path, { method: 'DELETE' });
  else await ask(path, { method: 'PUT', body: { value } });
}
