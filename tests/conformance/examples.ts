import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { KindCase } from './kind-case.ts';

const folder = resolve(import.meta.dirname, '../../examples');

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: { readonly name?: string; readonly [field: string]: unknown };
}

/** The objects of a file below examples/. */
export function readExample(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS() as Manifest);
}

/** As kubectl reads it, and as it stands in the example: whether it mentions something. */
export function textOf(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** An object of a case in the case's namespace. References stay within it, so that no two cases share an object. */
export function inNamespace(namespace: string, manifest: Manifest): Manifest {
  const { metadata, spec } = manifest;
  return { ...manifest, metadata: { ...metadata, namespace }, spec: { ...spec, ...uniqueName(namespace, manifest) } };
}

/** Of the kinds whose resource has to have a name of its own in a project: nothing else tells whose it is. */
export function uniqueName(namespace: string, { kind, metadata, spec }: Manifest): { name?: string } {
  return kind === 'KeyPair' || kind === 'ServerGroup' ? { name: `${spec.name ?? metadata.name}-of-${namespace}` } : {};
}

/** Copies of what a case needs and is about, for its namespace; answers with where the copy of an example is. */
export function copyExamples(namespace: string, { manifest, needs }: KindCase): (file: string) => string {
  const copies = join(mkdtempSync(join(tmpdir(), 'stackwarden-case-')), namespace);
  mkdirSync(copies);
  for (const file of [manifest, ...needs]) {
    const objects = readExample(file).map((one) => inNamespace(namespace, one));
    // As 1.1, which kubectl reads: a text "yes" has to be quoted there.
    writeFileSync(join(copies, file), objects.map((object) => stringify(object, { version: '1.1' })).join('---\n'));
  }
  return (file) => join(copies, file);
}
