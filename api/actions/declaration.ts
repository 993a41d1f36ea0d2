import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { apiGroup, apiVersion, kinds } from '#controller/kinds/index.ts';
import type { DeclaredTarget, OperationProblem } from '#controller/operations/operation.ts';
import { problem } from '#controller/operations/problem.ts';
import { mergePatch } from '../kube/patch.ts';
import type { OwnKube, OwnKubeRequest } from '../own-kube.ts';

/** As what changes of declarations by actions are known. */
export const actionManager = 'stackwarden-action';

export interface DeclarationChange {
  readonly kube: OwnKube;
  readonly caller: OwnKubeRequest['caller'];
}

/** Whether a merge patch would leave the spec as it is: then the cloud has drifted, and what is asked for is what is declared. */
export function changesNothing(spec: JsonObject, patch: JsonObject): boolean {
  return isDeepStrictEqual(mergePatch(spec, patch), spec);
}

/** Changes the spec of an object as the person; what the operation then waits for, or why the Kubernetes API refused. */
export async function changeSpec(
  { kube, caller }: DeclarationChange,
  object: KubeObject,
  patch: JsonObject,
): Promise<DeclaredTarget | OperationProblem> {
  const { status, body } = await kube({
    method: 'PATCH',
    path: pathOf(object),
    query: { fieldManager: actionManager },
    body: { spec: patch },
    caller,
    userAgent: actionManager,
  });
  if (status >= 300) return refusal(status, body);
  return { ...targetOf(object), until: (body as unknown as KubeObject).metadata.generation ?? 0 };
}

/** Deletes an object as the person; the reconciler deletes what it stands for. */
export async function deleteObject({ kube, caller }: DeclarationChange, object: KubeObject): Promise<DeclaredTarget | OperationProblem> {
  const { status, body } = await kube({ method: 'DELETE', path: pathOf(object), caller, userAgent: actionManager });
  return status >= 300 ? refusal(status, body) : { ...targetOf(object), until: 'gone' };
}

export function targetOf({ kind, metadata }: KubeObject): DeclaredTarget {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid };
}

function pathOf({ kind, metadata }: KubeObject): string {
  const plural = kinds.find((one) => one.kind === kind)?.plural ?? '';
  return `/apis/${apiGroup}/${apiVersion}/namespaces/${metadata.namespace}/${plural}/${metadata.name}`;
}

function refusal(status: number, body: Readonly<Record<string, unknown>>): OperationProblem {
  const { reason, message } = body as { reason?: string; message?: string };
  return problem(
    status,
    reason ?? 'DeclarationRefused',
    `The declaration could not be changed: ${message ?? `the Kubernetes API answered ${status}`}.`,
  );
}
