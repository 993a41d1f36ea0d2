import { isDeepStrictEqual } from 'node:util';
import { redactChange } from '#controller/audit/redact.ts';
import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { apiGroup } from '#controller/kinds/index.ts';
import { diffJson } from '../kube-audit.ts';

/** What becomes of an object in Kubernetes, apart from what that means for a cloud. */
export interface Declaration {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly action: 'create' | 'update' | 'delete' | 'none';
  /** Of its spec, secrets hidden; of kinds that are not ours none is shown. */
  readonly changes: readonly Change[];
}

/** Compares an object as it is with what it would be. */
export function declarationOf({ before, after }: { before?: KubeObject; after?: KubeObject }): Declaration {
  const object = after ?? before;
  if (!object) throw new TypeError('a declaration of nothing');
  const { name, namespace = '' } = object.metadata;
  const head = { kind: object.kind, namespace, name };
  if (!after) return { ...head, action: 'delete', changes: [] };
  if (!before) return { ...head, action: 'create', changes: [] };
  if (isDeepStrictEqual(contentOf(before), contentOf(after))) return { ...head, action: 'none', changes: [] };
  const isOurs = object.apiVersion.startsWith(`${apiGroup}/`);
  const changes = isOurs
    ? diffJson(before.spec as Json, after.spec as Json, 'spec').map((change) => redactChange(change, object.kind))
    : [];
  return { ...head, action: 'update', changes };
}

/** What people declare of it: all but what the server, its clients and controllers note in it. */
function contentOf(object: KubeObject): Record<string, unknown> {
  const { metadata, status: _status, ...content } = object;
  const isNote = (key: string) => key === 'kubectl.kubernetes.io/last-applied-configuration';
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !isNote(key));
  return { ...content, labels: metadata.labels ?? {}, annotations: Object.fromEntries(annotations) };
}
