import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as serverGroups from '#controller/openstack/compute/server-groups.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import { otherImage } from './manifest-sets-parts.ts';

/** An object as far as its import is concerned. */
export interface Importing {
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

interface Filter {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Makes past us what the objects import by a filter, each by the least that fits; ids in the order of making. */
export async function makeImported(cloud: Cloud, objects: readonly Importing[]): Promise<string[]> {
  const made: string[] = [];
  for (const { kind, spec } of objects) {
    const { filter } = (spec['import'] ?? {}) as { filter?: Filter };
    if (filter) made.push(await makeOne(cloud, kind, filter));
  }
  return made;
}

async function makeOne(cloud: Cloud, kind: string, { name = 'imported', tags, metadata }: Filter): Promise<string> {
  switch (kind) {
    case 'Network': {
      const { id } = await networks.create(cloud.network, { name });
      if (tags) await networks.replaceTags(cloud.network, id, tags);
      return id;
    }
    case 'ServerGroup':
      return (await serverGroups.create(cloud.compute, { name, policy: 'soft-affinity' })).id;
    case 'Volume': {
      const { id } = await volumes.create(cloud.blockStorage, { name, size: 1, ...(metadata && { metadata }) });
      while ((await volumes.get(cloud.blockStorage, id)).status !== 'available') await new Promise((done) => setTimeout(done, 200));
      return id;
    }
    default:
      throw new Error(`no ${kind} can be made past us yet; add it to manifest-sets-outside.ts`);
  }
}

/** Makes the image instances of the sets are rebuilt from. */
export async function makeOtherImage(cloud: Cloud): Promise<string> {
  const { id } = await images.create(cloud.image, {
    name: otherImage,
    disk_format: 'raw',
    container_format: 'bare',
    visibility: 'private',
  });
  await images.upload(
    cloud.image,
    id,
    async function* () {
      yield Buffer.alloc(1024);
    },
    { timeoutMs: 60_000 },
  );
  return id;
}
