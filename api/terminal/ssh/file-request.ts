/** What routes of files take. */
const path = {
  type: 'string',
  minLength: 1,
  maxLength: 4096,
  pattern: '^(~|/[^\\u0000-\\u001f\\u007f]*)$',
  description: 'a whole path on the far side, such as /etc/hosts; ~ alone is home.',
} as const;
const bytes = (description: string) => ({ type: 'integer', minimum: 0, maximum: 2 ** 40, description }) as const;
const total = bytes('how large the whole file is, in bytes; 1 TiB at most.');
const object = (properties: Record<string, object>, required: readonly string[] = Object.keys(properties)) =>
  ({ type: 'object', additionalProperties: false, required, properties, description: 'a JSON object.' }) as const;

export const pathQuery = object({ path });
export const statQuery = object({ path, total }, ['path']);
export const pieceQuery = object({ path, offset: bytes('where the piece begins in the file, in bytes.'), total });
export const directoryBody = object({ path });
export const renameBody = object({ from: path, to: path });

export interface PieceQuery {
  readonly path: string;
  readonly offset: number;
  readonly total: number;
}

/** Of one PUT: streamed, never held. */
export const pieceBytes = 16 * 1024 * 1024;
