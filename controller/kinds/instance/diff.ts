import type { Change, Difference, Reason } from '#controller/engine/kind.ts';
import { fieldChange, mapChanges, setChanges } from '../changes.ts';
import { stampChange } from '../ownership.ts';
import { isMoving, movingVolumes, planAttachments, rootOf } from './attachments.ts';
import type { DesiredInstance } from './desire.ts';
import { planGroups } from './groups.ts';
import { planInterfaces, portsAreKnown } from './interfaces.ts';
import type { ObservedInstance } from './observe.ts';
import { recoveryOf } from './on-error.ts';
import { powerStateOf } from './power.ts';
import { declaredMetadata, userDataChange } from './user-data.ts';

/** Compares an instance with its server; pure. */
export function diffInstance(desired: DesiredInstance, observed: ObservedInstance): Difference {
  const { server } = observed;
  const wait = waitOf(observed, desired);
  // Half-made things are no differences: a server being built has no addresses, ports or volumes yet.
  if (wait) return { changes: [], waiting: wait };
  const changes = changesOf(desired, observed);
  if (server.status === 'ERROR') return { changes, failed: brokenBy(desired, observed) };
  // Volumes made for this instance in the same breath are no difference either until they are ready.
  const steps = planAttachments(desired, observed);
  const isComing = (path: string) => steps.some((step) => step.change.path === path && step.step === 'attach' && isMoving(step.attachment));
  if (changes.length === 0 || !changes.every((change) => isComing(change.path))) return { changes };
  const list = steps.flatMap((step) => (step.step === 'attach' ? [`${step.attachment.name} is ${step.attachment.status}`] : [])).join(', ');
  return { changes: [], waiting: { reason: 'VolumeNotReady', message: `Server ${server.name} waits for its volumes: ${list}.` } };
}

function changesOf(desired: DesiredInstance, observed: ObservedInstance): Change[] {
  const { server } = observed;
  // A rebuild would empty the volume it boots from; made anew, it boots from that again.
  const by = server.image === '' ? 'replace' : 'rebuild';
  return [
    ...stampChange('server', server, desired.uid),
    ...fieldChange('spec.name', server.name, desired.name),
    ...mapChanges('spec.metadata', declaredMetadata(server.metadata), desired.metadata),
    ...setChanges('spec.tags', server.tags ?? [], desired.tags),
    ...flavorChange(desired, observed),
    ...originChanges(desired, observed),
    ...fieldChange('spec.keyPairRef', server.key_name, desired.keyName, { by }),
    ...userDataChange(desired.userData, server, by),
    ...zoneChange(desired, observed),
    ...planInterfaces(desired.networks, observed).map((step) => step.change),
    ...planGroups(desired, observed).map((step) => step.change),
    ...planAttachments(desired, observed).map((step) => step.change),
    ...powerChange(desired, observed),
  ];
}

/** A resize waits for its confirmation until then the old disk is kept; the flavor counts only once that is settled. */
function flavorChange({ flavor }: DesiredInstance, { server }: ObservedInstance): Change[] {
  const now = server.flavor.original_name;
  if (server.status !== 'VERIFY_RESIZE') return fieldChange('spec.flavor', now, flavor.name);
  return [{ path: 'spec.flavor', from: `${now} (unconfirmed)`, to: flavor.name }];
}

/**
 * What the server was made from. A declared name is compared with the name of the image used, not with what the name means today: a
 * newer image under an old name, or an image that was removed, makes no difference to a server that is there.
 */
function originChanges(desired: DesiredInstance, observed: ObservedInstance): Change[] {
  const { server, imageName } = observed;
  if (desired.bootVolumeId !== undefined) {
    const root = rootOf(observed)?.id;
    if (server.image === '' && root === undefined) return [];
    return fieldChange('spec.bootVolume', root ?? imageName ?? null, desired.bootVolumeId, { by: 'replace' });
  }
  if (!desired.image) return [];
  if (server.image === '') return fieldChange('spec.image', null, desired.image.name ?? desired.image.id, { by: 'replace' });
  if (desired.image.id !== undefined) return fieldChange('spec.image', server.image.id, desired.image.id, { by: 'rebuild' });
  return imageName === undefined ? [] : fieldChange('spec.image', imageName, desired.image.name, { by: 'rebuild' });
}

/** `zone:host` asks for a host too, which only administrators are shown; a shelved server is in no zone. */
function zoneChange({ availabilityZone }: DesiredInstance, { server }: ObservedInstance): Change[] {
  const zone = server['OS-EXT-AZ:availability_zone'];
  if (!zone) return [];
  const same = (observed: unknown, declared: unknown) => observed === String(declared).split(':')[0];
  return fieldChange('spec.availabilityZone', zone, availabilityZone, { same, by: 'replace' });
}

function powerChange({ powerState }: DesiredInstance, { server }: ObservedInstance): Change[] {
  const now = powerStateOf(server.status);
  return now === undefined ? [] : fieldChange('spec.powerState', now, powerState);
}

function waitOf(observed: ObservedInstance, desired: DesiredInstance): Reason | undefined {
  const { server } = observed;
  const called = `Server ${server.name} (${server.id})`;
  const task = server['OS-EXT-STS:task_state'];
  if (server.status === 'ERROR' && !task) return undefined;
  if (server.status === 'BUILD') return { reason: 'Building', message: `${called} is being built${task ? ` (${task})` : ''}.` };
  if (task) return { reason: 'Busy', message: `${called} is ${server.status}, and ${task} is under way.` };
  if (server.status === 'UNKNOWN') return { reason: 'HostUnreachable', message: `${called}: its compute host does not answer.` };
  if (powerStateOf(server.status) === undefined && server.status !== 'VERIFY_RESIZE') {
    return { reason: 'Busy', message: `${called} is in transition (${server.status}).` };
  }
  const moving = movingVolumes(desired, observed);
  if (moving.length > 0) {
    const list = moving.map((volume) => `${volume.name ?? volume.id} is ${volume.status}`).join(', ');
    return { reason: 'VolumeNotReady', message: `${called}: volume ${list}.` };
  }
  const comparesPorts = desired.networks !== undefined || desired.securityGroups !== undefined;
  if (comparesPorts && !portsAreKnown(observed)) {
    return { reason: 'PortsNotSeen', message: `${called} shows an interface whose port has not been seen yet.` };
  }
  return undefined;
}

function brokenBy({ onError }: DesiredInstance, { server }: ObservedInstance): NonNullable<Difference['failed']> {
  const fault = server.fault ? `: ${server.fault.message.replace(/\.$/, '')}` : '';
  const recovery = recoveryOf(onError, server);
  const refused = onError?.action === 'Rebuild' && !recovery ? 'It boots from a volume and is not rebuilt. ' : '';
  const message =
    `Server ${server.name} (${server.id}) is in state ERROR${fault}. ${refused}` +
    `Remove the cause, then delete the server in the cloud to have it made anew, or reset its state.`;
  return { reason: 'ServerError', message, ...(recovery && { recovery }) };
}
