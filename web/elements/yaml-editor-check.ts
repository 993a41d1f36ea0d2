import { type Document, isMap, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Schemas } from '../data/schemas.ts';
import { isRecord, type Path, validate } from '../data/validate.ts';
import { validationTexts as t } from '../texts/validation.ts';

/** One thing wrong in a text of manifests. */
export interface YamlProblem {
  /** Offsets in the text. */
  readonly from: number;
  readonly to: number;
  /** Both from 1. */
  readonly line: number;
  readonly document: number;
  /** As people write it: `spec.networks[0].fixedIP`. */
  readonly path: string;
  readonly message: string;
}

/** An object of a text of manifests. */
export interface Declared {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly line: number;
  readonly document: number;
}

export interface Reading {
  readonly objects: readonly Declared[];
  readonly problems: readonly YamlProblem[];
}

/** Reads manifests as the server does (YAML 1.1, dates as text) and checks them against the schemas of their kinds. */
export function readYaml(text: string, schemas: Schemas): Reading {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp'),
  }) as Document.Parsed[];
  const readings = documents.map((document, index) => readDocument(document, index + 1, { schemas, lines, text }));
  return { objects: readings.flatMap(({ objects }) => objects), problems: readings.flatMap(({ problems }) => problems) };
}

interface Context {
  readonly schemas: Schemas;
  readonly lines: LineCounter;
  readonly text: string;
}

function readDocument(document: Document.Parsed, number: number, { schemas, lines, text }: Context): Reading {
  const lineAt = (offset: number) => lines.linePos(Math.min(offset, text.length)).line;
  const problem = ([from, to]: readonly [number, number], path: string, message: string): YamlProblem => ({
    from,
    to,
    line: lineAt(from),
    document: number,
    path,
    message,
  });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) =>
      problem(pos, '', (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')),
    );
    return { objects: [], problems };
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (value === null || value === undefined) return { objects: [], problems: [] };
  const start = document.contents?.range?.[0] ?? 0;
  const firstLine: readonly [number, number] = [start, endOfLine(text, start)];
  if (!isRecord(value)) return { objects: [], problems: [problem(firstLine, '', t.noObject)] };
  const { apiVersion, kind } = value;
  const schema = schemas.get(`${String(apiVersion)}/${String(kind)}`);
  if (!schema) {
    const missing = (['apiVersion', 'kind'] as const).filter((name) => typeof value[name] !== 'string');
    if (missing.length > 0) return { objects: [], problems: missing.map((name) => problem(firstLine, name, t.required(name))) };
    const known = [...schemas.keys()].map((name) => name.slice(name.lastIndexOf('/') + 1)).toSorted();
    // Without the schemas nothing can be said of kinds.
    if (schemas.size === 0) return { objects: [objectOf(value, number, lineAt(start))], problems: [] };
    return { objects: [], problems: [problem(rangeOf(document, ['kind'], text), 'kind', t.kinds(known.join(', ')))] };
  }
  const problems = [...validate(value, schema), ...nameFaults(value)].map(({ path, message, ...more }) =>
    problem(rangeOf(document, path, text, 'isKey' in more), pathText(path), message),
  );
  return { objects: [objectOf(value, number, lineAt(start))], problems };
}

function objectOf(value: Readonly<Record<string, unknown>>, document: number, line: number): Declared {
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  const text = (one: unknown) => (typeof one === 'string' ? one : undefined);
  return {
    apiVersion: text(value['apiVersion']) ?? '',
    kind: text(value['kind']) ?? '',
    namespace: text(metadata['namespace']),
    name: text(metadata['name']) ?? '',
    value,
    line,
    document,
  };
}

/** What the schema does not say, as Kubernetes' own schemas do not either. */
function nameFaults(value: Readonly<Record<string, unknown>>): { path: Path; message: string }[] {
  const metadata = value['metadata'];
  if (!isRecord(metadata)) return [{ path: [], message: t.required('metadata') }];
  if (metadata['name'] === undefined || metadata['name'] === null || metadata['name'] === '')
    return [{ path: ['metadata'], message: t.required('name') }];
  return typeof metadata['name'] === 'string' && !isName(metadata['name']) ? [{ path: ['metadata', 'name'], message: t.name }] : [];
}

/** Whether it can be the name of an object. */
export function isName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text);
}

export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '');
}

/** Where the value at a path stands; of what is a whole mapping only its key, or its first line. */
function rangeOf(document: Document.Parsed, path: Path, text: string, isKey = false): readonly [number, number] {
  let node: Node | null = document.contents;
  let key: Node | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((one) => String(one.key) === String(step));
      if (!pair) break;
      key = pair.key as Node;
      node = pair.value as Node | null;
    } else if (isSeq(node) && typeof step === 'number') {
      key = undefined;
      node = (node.items[step] as Node | undefined) ?? null;
    } else break;
  }
  const isWhole = isMap(node) || isSeq(node) || node === null;
  const shown = (isKey || isWhole) && key ? key : (node ?? document.contents);
  const [from = 0, to = from] = shown?.range ?? [];
  return [from, Math.max(from, Math.min(to, endOfLine(text, from)))];
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
