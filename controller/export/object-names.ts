import { createHash } from 'node:crypto';

const LABEL_LENGTH = 63;
const SHORT_ID = 8;

interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * A name for the object of each resource of one kind: a DNS label made from the resource's own name, with part of its id behind it where
 * that alone would be empty, shared with another, or taken. Depends on nothing but the resources and `taken`, so it is the same every time.
 */
export function objectNames(kind: string, resources: readonly Named[], taken: ReadonlySet<string>): ReadonlyMap<string, string> {
  const bases = new Map(resources.map(({ id, name }) => [id, labelOf(name)]));
  const count = new Map<string, number>();
  for (const base of bases.values()) count.set(base, (count.get(base) ?? 0) + 1);

  const isPlain = (base: string) => base !== '' && count.get(base) === 1 && !taken.has(base);
  const plain = [...bases].filter(([, base]) => isPlain(base));
  const used = new Set([...taken, ...plain.map(([, base]) => base)]);
  const names = new Map(plain);
  for (const [id, base] of [...bases].filter(([, base]) => !isPlain(base)).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const name = firstUnused(base === '' ? kind.toLowerCase() : base, id, used);
    used.add(name);
    names.set(id, name);
  }
  return names;
}

/** Letters with marks lose them; what is no letter or digit of ASCII becomes a hyphen. */
function labelOf(name: string): string {
  const ascii = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return trimmed(ascii.replace(/[^a-z0-9]+/g, '-'), LABEL_LENGTH);
}

function trimmed(text: string, length: number): string {
  return text.replace(/^-+/, '').slice(0, length).replace(/-+$/, '');
}

function firstUnused(base: string, id: string, used: ReadonlySet<string>): string {
  // A key pair's id is its name, which tells it from another no better than the label does.
  const digits = /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? id.replaceAll('-', '') : createHash('sha256').update(id).digest('hex');
  for (let length = SHORT_ID; ; length += 4) {
    const suffix = digits.slice(0, length);
    const name = `${trimmed(base, LABEL_LENGTH - suffix.length - 1)}-${suffix}`;
    if (!used.has(name) || length >= digits.length) return name;
  }
}
