/** A page without script and style; `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text(title)} - Stackwarden</title></head>
<body><h1>${text(title)}</h1>
${body}
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Any text, for use in HTML and between quotes. */
export function text(raw: string): string {
  return raw.replace(/[&<>"']/g, (char) => entities[char] ?? '');
}
