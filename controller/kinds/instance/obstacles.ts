import type { Change } from '#controller/engine/kind.ts';
import { Obstacle } from '../obstacle.ts';
import { obstacleToAttach, planAttachments } from './attachments.ts';
import type { DesiredInstance } from './desire.ts';
import { planInterfaces } from './interfaces.ts';
import type { ObservedInstance } from './observe.ts';
import { type Area, isAllowed, powerAction, powerStateOf } from './power.ts';
import { REBUILT } from './rebuild.ts';

interface Reason {
  readonly reason: 'Locked' | 'StateForbids' | 'VolumeNotReady' | 'PortInUse';
  readonly text: string;
  readonly passes: boolean;
}

const AREAS: readonly (readonly [field: string, area: Area])[] = [
  ['metadata.uid', 'metadata'],
  ['spec.metadata', 'metadata'],
  ['spec.tags', 'tags'],
  ['spec.networks', 'interfaces'],
  ['spec.flavor', 'flavor'],
  ...REBUILT.map((path) => [path, 'rebuild'] as const),
];

/** Those of `changes` that can be made as the server is; throws an Obstacle that names every reason when none can. */
export function possibleChanges(desired: DesiredInstance, observed: ObservedInstance, changes: readonly Change[]): readonly Change[] {
  const reasons = changes.map((change) => reasonAgainst(change, desired, observed));
  const possible = changes.filter((_, index) => reasons[index] === undefined);
  const against = reasons.filter((one) => one !== undefined);
  const [first] = against;
  if (possible.length > 0 || first === undefined) return possible;
  const texts = [...new Set(against.map((one) => one.text))];
  const lasting = against.find((one) => !one.passes);
  throw new Obstacle((lasting ?? first).reason, `${texts.join('. ')}.`, { passes: lasting === undefined });
}

/** Why a change cannot be made now; undefined when it can, or when a change of power state comes first. */
function reasonAgainst(change: Change, desired: DesiredInstance, observed: ObservedInstance): Reason | undefined {
  const { server } = observed;
  const called = `Server ${server.name} (${server.id})`;
  // A lock is a person's word that nothing is to be changed; an administrator's calls would go through it.
  if (server.locked === true) {
    const why = server.locked_reason ? ` (${server.locked_reason})` : '';
    const text = `${called} is locked${why}; unlock it with \`openstack server unlock ${server.id}\`, or take the change back`;
    return { reason: 'Locked', text, passes: false };
  }
  const area = areaOf(change);
  if (area !== undefined && !isAllowed(area, server.status) && !isLeaving(area, desired, observed)) {
    const field = change.path.split(/[[.]/).slice(0, 2).join('.');
    const text = `${called} is ${powerStateOf(server.status) ?? server.status}, and ${field} cannot be changed then; declare spec.powerState Running or Stopped`;
    return { reason: 'StateForbids', text, passes: false };
  }
  const plug = planInterfaces(desired.networks, observed).find((one) => one.change.path === change.path);
  const holder = plug?.step === 'attach' ? plug.network.pluggedInto : undefined;
  if (holder !== undefined && holder !== server.id) {
    return { reason: 'PortInUse', text: `${change.path}: the port is plugged into ${holder}; unplug it there first`, passes: true };
  }
  const step = planAttachments(desired, observed).find((one) => one.change.path === change.path);
  const obstacle = step?.step === 'attach' ? obstacleToAttach(step.attachment, server.id) : undefined;
  return obstacle && { reason: 'VolumeNotReady', ...obstacle };
}

/**
 * Whether the server is to be in another state anyway; a resize makes a detour over Running where the state is declared. A rebuild does
 * not: it is asked for apart from the change of state that would lead back.
 */
function isLeaving(area: Area, { powerState }: DesiredInstance, { server }: ObservedInstance): boolean {
  if (powerState === undefined || area === 'rebuild') return false;
  return powerAction(server.status, area === 'flavor' ? 'Running' : powerState) !== undefined;
}

function areaOf({ path, to }: Change): Area | undefined {
  if (path.startsWith('spec.volumes[')) return to === null ? 'detach' : 'attach';
  return AREAS.find(([field]) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`))?.[1];
}
