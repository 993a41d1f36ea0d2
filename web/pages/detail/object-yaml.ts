import { parse } from 'yaml';
import type { WholeObject } from '../../data/declared-object.ts';
import { declaredPart, toYaml } from '../../data/manifests.ts';

/** What goes along unseen: who and which version it is, and what `kubectl apply` compares with. */
const unseen = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'finalizers'] as const;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The declaration as people write it: without what the server keeps there. */
export function yamlOf(object: WholeObject): string {
  const { apiVersion, kind, metadata, ...rest } = declaredPart(object);
  return toYaml([{ apiVersion, kind, metadata, ...rest }]);
}

export type Read =
  | { readonly object: WholeObject }
  | { readonly problem: 'renamed' }
  | { readonly problem: 'badYaml'; readonly why: string };

/** An edited declaration, to be written over the object it was made of. */
export function readYaml(text: string, before: WholeObject): Read {
  let edited: WholeObject | null;
  try {
    edited = parse(text, { version: '1.1' }) as WholeObject | null;
  } catch (error) {
    return { problem: 'badYaml', why: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
  if (typeof edited !== 'object' || edited === null) return { problem: 'badYaml', why: '' };
  const { metadata = { name: '' } } = edited as Partial<WholeObject>;
  const isSame =
    edited.apiVersion === before.apiVersion &&
    edited.kind === before.kind &&
    metadata.name === before.metadata.name &&
    metadata.namespace === before.metadata.namespace;
  if (!isSame) return { problem: 'renamed' };
  // The version it was made of goes along: what somebody else changed meanwhile is not written over.
  const kept = Object.fromEntries(
    unseen.filter((name) => before.metadata[name] !== undefined).map((name) => [name, before.metadata[name]]),
  );
  const applied = annotationsOf(before)[lastApplied];
  const annotations = { ...annotationsOf(edited), ...(applied !== undefined && { [lastApplied]: applied }) };
  return { object: { ...edited, metadata: { ...kept, ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) } } };
}

function annotationsOf({ metadata }: WholeObject): Readonly<Record<string, unknown>> {
  return (metadata['annotations'] ?? {}) as Readonly<Record<string, unknown>>;
}
