import { session } from '../../data/session.ts';
import { type IconName, icons } from '../../elements/icons.ts';
import type { Item } from './item.ts';

/** What the person went to last, in this browser; kept by who it was. */
interface Kept {
  readonly href: string;
  readonly text: string;
  readonly about?: string;
  readonly icon: IconName;
}

const most = 8;
const key = () => `recent of ${session.value?.username ?? ''}`;

export function recentItems(): readonly Item[] {
  return read().map((one) => ({ ...one, key: `recent ${one.href}`, group: 'recent' }));
}

/** Puts a place on top of the recent ones. */
export function remember({ href, text, about, icon }: Pick<Item, 'text' | 'about' | 'icon'> & { readonly href: string }): void {
  const kept: Kept = { href, text, icon, ...(about !== undefined && { about }) };
  localStorage.setItem(key(), JSON.stringify([kept, ...read().filter((one) => one.href !== href)].slice(0, most)));
}

/** What somebody else, or another version, wrote there is left out. */
function read(): readonly Kept[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key()) ?? '[]');
    return Array.isArray(found) ? found.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(one: unknown): one is Kept {
  const { href, text, icon } = (one ?? {}) as Partial<Record<keyof Kept, unknown>>;
  return typeof href === 'string' && href.startsWith('/') && typeof text === 'string' && typeof icon === 'string' && icon in icons;
}
