import * as servers from '#controller/openstack/compute/servers.ts';
import { isNotFound } from '#controller/openstack/errors.ts';
import { ActionFailed, type AnyAction, type Effects } from '../action.ts';
import { firstOf, type InstanceAction, type InstanceLook, noInput } from './states.ts';

const remove: InstanceAction = {
  name: 'instance.delete',
  type: 'server',
  target: 'one',
  permission: 'instance.delete',
  summary: 'Delete an instance',
  removes: true,
  input: noInput,
  danger: 'loss',
  obstacle: ({ target, declared }) =>
    firstOf(
      target.locked ? { reason: 'Locked', message: 'It is locked; unlock it first.' } : undefined,
      target['OS-EXT-STS:task_state'] === 'deleting' ? { reason: 'Busy', message: 'It is being deleted already.' } : undefined,
      declared?.spec['deletionProtection'] === true
        ? { reason: 'Protected', message: 'Its object has deletionProtection; take that back first.' }
        : undefined,
      declared?.spec['deletionPolicy'] === 'Retain'
        ? { reason: 'Retained', message: 'Its object has deletionPolicy Retain, so the instance would stay; set that to Delete first.' }
        : undefined,
    ),
  effects: (look) => ({
    changes: [{ path: '', from: 'present', to: null }],
    takesAlong: [...volumesOf(look), ...floatingIPsOf(look)],
    loses:
      look.target.image === ''
        ? 'The instance; the volume it boots from is kept unless it says otherwise below.'
        : 'Everything on its disk.',
  }),
  async run(run) {
    await run.step('Asking the cloud to delete it', 10);
    await run.send('delete', async () => {
      try {
        await servers.remove(run.cloud.compute, run.id);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return null;
    });
    await run.step('Waiting until it is gone', 50);
    await run.until('the end of the instance', async () => {
      const server = await run.inventory.reread('server', run.id);
      if (!server || servers.isDeleted(server)) return true;
      if (server.status === 'ERROR' && server['OS-EXT-STS:task_state'] === null && run.before?.status !== 'ERROR') {
        throw new ActionFailed('NotDeleted', `The cloud could not delete it: ${server.fault?.message ?? 'it says no more'}.`);
      }
      return undefined;
    });
    run.inventory.forget('server', run.id);
    return undefined;
  },
};

function volumesOf({ target, inventory }: InstanceLook): Effects['takesAlong'] {
  return target['os-extended-volumes:volumes_attached'].map(({ id, delete_on_termination: goes }) => ({
    type: 'volume' as const,
    id,
    name: inventory.get('volume', id)?.name ?? '',
    what: goes ? 'Is deleted with all that is on it.' : 'Is detached and kept.',
  }));
}

function floatingIPsOf({ target, inventory }: InstanceLook): Effects['takesAlong'] {
  const leading = inventory.byParent('port', target.id).flatMap((port) => inventory.byParent('floatingip', port.id));
  return leading.map(({ id, floating_ip_address: name }) => ({ type: 'floatingip' as const, id, name, what: 'Leads nowhere any more.' }));
}

export const deleteActions: readonly AnyAction[] = [remove];
