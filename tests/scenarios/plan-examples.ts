import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

const root = resolve(import.meta.dirname, '../../examples');

/** What stands in a manifest. */
export interface ExampleObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface Example {
  readonly name: string;
  readonly files: readonly string[];
  /** Without the Secrets they read. */
  readonly objects: readonly ExampleObject[];
}

/** `admin` takes an administrator of the cloud, which the suites are not; `sandbox` is no manifest. */
const apart = new Set(['admin', 'sandbox']);

/**
 * Everything below examples/ that can be applied to a Cluster that is there: the files beside each other as one, and each folder. What
 * declares a Cluster itself is about credentials.
 */
export function examples(): Example[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !apart.has(entry.name));
  return [exampleOf('one of each kind', root), ...folders.map(({ name }) => exampleOf(name, join(root, name)))];
}

/** Flags of a start that has the files the examples make images of. */
export function withExampleImages(): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'stackwarden-images-'));
  mkdirSync(join(directory, 'debian'));
  writeFileSync(join(directory, 'debian/12.raw'), 'osc');
  return ['--images', directory];
}

function exampleOf(name: string, folder: string): Example {
  const all = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => ({ path: join(folder, file), objects: objectsIn(join(folder, file)) }));
  const standing = all.filter(({ objects }) => objects.every(({ kind }) => kind !== 'Cluster'));
  return {
    name,
    files: standing.map(({ path }) => path),
    objects: standing.flatMap(({ objects }) => objects.filter(({ kind }) => kind !== 'Secret')),
  };
}

function objectsIn(path: string): ExampleObject[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as ExampleObject);
}
