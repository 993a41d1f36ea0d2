/** Names an object as people do: by what it is and what it is called. */
export interface Place {
  readonly kind: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

/** Part of a list. */
export interface Page {
  /** 1 to 500. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** A cursor that this room did not give. */
export class BadCursor extends Error {
  constructor() {
    super('The cursor is not one this server gave for this list. Leave it out to start at the beginning.');
  }
}

/** Where a page ended, as text nobody needs to read. */
export function writeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** What `writeCursor` was given; undefined without a cursor. Throws BadCursor. */
export function readCursor(cursor: string | undefined, length: number): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const parts = parse(Buffer.from(cursor, 'base64url').toString());
  if (!Array.isArray(parts) || parts.length !== length || !parts.every((part) => typeof part === 'string')) throw new BadCursor();
  return parts;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
