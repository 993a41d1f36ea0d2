import { parse, stringify } from 'yaml';
import type { WholeObject } from '../../data/declared-object.ts';

/** What the server keeps in an object, and nobody writes. */
const kept = ['managedFields', 'creationTimestamp', 'generation', 'uid', 'resourceVersion', 'deletionTimestamp', 'finalizers'] as const;

/** The declaration as people write it: without what the server keeps there. */
export function yamlOf(object: WholeObject): string {
  const { apiVersion, kind, metadata, status: _status, ...rest } = object;
  const own = Object.fromEntries(Object.entries(metadata).filter(([name]) => !(kept as readonly string[]).includes(name)));
  return stringify({ apiVersion, kind, metadata: own, ...rest }, { lineWidth: 120 });
}

export type Read =
  | { readonly object: WholeObject }
  | { readonly problem: 'renamed' }
  | { readonly problem: 'badYaml'; readonly why: string };

/** An edited declaration, to be written over the object it was made of. */
export function readYaml(text: string, before: WholeObject): Read {
  let edited: WholeObject;
  try {
    edited = parse(text) as WholeObject;
  } catch (error) {
    return { problem: 'badYaml', why: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
  if (typeof edited !== 'object' || edited === null) return { problem: 'badYaml', why: '' };
  const isSame =
    edited.apiVersion === before.apiVersion &&
    edited.kind === before.kind &&
    edited.metadata?.name === before.metadata.name &&
    edited.metadata.namespace === before.metadata.namespace;
  if (!isSame) return { problem: 'renamed' };
  // The version it was made of goes along: what somebody else changed meanwhile is not written over.
  const metadata = { ...Object.fromEntries(kept.flatMap((name) => pick(before.metadata, name))), ...edited.metadata };
  return { object: { ...edited, metadata } };
}

function pick(from: Readonly<Record<string, unknown>>, name: string): [string, unknown][] {
  return from[name] === undefined || name === 'managedFields' ? [] : [[name, from[name]]];
}
