import { randomUUID } from 'node:crypto';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import { ActionFailed, type AnyAction } from '../action.ts';
import { throwIfFailed } from './settle.ts';
import { type InstanceAction, inputOf, nothingElse, stateObstacle } from './states.ts';

const snapshot: InstanceAction<{ name: string }> = {
  name: 'instance.snapshot',
  type: 'server',
  target: 'one',
  permission: 'snapshot.change',
  summary: 'Make an image of the disk of an instance',
  input: inputOf(
    { name: { type: 'string', minLength: 1, maxLength: 255, description: 'Name of the image: 1 to 255 characters.' } },
    'name',
  ),
  danger: 'none',
  obstacle: (look) => stateObstacle(look, 'copied', ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED']),
  effects: ({ target }) => ({
    ...nothingElse,
    takesAlong: target['os-extended-volumes:volumes_attached'].map(({ id }) => ({
      type: 'volume' as const,
      id,
      name: '',
      what: 'Is copied into a volume snapshot if the instance boots from it.',
    })),
  }),
  async run(run, { name }) {
    await run.step('Asking the cloud for an image', 10);
    // The image is known again by a mark of its own: names are not unique.
    const newMark = async () => randomUUID();
    const mark = await run.send('mark', newMark, newMark);
    const made = await run.send(
      'snapshot',
      () => servers.createImage(run.cloud.compute, run.id, { name, metadata: { 'stackwarden.snapshot': mark ?? '' } }),
      async () => {
        for await (const page of images.list(run.cloud.image, { name })) {
          const found = page.find((image) => image['stackwarden.snapshot'] === mark);
          if (found) return { id: found.id };
        }
        return undefined;
      },
    );
    if (!made)
      throw new ActionFailed('NotSure', 'A restart came in between: look whether there is an image of that name, and ask again if not.');
    await run.step('Waiting until it is stored', 40);
    await run.until('the image', async () => {
      const image = await run.inventory.reread('image', made.id);
      if (!image || image.status === 'killed' || image.status === 'deleted') {
        throw new ActionFailed(
          'CloudFailed',
          'The cloud began to make the image and gave up; its administrator finds why in the log of the host.',
        );
      }
      if (image.status === 'active') return true;
      await throwIfFailed(run);
      return undefined;
    });
    return { resources: [{ type: 'image', id: made.id, name }] };
  },
};

export const snapshotActions: readonly AnyAction[] = [snapshot];
