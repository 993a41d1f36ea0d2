import type { Observation, Reason } from './kind.ts';
import type { KubeObject } from './object.ts';
import { ambiguous, observe } from './observe.ts';
import { finished, type Outcome, stalled, waiting } from './outcome.ts';
import { isConnected, isLateEnough, lookingForLostCreate, ownerOf, type Pass, unconnected } from './pass.ts';
import { WHOLE } from './plan.ts';
import { policiesOf } from './policies.ts';
import type { Connection } from './ports.ts';
import { nameOf } from './references.ts';
import { removeResource } from './removal.ts';

const WAY_OUT = ' To let go of the object and leave what it made in the cloud, set spec.deletionPolicy to Retain.';

/** One pass over an object being deleted: the finalizer goes only when its cloud resource is gone, or is to be left. */
export async function finalize<Cloud>(pass: Pass<Cloud>): Promise<Outcome> {
  const { object, deps, settings, kind } = pass;
  if (!object.metadata.finalizers?.includes(settings.finalizer)) return finished('Nothing to clean up.');
  const policies = policiesOf(object, undefined, deps.clock.now());
  if (policies.retains || !policies.manages || object.status?.isOnlyObserved) return retain(pass);
  const { id, intent } = object.status ?? {};
  if (id === undefined && intent === undefined) return release(pass, 'Nothing was ever made for it.');
  if (policies.isProtected) return stalled(protectedFrom(object));
  const held = heldBy(pass);
  if (held) return held;

  const connection = deps.connect(object, pass.reconcileId);
  if (!isConnected(connection)) return unconnected(object, connection, WAY_OUT);
  const listedAt = kind.listedAt(connection.cloud);
  if (listedAt === 0)
    return waiting({ reason: 'Listing', message: `Waits until Cluster ${connection.cluster} has been listed for the first time.` });
  const seen = await observeBeforeDelete(pass, connection.cloud);
  switch (seen.found) {
    case 'ambiguous':
      return ambiguous(object, seen.ids);
    case 'foreign':
      return stalled({ reason: 'NotOurs', message: `${seen.message}${WAY_OUT}` });
    case 'none':
      if (id === undefined && intent && !isLateEnough(listedAt, intent.at, settings.settleMs))
        return lookingForLostCreate(pass, connection.cluster, intent.at);
      return gone(pass);
    case 'one':
      return remove(pass, connection, seen.id, seen.observed);
  }
}

function protectedFrom(object: KubeObject): Reason {
  const message = `${nameOf(object)} is to be deleted, and spec.deletionProtection keeps what it made. Set that to false to have both deleted, or spec.deletionPolicy to Retain to let go of the object alone.`;
  return { reason: 'DeletionProtected', message };
}

/** What we hold may be as old as the last sweep, and a delete cannot be taken back: it is read once more before the first one is sent. */
async function observeBeforeDelete<Cloud>(pass: Pass<Cloud>, cloud: Cloud): Promise<Observation<unknown>> {
  const seen = await observe(pass, cloud);
  if (seen.found !== 'one' || pass.isPoll || pass.memory.deletion) return seen;
  await pass.kind.reread(cloud, seen.id);
  return pass.kind.observe(cloud, { ...ownerOf(pass.object), id: seen.id });
}

/** What still needs this object keeps it; whoever of them goes last wakes it. */
export function heldBy<Cloud>({ graph, object }: Pick<Pass<Cloud>, 'graph' | 'object'>): Outcome | undefined {
  const holders = graph.holders(object).map(nameOf);
  if (holders.length === 0) return undefined;
  const shown = holders.length > 5 ? [...holders.slice(0, 5), `${holders.length - 5} more`] : holders;
  return waiting({
    reason: 'InUse',
    message: `Is deleted once nothing refers to it any more; still does: ${shown.join(', ')}. Delete them, or take the references out.`,
  });
}

async function remove<Cloud>(pass: Pass<Cloud>, connection: Connection<Cloud>, id: string, observed: unknown): Promise<Outcome> {
  // A resource found by its stamp is remembered first: from now on reading it alone tells whether it is gone.
  return (await removeResource(pass, connection, { id, observed }, { id, intent: null })) ?? gone(pass, id);
}

async function gone<Cloud>(pass: Pass<Cloud>, id = pass.object.status?.id): Promise<Outcome> {
  const { object, memory, scribe } = pass;
  const asked = memory.deletion;
  if (id !== undefined) {
    const message = `Deleted ${nameOf(object)}${asked ? '' : '; its cloud resource was gone already'}`;
    await scribe.before({
      type: 'Deleted',
      message,
      changes: [{ path: WHOLE, from: 'present', to: null }],
      requestIds: asked?.requestIds ?? [],
    });
  }
  return release(pass, 'Its cloud resource is gone.');
}

async function retain<Cloud>(pass: Pass<Cloud>): Promise<Outcome> {
  const { object, scribe } = pass;
  const id = object.status?.id;
  if (id !== undefined)
    await scribe.before({ type: 'Retained', message: `Let go of ${nameOf(object)}; ${id} stays in the cloud`, cloudId: id });
  return release(pass, 'Its cloud resource is left as it is.');
}

async function release<Cloud>(pass: Pass<Cloud>, message: string): Promise<Outcome> {
  await pass.writes.release(pass.object);
  return finished(message);
}
