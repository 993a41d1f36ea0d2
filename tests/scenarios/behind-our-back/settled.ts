import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import { until } from './step.ts';

const states: Readonly<Record<string, (cloud: Cloud, id: string) => Promise<{ status: string }>>> = {
  Volume: (cloud, id) => volumes.get(cloud.blockStorage, id),
  VolumeSnapshot: (cloud, id) => snapshots.get(cloud.blockStorage, id),
  Instance: (cloud, id) => servers.get(cloud.compute, id),
  Image: (cloud, id) => images.get(cloud.image, id),
  InstanceSnapshot: (cloud, id) => images.get(cloud.image, id),
};

/** Waits until what takes the cloud a while is there for use. `made` holds ids by `Kind/label`. */
export async function settled(cloud: Cloud, made: ReadonlyMap<string, string>): Promise<void> {
  const waiting = new Map([...made].filter(([label]) => kindOf(label) in states));
  const isReady = async () => {
    for (const [label, id] of waiting) {
      const status = (await states[kindOf(label)]?.(cloud, id))?.status ?? '';
      if (/^(error|killed)/i.test(status)) throw new Error(`${label} is in state ${status}`);
      if (!/^(available|in-use|active)$/i.test(status)) return false;
      if (status !== 'available') waiting.delete(label);
    }
    return true;
  };
  await until(isReady, `ready for use: ${[...waiting.keys()].join(', ')}`);
}

const kindOf = (label: string) => label.split('/')[0] ?? '';
