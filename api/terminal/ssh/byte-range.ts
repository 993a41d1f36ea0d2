export interface ByteRange {
  readonly start: number;
  /** The byte behind the last one. */
  readonly end: number;
}

/**
 * What a Range asks for (RFC 9110, 14.2). `whole`: there is none, or one that is not answered in part: other units, several ranges, not
 * well-formed. `unsatisfiable`: nothing of it is there.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d{0,16})-(\d{0,16})$/i.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** Changes whenever a file does, as far as its host tells: to the second. */
export function tagOf({ sizeBytes, modifiedAt }: { readonly sizeBytes: number; readonly modifiedAt: number }): string {
  return `"${sizeBytes.toString(36)}-${modifiedAt.toString(36)}"`;
}

/** Whether a part may be sent to somebody who has another part (RFC 9110, 13.1.5): only of the very same file. Dates are not gone by. */
export function isStill(ifRange: string | readonly string[] | undefined, tag: string): boolean {
  return ifRange === undefined || ifRange === tag;
}

/** Content-Disposition of a download (RFC 6266, 8187): any name, and one in ASCII for what knows no better. */
export function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%/]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
