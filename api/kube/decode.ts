import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { isRecord } from './schema.ts';
import { badRequest } from './status.ts';

/** A body as it was sent, with the fields that occur twice in it (`spec.sizeGiB`); the last one wins. */
export interface Decoded {
  readonly value: unknown;
  readonly duplicates: string[];
}

/** Parses JSON; throws SyntaxError. */
export function decodeJson(text: string): Decoded {
  const value: unknown = JSON.parse(text);
  return { value, duplicates: duplicateKeys(text) };
}

/** Parses one YAML 1.1 document, as kubectl and the Kubernetes API do. Throws a Status on a syntax error. */
export function decodeYaml(text: string): Decoded {
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: false,
    lineCounter: new LineCounter(),
    // Dates stay text, as in Kubernetes.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp'),
  });
  const fault = document.errors[0];
  if (fault) throw badRequest(`error converting YAML to JSON: yaml: ${fault.message.split('\n')[0]}`);
  const duplicates: string[] = [];
  if (document.contents) collectYaml(document.contents, '', duplicates);
  return { value: plainOf(document), duplicates };
}

/** Throws a Status for aliases that multiply, lead to nothing, or into themselves. */
function plainOf(document: Document): unknown {
  try {
    // Through JSON, so that nothing but JSON's types is left (NaN, keys that are no text).
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? 'null');
  } catch (error) {
    const why = error instanceof TypeError ? 'an alias leads into itself' : (error as Error).message;
    throw badRequest(`error converting YAML to JSON: yaml: ${why}`);
  }
}

function collectYaml(node: Node, path: string, duplicates: string[]): void {
  if (isAlias(node)) return;
  if (isSeq(node)) for (const [index, item] of node.items.entries()) collectYaml(item as Node, `${path}[${index}]`, duplicates);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const at = path ? `${path}.${name}` : name;
    refuse(name);
    if (seen.has(name)) duplicates.push(at);
    seen.add(name);
    if (value) collectYaml(value as Node, at, duplicates);
  }
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Keys that occur twice in one object of a valid JSON text. */
function duplicateKeys(text: string): string[] {
  const duplicates: string[] = [];
  const open: { keys: Set<string> | undefined; path: string; index: number }[] = [];
  let key: string | undefined;
  let pending: string | undefined;
  const childPath = (): string => {
    const parent = open.at(-1);
    if (!parent) return '';
    if (!parent.keys) return `${parent.path}[${parent.index}]`;
    return parent.path ? `${parent.path}.${key ?? ''}` : (key ?? '');
  };
  for (const [found] of text.matchAll(token)) {
    const top = open.at(-1);
    if (found === '{' || found === '[') open.push({ keys: found === '{' ? new Set() : undefined, path: childPath(), index: 0 });
    else if (found === '}' || found === ']') open.pop();
    else if (found === ',' && top) top.index += 1;
    else if (found === ':' && top?.keys && pending !== undefined) {
      key = JSON.parse(pending) as string;
      refuse(key);
      if (top.keys.has(key)) duplicates.push(childPath());
      top.keys.add(key);
    }
    pending = found.startsWith('"') ? found : undefined;
  }
  return duplicates;
}

/** A key that means something else to JavaScript than to JSON. */
function refuse(key: string): void {
  if (key === '__proto__') throw badRequest('field "__proto__" is not allowed');
}

/** The decoded value as an object with a kind; messages name the type that was expected and show nothing of the body, which may be secret. */
export function asObject(decoded: unknown, expectedKind: string): Record<string, unknown> {
  const prefix = `the object provided is unrecognized (must be of type ${expectedKind}): `;
  if (!isRecord(decoded)) throw badRequest(`${prefix}couldn't get version/kind; json parse error: not an object`);
  for (const [field, label] of [['kind', 'Kind'] as const, ['apiVersion', 'apiVersion'] as const]) {
    if (typeof decoded[field] !== 'string' || decoded[field] === '') throw badRequest(`${prefix}Object '${label}' is missing`);
  }
  return decoded;
}
