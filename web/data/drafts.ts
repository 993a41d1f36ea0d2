import { session } from './session.ts';

/**
 * What somebody is in the middle of, kept in this tab so that a reload loses nothing; nobody who signs in here after them is shown it. It may
 * hold secrets, such as user data, and goes to no server before they apply it.
 */
export function draft<T>(name: string): T | undefined {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? 'null');
    return (found ?? undefined) as T | undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(value));
  } catch {
    // The browser keeps no more; the page goes on without.
  }
}

export function forgetDraft(name: string): void {
  sessionStorage.removeItem(keyOf(name));
}

session.subscribe((found) => {
  if (found !== null) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith('draft:')) sessionStorage.removeItem(key);
});

function keyOf(name: string): string {
  return `draft:${session.value?.username ?? ''}:${name}`;
}
