/** An upload that was begun: what tells whether a file that is chosen again is the same. */
export interface Unfinished {
  readonly terminal: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

const key = 'uploads';
const most = 20;

/** Uploads of this browser that were begun and not finished, newest first; a reload forgets the files themselves. */
export function unfinishedUploads(): readonly Unfinished[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '[]') as unknown;
    return Array.isArray(kept) ? (kept as Unfinished[]).slice(0, most) : [];
  } catch {
    return [];
  }
}

export function isUnfinished(one: Unfinished): boolean {
  return unfinishedUploads().some((other) => isSame(one, other));
}

export function noteUnfinished(one: Unfinished): void {
  keep([one, ...unfinishedUploads().filter(({ terminal, path }) => terminal !== one.terminal || path !== one.path)]);
}

export function noteFinished({ terminal, path }: Pick<Unfinished, 'terminal' | 'path'>): void {
  keep(unfinishedUploads().filter((one) => one.terminal !== terminal || one.path !== path));
}

function isSame(one: Unfinished, other: Unfinished): boolean {
  return (['terminal', 'path', 'sizeBytes', 'modifiedAt'] as const).every((name) => one[name] === other[name]);
}

function keep(some: readonly Unfinished[]): void {
  localStorage.setItem(key, JSON.stringify(some.slice(0, most)));
}
