import type { JsonObject } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { ObjectPlan, Planner, SetPlan } from '#controller/engine/set-plan.ts';
import { kinds } from '#controller/kinds/index.ts';
import type { ApiObject } from '../kube/definition.ts';
import type { PlanOf } from '../kube/dry-run-plan.ts';
import { changeLine, lossOf } from './text.ts';

const mostChanges = 8;

const planned = new Set(kinds.map(({ kind }) => kind));

/**
 * Plans the one object that a dry run is about; of kinds without a cloud resource there is nothing to tell. `isElsewhere`: another process
 * reconciles, and plans.
 */
export function planOf(planner: () => Planner | undefined, isElsewhere: () => boolean = () => false): PlanOf {
  return async ({ object, isDeletion }) => {
    if (!planned.has(object.kind)) return [];
    const running = planner();
    if (!running && isElsewhere()) return ['plan: another process makes it; ask for it with "stackwarden plan"'];
    if (!running) return ['plan: none yet, the controller is starting'];
    const one = asKubeObject(object);
    return warningsOf(await running.plan(isDeletion ? { objects: [], deleted: [one] } : { objects: [one] }));
  };
}

function asKubeObject({ apiVersion, kind, metadata, ...rest }: ApiObject): KubeObject {
  const { uid = '', resourceVersion = '' } = metadata;
  return { ...rest, apiVersion, kind, metadata: { ...metadata, uid, resourceVersion }, spec: (rest['spec'] ?? {}) as JsonObject };
}

/** The plan of one object in sentences, as `kubectl apply --dry-run=server` and `kubectl diff` show them. */
export function warningsOf({ objects, gaps }: SetPlan): readonly string[] {
  const told = objects.flatMap(sentencesOf);
  return [...told, ...gaps.map(({ cluster, message }) => `plan: Cluster ${cluster} could not be looked at: ${message}`)];
}

function sentencesOf(plan: ObjectPlan): readonly string[] {
  const { kind, namespace, name, changes, action, why } = plan;
  const more = changes.length > mostChanges ? [`and ${changes.length - mostChanges} more`] : [];
  const fields = [...changes.slice(0, mostChanges).map(changeLine), ...more].join(', ');
  const what = `${deedOf(plan)}${fields ? `: ${fields}` : ''}`;
  const reason = why && action !== 'unknown' ? `: ${why.message}` : '';
  const loss = plan.losesData ? [`plan: DATA LOSS: ${kind} ${namespace}/${name}: ${lossOf(action)}`] : [];
  return [`plan: ${what}${reason}`, ...loss];
}

/** `would create Volume default/data on main`. */
function deedOf({ kind, namespace, name, cluster, action, id, changes, losesData }: ObjectPlan): string {
  const object = `${kind} ${namespace}/${name}`;
  const resource = id === undefined ? '' : ` (${id})`;
  switch (action) {
    case 'none':
      return `no change of ${object} on ${cluster}`;
    case 'report':
      return `${object} drifted, which would only be reported`;
    case 'wait':
      return `${object} would wait`;
    case 'create':
      return `would create ${object} on ${cluster}`;
    case 'adopt':
      return `would take over ${id ?? 'what is there'} as ${object}${changes.length > 0 ? ' and change' : ''}`;
    case 'update':
      return `would change ${object}${resource}`;
    case 'rebuild':
      return `would rebuild ${object}${resource}`;
    case 'replace':
      return `would delete ${object}${resource} and create it anew`;
    case 'delete':
      return `would delete ${object}${resource} from ${cluster}${losesData ? ' with its data' : ''}`;
    case 'release':
      return `would let go of ${object}${resource}, which stays on ${cluster}`;
    case 'blocked':
      return `${object} would stop`;
    case 'unknown':
      return `what becomes of ${object} on ${cluster} cannot be told`;
  }
}
