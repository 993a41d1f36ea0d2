import { type Document, isMap, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Problem } from './problem.ts';

/** Manifests as they came: a file of the caller, or the body of a request. */
export interface Source {
  readonly file: string;
  /** YAML or JSON, any number of documents. */
  readonly text: string;
}

/** Where an object stands; `document` and `line` count from 1. */
export interface Place {
  readonly file: string;
  readonly document: number;
  readonly line: number;
}

/** An object as somebody wrote it, with what every object needs. */
export interface Manifest {
  readonly place: Place;
  readonly object: ManifestObject;
}

export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

interface Reading {
  readonly manifests: Manifest[];
  readonly problems: Problem[];
}

/** Reads every document of every source; lists are taken apart, empty documents left out. What is wrong is told and the rest read on. */
export function readSources(sources: readonly Source[]): Reading {
  const reading: Reading = { manifests: [], problems: [] };
  for (const source of sources) readSource(source, reading);
  return reading;
}

function readSource({ file, text }: Source, reading: Reading): void {
  const lines = new LineCounter();
  // YAML 1.1 with dates as text, as kubectl and the Kubernetes API read it.
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp'),
  });
  for (const [index, document] of documents.entries()) {
    const placeOf = (node: Node | null | undefined): Place => ({
      file,
      document: index + 1,
      line: lines.linePos(node?.range?.[0] ?? document.range?.[0] ?? 0).line,
    });
    const faults = document.errors.map((error) => ({
      place: { ...placeOf(undefined), line: error.linePos?.[0].line ?? placeOf(undefined).line },
      path: '',
      // The lines after the first quote the text, which may be a secret.
      message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
    }));
    reading.problems.push(...faults);
    if (faults.length === 0) readDocument(document, placeOf, reading);
  }
}

function readDocument(document: Document.Parsed, placeOf: (node: Node | null | undefined) => Place, reading: Reading): void {
  const place = placeOf(document.contents);
  let value: unknown;
  try {
    // Through JSON, so that nothing but JSON's types is left.
    value = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? 'null');
  } catch (error) {
    const message = error instanceof TypeError ? 'An alias leads into itself.' : (error as Error).message;
    reading.problems.push({ place, path: '', message });
    return;
  }
  if (value === null) return;
  const items = isRecord(value) && typeof value['kind'] === 'string' && value['kind'].endsWith('List') ? value['items'] : undefined;
  if (!Array.isArray(items)) return readObject(value, place, reading);
  const nodes = isMap(document.contents) ? document.contents.get('items', true) : undefined;
  for (const [index, item] of items.entries()) readObject(item, placeOf(isSeq(nodes) ? (nodes.items[index] as Node) : undefined), reading);
}

function readObject(value: unknown, place: Place, { manifests, problems }: Reading): void {
  const wrong = (path: string, message: string): void => void problems.push({ place, path, message });
  if (!isRecord(value)) return wrong('', 'This is no object: it needs apiVersion, kind and metadata.');
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  const missing = (['apiVersion', 'kind'] as const).filter((field) => !isText(value[field]));
  for (const field of missing) wrong(field, 'Required; a text such as those in examples/.');
  const hint = metadata['generateName'] === undefined ? '' : ' A plan cannot tell which object generateName would be.';
  if (!isText(metadata['name'])) wrong('metadata.name', `A name is required.${hint}`);
  if (metadata['namespace'] !== undefined && !isText(metadata['namespace'])) wrong('metadata.namespace', 'Has to be a text.');
  if (problems.some((problem) => problem.place === place)) return;
  manifests.push({ place, object: { ...value, metadata } as unknown as ManifestObject });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
