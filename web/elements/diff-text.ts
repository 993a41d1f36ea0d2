/** Any value as lines that read like YAML; a text is taken as it is. Absent values have no lines. */
export function linesOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value.replace(/\n$/, '').split('\n');
  return written(value, '');
}

function written(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [`${indent}[]`] : value.flatMap((item) => listItem(item, indent));
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value);
    return fields.length === 0 ? [`${indent}{}`] : fields.flatMap(([name, inner]) => field(name, inner, indent));
  }
  return [`${indent}${scalar(value)}`];
}

function field(name: string, value: unknown, indent: string): string[] {
  const key = /^[\w./-]+$/.test(name) ? name : JSON.stringify(name);
  if (typeof value === 'string' && value.includes('\n')) {
    return [
      `${indent}${key}: |`,
      ...value
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `${indent}  ${line}`),
    ];
  }
  if (isLeaf(value)) return [`${indent}${key}: ${written(value, '').join('')}`];
  return [`${indent}${key}:`, ...written(value, `${indent}  `)];
}

function listItem(item: unknown, indent: string): string[] {
  const [first = '', ...rest] = written(item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** Quoted where YAML would read something else than the text. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = /^[A-Za-z0-9/][\w ./:@%+=,()-]*$/.test(value) && !/: |:$|^(?:true|false|null|yes|no|on|off)$|\s$/i.test(value);
  const isOther = !Number.isNaN(Number(value)) || /^\d{4}-\d\d-\d\d|^\d+(?::\d+)+$/.test(value);
  return isPlain && !isOther ? value : JSON.stringify(value);
}

/** What a single value looks like in the middle of a sentence or cell. */
export function inline(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map(String).join(', ');
  return JSON.stringify(value);
}

/** Where each line stands in its document, by the keys and indents above it: `spec`, `networks`, `0`. */
export function trails(lines: readonly string[]): string[][] {
  const open: { readonly indent: number; readonly name: string }[] = [];
  return lines.map((line) => {
    const [, lead = '', dash = '', key] = /^(\s*)((?:- )*)(?:"?([\w./[\] -]+?)"?:(?:\s|$))?/.exec(line) ?? [];
    const indent = lead.length + dash.length;
    while ((open.at(-1)?.indent ?? -1) >= lead.length + (dash === '' ? 0 : 1)) open.pop();
    if (key !== undefined) {
      while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
      open.push({ indent, name: key });
    }
    return open.map(({ name }) => name);
  });
}

/** `spec.rules[ingress tcp 22].description` as its parts. */
export function pathParts(path: string): string[] {
  const found = path.matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]|([^.[\]]+)/g);
  return [...found].map(([, label, name]) => label ?? name ?? '');
}
