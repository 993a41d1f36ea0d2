import type { ServiceClient } from '#controller/openstack/cloud.ts';
import * as servers from '#controller/openstack/compute/servers.ts';

export type PowerState = 'Running' | 'Stopped' | 'Paused' | 'Suspended' | 'Shelved';

/** Nova's settled states; all others are on the way from one to another, or broken. */
const SETTLED: Readonly<Record<string, PowerState | 'Rescued'>> = {
  ACTIVE: 'Running',
  SHUTOFF: 'Stopped',
  PAUSED: 'Paused',
  SUSPENDED: 'Suspended',
  SHELVED: 'Shelved',
  SHELVED_OFFLOADED: 'Shelved',
  RESCUE: 'Rescued',
};

/** What a server of this status is doing; undefined while it is on its way. */
export function powerStateOf(status: string): PowerState | 'Rescued' | undefined {
  return SETTLED[status];
}

type Action = (client: ServiceClient, id: string) => Promise<void>;

const TO_RUNNING: Readonly<Record<string, Action>> = {
  SHUTOFF: servers.start,
  PAUSED: servers.unpause,
  SUSPENDED: servers.resume,
  SHELVED: servers.unshelve,
  SHELVED_OFFLOADED: servers.unshelve,
  RESCUE: servers.unrescue,
};
const FROM_RUNNING: Readonly<Record<Exclude<PowerState, 'Running'>, Action>> = {
  Stopped: servers.stop,
  Paused: servers.pause,
  Suspended: servers.suspend,
  Shelved: servers.shelve,
};
/** Nova shelves from these as well; every other way leads over ACTIVE (it refuses to stop what is paused). */
const SHELVABLE: ReadonlySet<string> = new Set(['SHUTOFF', 'PAUSED', 'SUSPENDED']);

/** The next action from this status towards `target`; undefined when there is nothing to do, or nothing can be done now. */
export function powerAction(status: string, target: PowerState): Action | undefined {
  const now = powerStateOf(status);
  if (now === undefined || now === target) return undefined;
  if (target === 'Running') return TO_RUNNING[status];
  if (now === 'Running' || (target === 'Shelved' && SHELVABLE.has(status))) return FROM_RUNNING[target];
  return TO_RUNNING[status];
}

/** Parts of a server that Nova changes in some states only. */
export type Area = 'metadata' | 'tags' | 'interfaces' | 'attach' | 'detach' | 'flavor' | 'rebuild';

const ALLOWED: Readonly<Record<Area, readonly string[]>> = {
  // The decorators check_instance_state of nova/compute/api.py, stable/2025.1, by the status they show as.
  metadata: ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED'],
  tags: ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED'],
  interfaces: ['ACTIVE', 'SHUTOFF', 'PAUSED'],
  attach: ['ACTIVE', 'SHUTOFF', 'PAUSED', 'VERIFY_RESIZE', 'SHELVED', 'SHELVED_OFFLOADED'],
  detach: ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED', 'VERIFY_RESIZE', 'SHELVED', 'SHELVED_OFFLOADED'],
  flavor: ['ACTIVE', 'SHUTOFF', 'VERIFY_RESIZE'],
  rebuild: ['ACTIVE', 'SHUTOFF', 'ERROR'],
};

/** Whether Nova changes this part of a server in this status. */
export function isAllowed(area: Area, status: string): boolean {
  return ALLOWED[area].includes(status);
}
