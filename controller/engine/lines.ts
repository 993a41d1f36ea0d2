/** A watch event larger than this is no event; etcd takes 1.5 MiB at most. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Calls `on` for every complete, non-empty line of a stream; resolves at its end, rejects when it breaks off within a line. */
export async function readLines(stream: AsyncIterable<Uint8Array>, on: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  // Kept in parts: joining them for every chunk would make one long line quadratic.
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const [first = '', ...rest] = decoder.decode(chunk, { stream: true }).split('\n');
    parts.push(first);
    length += first.length;
    if (length > LONGEST_LINE) throw new Error(`A line of more than ${LONGEST_LINE} characters`);
    for (const next of rest) {
      const line = parts.join('').trim();
      if (line !== '') on(line);
      parts = [next];
      length = next.length;
    }
  }
  if (parts.join('').trim() !== '') throw new Error('The stream broke off within a line');
}
