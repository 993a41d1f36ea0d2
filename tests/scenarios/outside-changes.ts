import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as flavors from '#controller/openstack/compute/flavors.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as rules from '#controller/openstack/network/security-group-rules.ts';
import * as securityGroups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import type { CloudContents } from './contents.ts';

/** A change somebody makes past us to a resource of examples/shop, and the drift it has to show as. */
export interface OutsideChange {
  readonly name: string;
  readonly kind: string;
  readonly object: string;
  /** `''` for a lost resource. */
  readonly path: string;
  readonly declared: unknown;
  readonly observed: unknown;
  /** The same change for the `openstack` client; several commands in order. */
  cli(ids: Ids): string[][];
  api(cloud: Cloud, ids: Ids, contents: CloudContents): Promise<unknown>;
  /** Cannot be put right in place: Correct stops at ReplacementRequired instead. */
  readonly needsReplace?: boolean;
}

/** Cloud ids by `Kind/name`. */
export type Ids = (object: string) => string;

export const outsideChanges: readonly OutsideChange[] = [
  {
    name: 'an instance is renamed',
    ...drift('Instance', 'web-1', 'spec.name', 'web-1', 'renamed-web'),
    cli: (ids) => [['server', 'set', '--name', 'renamed-web', ids('Instance/web-1')]],
    api: (cloud, ids) => servers.update(cloud.compute, ids('Instance/web-1'), { name: 'renamed-web' }),
  },
  {
    name: "an instance's metadata is altered",
    ...drift('Instance', 'web-1', 'spec.metadata.tier', 'web', 'other'),
    cli: (ids) => [['server', 'set', '--property', 'tier=other', ids('Instance/web-1')]],
    api: (cloud, ids) => servers.setMetadata(cloud.compute, ids('Instance/web-1'), { tier: 'other' }),
  },
  {
    name: 'metadata is added to an instance',
    ...drift('Instance', 'web-2', 'spec.metadata.intruder', null, 'yes'),
    cli: (ids) => [['server', 'set', '--property', 'intruder=yes', ids('Instance/web-2')]],
    api: (cloud, ids) => servers.setMetadata(cloud.compute, ids('Instance/web-2'), { intruder: 'yes' }),
  },
  {
    name: 'metadata is removed from an instance',
    ...drift('Instance', 'app-1', 'spec.metadata.tier', 'app', null),
    cli: (ids) => [['server', 'unset', '--property', 'tier', ids('Instance/app-1')]],
    api: (cloud, ids) => servers.deleteMetadataKey(cloud.compute, ids('Instance/app-1'), 'tier'),
  },
  {
    name: 'a tag is added to an instance',
    ...drift('Instance', 'app-1', 'spec.tags[extra]', null, 'extra'),
    cli: (ids) => [['--os-compute-api-version', '2.26', 'server', 'set', '--tag', 'extra', ids('Instance/app-1')]],
    api: (cloud, ids) => servers.replaceTags(cloud.compute, ids('Instance/app-1'), ['shop', 'app', 'extra']),
  },
  {
    name: 'an instance is stopped',
    ...drift('Instance', 'app-2', 'spec.powerState', 'Running', 'Stopped'),
    cli: (ids) => [['server', 'stop', ids('Instance/app-2')]],
    api: (cloud, ids) => servers.stop(cloud.compute, ids('Instance/app-2')),
  },
  {
    name: 'an instance is resized',
    ...drift('Instance', 'web-2', 'spec.flavor', 'm1.tiny', 'm1.small'),
    cli: (ids) => [
      ['server', 'resize', '--flavor', 'm1.small', '--wait', ids('Instance/web-2')],
      ['server', 'resize', 'confirm', ids('Instance/web-2')],
    ],
    async api(cloud, ids) {
      const id = ids('Instance/web-2');
      await servers.resize(cloud.compute, id, await flavorId(cloud, 'm1.small'));
      await until(async () => (await servers.get(cloud.compute, id)).status === 'VERIFY_RESIZE');
      await servers.confirmResize(cloud.compute, id);
    },
  },
  {
    name: 'a volume is detached from its instance',
    ...drift('Instance', 'app-1', 'spec.volumes[data-1]', 'attached', null),
    cli: (ids) => [['server', 'remove', 'volume', ids('Instance/app-1'), ids('Volume/data-1')]],
    api: (cloud, ids) => servers.detachVolume(cloud.compute, ids('Instance/app-1'), ids('Volume/data-1')),
  },
  {
    name: 'a security group is taken off an instance',
    ...drift('Instance', 'web-1', 'spec.securityGroupRefs[web]', 'web', null),
    cli: (ids) => [['server', 'remove', 'security', 'group', ids('Instance/web-1'), ids('SecurityGroup/web')]],
    async api(cloud, ids, contents) {
      for (const port of contents.ports.filter((candidate) => candidate.device_id === ids('Instance/web-1'))) {
        await ports.update(cloud.network, port.id, { security_groups: [] });
      }
    },
  },
  {
    name: 'an instance is deleted',
    ...drift('Instance', 'db-2', '', 'present', 'missing'),
    cli: (ids) => [['server', 'delete', '--wait', ids('Instance/db-2')]],
    api: (cloud, ids) => servers.remove(cloud.compute, ids('Instance/db-2')),
  },
  {
    name: 'a volume is extended',
    ...drift('Volume', 'data-2', 'spec.sizeGiB', 1, 2),
    needsReplace: true,
    cli: (ids) => [['--os-volume-api-version', '3.42', 'volume', 'set', '--size', '2', ids('Volume/data-2')]],
    api: (cloud, ids) => volumes.extend(cloud.blockStorage, ids('Volume/data-2'), 2),
  },
  {
    name: 'a volume is renamed',
    ...drift('Volume', 'data-1', 'spec.name', 'data-1', 'renamed-data'),
    cli: (ids) => [['volume', 'set', '--name', 'renamed-data', ids('Volume/data-1')]],
    api: (cloud, ids) => volumes.update(cloud.blockStorage, ids('Volume/data-1'), { name: 'renamed-data' }),
  },
  {
    name: "a volume's metadata is altered",
    ...drift('Volume', 'data-1', 'spec.metadata.owner', 'shop', 'nobody'),
    cli: (ids) => [['volume', 'set', '--property', 'owner=nobody', ids('Volume/data-1')]],
    api: (cloud, ids) => volumes.setMetadata(cloud.blockStorage, ids('Volume/data-1'), { owner: 'nobody' }),
  },
  {
    name: 'a rule is added',
    ...drift('SecurityGroup', 'web', 'spec.rules[ingress IPv4 tcp 22 0.0.0.0/0]', null, 'present'),
    cli: (ids) => [
      [
        'security',
        'group',
        'rule',
        'create',
        '--protocol',
        'tcp',
        '--dst-port',
        '22',
        '--remote-ip',
        '0.0.0.0/0',
        ids('SecurityGroup/web'),
      ],
    ],
    api: (cloud, ids) =>
      rules.create(cloud.network, {
        security_group_id: ids('SecurityGroup/web'),
        direction: 'ingress',
        ethertype: 'IPv4',
        protocol: 'tcp',
        port_range_min: 22,
        port_range_max: 22,
        remote_ip_prefix: '0.0.0.0/0',
      }),
  },
  {
    name: 'a rule is removed',
    ...drift('SecurityGroup', 'web', 'spec.rules[ingress IPv4 tcp 443 0.0.0.0/0]', 'present', null),
    cli: (ids) => [['security', 'group', 'rule', 'delete', ids('Rule/web/443')]],
    api: (cloud, ids) => rules.remove(cloud.network, ids('Rule/web/443')),
  },
  {
    name: 'a rule is altered (the old port)',
    ...drift('SecurityGroup', 'db', 'spec.rules[ingress IPv4 tcp 5432 group app]', 'present', null),
    cli: (ids) => [
      ['security', 'group', 'rule', 'delete', ids('Rule/db/5432')],
      [
        'security',
        'group',
        'rule',
        'create',
        '--protocol',
        'tcp',
        '--dst-port',
        '3306',
        '--remote-ip',
        '10.0.0.0/8',
        ids('SecurityGroup/db'),
      ],
    ],
    async api(cloud, ids) {
      await rules.remove(cloud.network, ids('Rule/db/5432'));
      await rules.create(cloud.network, {
        security_group_id: ids('SecurityGroup/db'),
        direction: 'ingress',
        ethertype: 'IPv4',
        protocol: 'tcp',
        port_range_min: 3306,
        port_range_max: 3306,
        remote_ip_prefix: '10.0.0.0/8',
      });
    },
  },
  {
    name: 'a rule is altered (the new port)',
    ...drift('SecurityGroup', 'db', 'spec.rules[ingress IPv4 tcp 3306 10.0.0.0/8]', null, 'present'),
    cli: () => [],
    api: async () => undefined,
  },
  {
    name: 'a security group is renamed',
    ...drift('SecurityGroup', 'app', 'spec.name', 'app', 'renamed-app'),
    cli: (ids) => [['security', 'group', 'set', '--name', 'renamed-app', ids('SecurityGroup/app')]],
    api: (cloud, ids) => securityGroups.update(cloud.network, ids('SecurityGroup/app'), { name: 'renamed-app' }),
  },
  {
    name: "a network's MTU is changed",
    ...drift('Network', 'front', 'spec.mtu', 1400, 1300),
    cli: (ids) => [['network', 'set', '--mtu', '1300', ids('Network/front')]],
    api: (cloud, ids) => networks.update(cloud.network, ids('Network/front'), { mtu: 1300 }),
  },
  {
    name: 'a network is renamed',
    ...drift('Network', 'back', 'spec.name', 'back', 'renamed-back'),
    cli: (ids) => [['network', 'set', '--name', 'renamed-back', ids('Network/back')]],
    api: (cloud, ids) => networks.update(cloud.network, ids('Network/back'), { name: 'renamed-back' }),
  },
  {
    name: 'a network is shut',
    ...drift('Network', 'back', 'spec.adminStateUp', true, false),
    cli: (ids) => [['network', 'set', '--disable', ids('Network/back')]],
    api: (cloud, ids) => networks.update(cloud.network, ids('Network/back'), { admin_state_up: false }),
  },
  {
    name: "a subnet's name servers are changed",
    ...drift('Subnet', 'front-v4', 'spec.dnsNameservers', ['192.0.2.53'], ['198.51.100.53']),
    cli: (ids) => [['subnet', 'set', '--no-dns-nameservers', '--dns-nameserver', '198.51.100.53', ids('Subnet/front-v4')]],
    api: (cloud, ids) => subnets.update(cloud.network, ids('Subnet/front-v4'), { dns_nameservers: ['198.51.100.53'] }),
  },
  {
    name: 'a subnet is renamed',
    ...drift('Subnet', 'back-v4', 'spec.name', 'back-v4', 'renamed-back-v4'),
    cli: (ids) => [['subnet', 'set', '--name', 'renamed-back-v4', ids('Subnet/back-v4')]],
    api: (cloud, ids) => subnets.update(cloud.network, ids('Subnet/back-v4'), { name: 'renamed-back-v4' }),
  },
  {
    name: 'a key pair is deleted',
    ...drift('KeyPair', 'shop', '', 'present', 'missing'),
    cli: (ids) => [['keypair', 'delete', ids('KeyPair/shop')]],
    api: (cloud, ids) => keypairs.remove(cloud.compute, ids('KeyPair/shop')),
  },
];

function drift(kind: string, object: string, path: string, declared: unknown, observed: unknown) {
  return { kind, object, path, declared, observed };
}

async function flavorId(cloud: Cloud, name: string): Promise<string> {
  for await (const page of flavors.list(cloud.compute)) {
    const found = page.find((flavor) => flavor.name === name);
    if (found) return found.id;
  }
  throw new Error(`no flavor ${name}`);
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await isTrue()) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('the cloud did not get there within 20 s');
}
