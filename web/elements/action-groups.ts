import type { ActionOffer } from '../data/actions.ts';

export type ActionGroup = 'power' | 'change' | 'storage' | 'network' | 'access' | 'move' | 'remove';

/** In the order they are shown: what takes things away stands apart, never beside a restart. */
const order: readonly ActionGroup[] = ['power', 'change', 'access', 'storage', 'network', 'move', 'remove'];

/** Verbs of instances; of other things everything but removing is a change. */
const ofInstances: Readonly<Record<string, ActionGroup>> = {
  ...groupOf('power', 'start', 'stop', 'softReboot', 'hardReboot', 'pause', 'unpause', 'suspend', 'resume', 'shelve', 'unshelve'),
  ...groupOf('access', 'openTerminal', 'lock', 'unlock', 'changePassword', 'rescue', 'unrescue'),
  ...groupOf('storage', 'attachVolume', 'detachVolume', 'snapshot'),
  ...groupOf(
    'network',
    'attachPort',
    'detachPort',
    'associateFloatingIP',
    'dissociateFloatingIP',
    'addSecurityGroup',
    'removeSecurityGroup',
  ),
  ...groupOf('move', 'migrate', 'liveMigrate', 'evacuate'),
};

function groupOf(group: ActionGroup, ...verbs: readonly string[]): Readonly<Record<string, ActionGroup>> {
  return Object.fromEntries(verbs.map((verb) => [verb, group]));
}

/** Actions by what they are about, each in the order the server has them. */
export function groupActions(offers: readonly ActionOffer[]): readonly (readonly [ActionGroup, readonly ActionOffer[]])[] {
  return order
    .map((group) => [group, offers.filter((offer) => groupOfAction(offer.name) === group)] as const)
    .filter(([, own]) => own.length > 0);
}

function groupOfAction(name: string): ActionGroup {
  const [noun = '', verb = ''] = name.split('.');
  if (verb === 'delete' || verb === 'release') return 'remove';
  return (noun === 'instance' ? ofInstances[verb] : undefined) ?? 'change';
}

interface Done {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const opposites: Readonly<Record<string, string>> = {
  ...bothWays('instance.start', 'instance.stop'),
  ...bothWays('instance.pause', 'instance.unpause'),
  ...bothWays('instance.suspend', 'instance.resume'),
  ...bothWays('instance.shelve', 'instance.unshelve'),
  ...bothWays('instance.lock', 'instance.unlock'),
  ...bothWays('instance.attachVolume', 'instance.detachVolume'),
  ...bothWays('instance.addSecurityGroup', 'instance.removeSecurityGroup'),
  ...bothWays('instance.associateFloatingIP', 'instance.dissociateFloatingIP'),
  ...bothWays('volume.attach', 'volume.detach'),
  ...bothWays('router.addInterface', 'router.removeInterface'),
  'instance.detachPort': 'instance.attachPort',
};

function bothWays(one: string, other: string): Readonly<Record<string, string>> {
  return { [one]: other, [other]: one };
}

/** What of an input both ways have in common. */
const shared = ['volumeId', 'serverId', 'portId', 'floatingIPId', 'securityGroupId', 'subnetId'] as const;

/** What takes an action back, where something does; `current` is how what it changed was before. */
export function oppositeOf({ action, input }: Done, current: Readonly<Record<string, unknown>> = {}): Done | undefined {
  if (action === 'instance.rename' || action === 'instance.setTags') {
    const [field] = Object.keys(input);
    return field !== undefined && current[field] !== undefined ? { action, input: { [field]: current[field] } } : undefined;
  }
  const opposite = opposites[action];
  if (opposite === undefined) return undefined;
  // Detached of whichever it was attached to: nobody knows any more what to attach it to.
  if (action === 'volume.detach' && input['serverId'] === undefined) return undefined;
  return {
    action: opposite,
    input: Object.fromEntries(shared.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]]))),
  };
}

/** Actions whose result holds something that is told once. */
const secretive: ReadonlySet<string> = new Set(['instance.rescue', 'instance.changePassword']);

export const tellsSecret = (action: string): boolean => secretive.has(action);

/** Filters of what is offered for the fields of an action, so that only what can be meant is. */
export function filtersOf(action: string, name: string): Readonly<Record<string, string>> {
  const own = name === '' ? undefined : `attachedTo:"${name.replaceAll('"', '')}"`;
  const free = 'attachedTo:""';
  const filters: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    'instance.attachVolume': { volumeId: 'status:available' },
    'instance.detachVolume': { volumeId: own },
    'instance.attachPort': { portId: free },
    'instance.detachPort': { portId: own },
    'instance.associateFloatingIP': { floatingIPId: free, portId: own },
    'instance.dissociateFloatingIP': { floatingIPId: own },
    'volume.attach': { serverId: 'status:ACTIVE,SHUTOFF' },
    'floatingIp.associate': { portId: '-attachedTo:""' },
    'router.setGateway': { networkId: 'external:true' },
  };
  return Object.fromEntries(Object.entries(filters[action] ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
