/** A real API server cuts each warning to this once all of them together are longer than `mostInAll`, and drops what is over it still. */
const mostEach = 256;
const mostInAll = 4096;

/**
 * Values of the header `Warning`, each once: `299 - "text"`. What is not printable ASCII becomes `?`, for a header carries no more. Cut as
 * k8s.io/apiserver does it (endpoints/filters/warning.go, release-1.32).
 */
export function warningHeaders(warnings: readonly string[]): string[] {
  const texts = [...new Set(warnings.filter((text) => text !== '').map(printable))];
  const isTooMuch = texts.reduce((sum, text) => sum + text.length, 0) > mostInAll;
  const headers: string[] = [];
  let written = 0;
  for (const text of isTooMuch ? texts.map((one) => one.slice(0, mostEach)) : texts) {
    if (written + text.length > mostInAll) break;
    headers.push(`299 - ${JSON.stringify(text)}`);
    written += text.length;
  }
  return headers;
}

function printable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[^\x20-\x7e]/gu, '?');
}
