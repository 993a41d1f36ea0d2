import { mayOpenTerminal, session } from './session.ts';
import { Stored } from './stored.ts';
import { fetchTerminals, type TerminalRow } from './terminals.ts';

/** Terminals of the person that live, in whatever page or in none; undefined until they are known. */
export const ownTerminals = new Stored<readonly TerminalRow[] | undefined>(undefined);

const everyMs = 30_000;
let asked = 0;

/** They stay as they were when the server does not answer. */
export async function readOwnTerminals(): Promise<void> {
  const username = session.value?.username;
  if (username === undefined || !mayOpenTerminal()) return;
  asked += 1;
  const mine = asked;
  try {
    const { items } = await fetchTerminals({ state: 'live', user: username, limit: 100 });
    if (mine === asked && session.value?.username === username) ownTerminals.set(items.filter(({ isMine }) => isMine));
  } catch {
    // The next time comes.
  }
}

/** Keeps them until the function returned is called. */
export function watchOwnTerminals(): () => void {
  const timer = setInterval(() => !document.hidden && void readOwnTerminals(), everyMs);
  void readOwnTerminals();
  return () => {
    clearInterval(timer);
    ownTerminals.set(undefined);
  };
}
