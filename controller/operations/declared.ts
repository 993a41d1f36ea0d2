import { ActionFailed, type Run } from '#controller/actions/action.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import type { DeclaredTarget } from './operation.ts';

/** The objects that stand for resources of clouds. */
export interface DeclaredObjects {
  /** Finds the object that manages a resource of this cluster; none where nobody declared it, or it is only observed. */
  inCluster(cluster: string): (type: ResourceType, id: string) => KubeObject | undefined;
  /** All of a kind. */
  list(kind: string): readonly KubeObject[];
  get(place: Pick<DeclaredTarget, 'kind' | 'namespace' | 'name'>): KubeObject | undefined;
}

const timeoutMs = 30 * 60_000;

/** Waits until the reconciler has carried out a changed declaration. Throws ActionFailed when it needs a person. */
export async function followDeclared(
  run: Pick<Run<ResourceType>, 'step' | 'until'>,
  target: DeclaredTarget,
  objects: DeclaredObjects,
): Promise<void> {
  const { until, kind, name } = target;
  await run.step(until === 'gone' ? `Waiting for ${kind} ${name} to go` : `Waiting for ${kind} ${name} to be Ready`, 20);
  await run.until(`${kind} ${name}`, async () => outcomeOf(objects.get(target), target), { timeoutMs });
}

/** Waits until the reconciler has seen the declaration under which it leaves alone what is to be done. */
export async function waitUntilSeen(
  run: Pick<Run<ResourceType>, 'step' | 'until'>,
  target: DeclaredTarget & { readonly after: number },
  objects: DeclaredObjects,
): Promise<void> {
  const { kind, name, after, uid } = target;
  await run.step(`Waiting until the reconciler leaves ${kind} ${name} alone`, 2);
  await run.until(`the reconciler's look at ${kind} ${name}`, async () => {
    const object = objects.get(target);
    if (object?.metadata.uid !== uid) throw new ActionFailed('Deleted', `${kind} ${name} was deleted meanwhile.`);
    return (object.status?.observedGeneration ?? 0) >= after ? true : undefined;
  });
}

function outcomeOf(object: KubeObject | undefined, { uid, until, kind, name }: DeclaredTarget): true | undefined {
  const isGone = object?.metadata.uid !== uid;
  if (isGone && until === 'gone') return true;
  if (isGone) throw new ActionFailed('Deleted', `${kind} ${name} was deleted meanwhile.`);
  const conditions = object?.status?.conditions ?? [];
  const current = (type: string) =>
    conditions.find((one) => one.type === type && (until === 'gone' || one.observedGeneration >= (until ?? 0)) && one.status === 'True');
  const stalled = current('Stalled');
  if (stalled) throw new ActionFailed(stalled.reason, `The declaration is changed, but ${kind} ${name} needs a person: ${stalled.message}`);
  return until !== 'gone' && current('Ready') ? true : undefined;
}
