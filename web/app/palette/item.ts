import type { IconName } from '../../elements/icons.ts';

export const groups = ['request', 'actions', 'recent', 'resources', 'clusters', 'pages', 'commands'] as const;
export type Group = (typeof groups)[number];

/** Something the palette offers. */
export interface Item {
  readonly key: string;
  readonly group: Group;
  readonly icon: IconName;
  readonly text: string;
  /** Beside the text, quieter: which cloud, which address. */
  readonly about?: string;
  /** More words that find it. */
  readonly words?: string;
  /** Keys that do the same. */
  readonly keys?: string;
  /** Where it leads, which makes it one of the recent ones; else it does something. */
  readonly href?: string;
  readonly run?: () => void;
}

/** Pure: those that fit a text, best first. All its words have to occur; what begins with it comes before what holds it. */
export function fitting(items: readonly Item[], text: string): readonly Item[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return items;
  return items
    .map((item) => ({ item, rank: rankOf(item, words) }))
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (a.rank as number) - (b.rank as number))
    .map(({ item }) => item);
}

function rankOf({ text, about = '', words: more = '' }: Item, words: readonly string[]): number | undefined {
  const name = text.toLowerCase();
  const whole = `${name} ${about} ${more}`.toLowerCase();
  if (!words.every((word) => whole.includes(word))) return undefined;
  const [first = ''] = words;
  if (name.startsWith(first)) return 0;
  return new RegExp(`[\\s/:-]${first.replaceAll(/[^\p{L}\p{N}]/gu, '.')}`, 'u').test(name) ? 1 : 2;
}

/** Pure: by group, in the order of the palette, no more than so many of each, nothing twice. */
export function arranged(items: readonly Item[], most: Readonly<Partial<Record<Group, number>>>): readonly Item[] {
  const seen = new Set<string>();
  return groups.flatMap((group) => {
    const own = items.filter((item) => item.group === group && !seen.has(item.href ?? item.key)).slice(0, most[group] ?? 8);
    for (const item of own) seen.add(item.href ?? item.key);
    return own;
  });
}

/** Pure: whether a text may be the id of a request, ours or a cloud's. */
export function isRequestId(text: string): boolean {
  return /^(?:req-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text.trim());
}
