import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as flavors from '#controller/openstack/compute/flavors.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as serverGroups from '#controller/openstack/compute/server-groups.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import { type IdOf, idByName, type Step, show, words } from './step.ts';

const imageId = (cloud: Cloud) => idByName(images.list(cloud.image), 'cirros');

/** The client makes the key and shows the private half, which nobody keeps; its answer is not the id. */
export function keyPair(name: string): Step {
  const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(42)}${name.length % 10} adopt`;
  return {
    makes: `KeyPair/${name}`,
    cli: () => ['keypair', 'create', '--type', 'ssh', name],
    api: async (cloud) => (await keypairs.create(cloud.compute, { name, public_key: key, type: 'ssh' })).name,
  };
}

interface ImageChoice {
  readonly minDisk?: number;
  readonly properties?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
}

/** Of what a file of the client's machine holds; the content is no matter. */
export function image(name: string, { minDisk = 0, properties = {}, tags = [] }: ImageChoice = {}): Step {
  return {
    makes: `Image/${name}`,
    cli: () => [
      ...words(`image create ${show} --file /etc/os-release --disk-format raw --container-format bare --private --min-disk ${minDisk}`),
      ...Object.entries(properties).flatMap(([key, value]) => ['--property', `${key}=${value}`]),
      ...tags.flatMap((tag) => ['--tag', tag]),
      name,
    ],
    async api(cloud) {
      const fields = { name, disk_format: 'raw', container_format: 'bare', visibility: 'private' as const, min_disk: minDisk, tags };
      const { id } = await images.create(cloud.image, { ...properties, ...fields });
      await images.upload(cloud.image, id, async function* () {
        yield Buffer.from('NAME=x\n');
      });
      return id;
    },
  };
}

export function serverGroup(name: string, policy: 'affinity' | 'anti-affinity'): Step {
  return {
    makes: `ServerGroup/${name}`,
    cli: () => [...words(`server group create ${show} --policy ${policy}`), name],
    api: async (cloud) => (await serverGroups.create(cloud.compute, { name, policy })).id,
  };
}

interface ServerChoice {
  readonly key: string;
  /** Its network and group, where it has no port of its own. */
  readonly network?: string;
  readonly group?: string;
  readonly port?: string;
  /** Server group. */
  readonly beside?: string;
  /** Volume it boots from, instead of from an image. */
  readonly root?: string;
}

export function server(name: string, choice: ServerChoice): Step {
  const { key, network, group, port, beside, root } = choice;
  return {
    makes: `Instance/${name}`,
    cli: (id) => [
      ...words(`server create ${show} --flavor m1.tiny`),
      '--key-name',
      key,
      ...(root === undefined ? ['--image', 'cirros'] : ['--volume', id(`Volume/${root}`)]),
      ...(network === undefined ? [] : ['--network', id(`Network/${network}`)]),
      ...(group === undefined ? [] : ['--security-group', id(`SecurityGroup/${group}`)]),
      ...(port === undefined ? [] : ['--port', id(`Port/${port}`)]),
      ...(beside === undefined ? [] : ['--hint', `group=${id(`ServerGroup/${beside}`)}`]),
      name,
    ],
    async api(cloud, id) {
      const body: servers.ServerCreate = {
        name,
        flavorRef: await idByName(flavors.list(cloud.compute), 'm1.tiny'),
        ...(await bootOf(cloud, id, root)),
        networks: [port === undefined ? { uuid: id(`Network/${network}`) } : { port: id(`Port/${port}`) }],
        key_name: key,
        ...(group !== undefined && { security_groups: [{ name: id(`SecurityGroup/${group}`) }] }),
      };
      return (await servers.create(cloud.compute, body, beside === undefined ? undefined : { group: id(`ServerGroup/${beside}`) })).id;
    },
  };
}

async function bootOf(cloud: Cloud, id: IdOf, root: string | undefined): Promise<Partial<servers.ServerCreate>> {
  if (root === undefined) return { imageRef: await imageId(cloud) };
  const device = { boot_index: 0, uuid: id(`Volume/${root}`), source_type: 'volume', destination_type: 'volume' } as const;
  return { block_device_mapping_v2: [device] };
}

interface VolumeChoice {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Filled from an image. */
  readonly isBootable?: boolean;
  /** Snapshot it is filled from. */
  readonly from?: string;
}

export function volume(name: string, { metadata = {}, isBootable = false, from }: VolumeChoice = {}): Step {
  return {
    makes: `Volume/${name}`,
    cli: (id) => [
      ...words(`volume create ${show} --size 1`),
      ...Object.entries(metadata).flatMap(([key, value]) => ['--property', `${key}=${value}`]),
      ...(isBootable ? ['--image', 'cirros'] : []),
      ...(from === undefined ? [] : ['--snapshot', id(`VolumeSnapshot/${from}`)]),
      name,
    ],
    api: async (cloud, id) =>
      (
        await volumes.create(cloud.blockStorage, {
          name,
          size: 1,
          metadata,
          ...(isBootable && { imageRef: await imageId(cloud) }),
          ...(from !== undefined && { snapshot_id: id(`VolumeSnapshot/${from}`) }),
        })
      ).id,
  };
}

export function volumeSnapshot(name: string, of: string): Step {
  return {
    makes: `VolumeSnapshot/${name}`,
    cli: (id) => [...words(`volume snapshot create ${show} --volume ${id(`Volume/${of}`)}`), name],
    api: async (cloud, id) => (await snapshots.create(cloud.blockStorage, { volume_id: id(`Volume/${of}`), name })).id,
  };
}

export function serverSnapshot(name: string, of: string): Step {
  return {
    makes: `InstanceSnapshot/${name}`,
    cli: (id) => [...words(`server image create ${show} --name`), name, id(`Instance/${of}`)],
    api: async (cloud, id) => (await servers.createImage(cloud.compute, id(`Instance/${of}`), { name })).id,
  };
}

export function attachment(of: string, disk: string): Step {
  return {
    cli: (id) => ['server', 'add', 'volume', id(`Instance/${of}`), id(`Volume/${disk}`)],
    async api(cloud, id) {
      await servers.attachVolume(cloud.compute, id(`Instance/${of}`), { volumeId: id(`Volume/${disk}`) });
    },
  };
}
