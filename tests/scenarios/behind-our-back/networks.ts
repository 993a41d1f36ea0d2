import * as floatingIps from '#controller/openstack/network/floating-ips.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import * as rules from '#controller/openstack/network/security-group-rules.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { type IdOf, idByName, type Step, show, words } from './step.ts';

export function network(label: string, spec: { name: string; mtu?: number; description?: string; isShut?: boolean }): Step {
  const { name, mtu, description, isShut = false } = spec;
  return {
    makes: `Network/${label}`,
    cli: () => [
      ...words(`network create ${show}`),
      ...(mtu === undefined ? [] : ['--mtu', String(mtu)]),
      ...(description === undefined ? [] : ['--description', description]),
      ...(isShut ? ['--disable'] : []),
      name,
    ],
    api: async (cloud) =>
      (
        await networks.create(cloud.network, {
          name,
          admin_state_up: !isShut,
          ...(mtu !== undefined && { mtu }),
          ...(description !== undefined && { description }),
        })
      ).id,
  };
}

interface SubnetChoice {
  readonly cidr: string;
  readonly name?: string;
  readonly gateway?: string;
  readonly dns?: string;
  readonly hasDhcp?: boolean;
  readonly pool?: readonly [string, string];
}

export function subnet(label: string, on: string, { cidr, name = label, gateway, dns, hasDhcp = true, pool }: SubnetChoice): Step {
  const version = cidr.includes(':') ? 6 : 4;
  return {
    makes: `Subnet/${label}`,
    cli: (id) => [
      ...words(`subnet create ${show} --network ${id(`Network/${on}`)} --subnet-range ${cidr} --ip-version ${version}`),
      ...(gateway === undefined ? [] : ['--gateway', gateway]),
      ...(dns === undefined ? [] : ['--dns-nameserver', dns]),
      ...(hasDhcp ? [] : ['--no-dhcp']),
      ...(pool ? ['--allocation-pool', `start=${pool[0]},end=${pool[1]}`] : []),
      name,
    ],
    api: async (cloud, id) =>
      (
        await subnets.create(cloud.network, {
          network_id: id(`Network/${on}`),
          cidr,
          ip_version: version,
          name,
          enable_dhcp: hasDhcp,
          ...(gateway !== undefined && { gateway_ip: gateway === 'none' ? null : gateway }),
          ...(dns !== undefined && { dns_nameservers: [dns] }),
          ...(pool && { allocation_pools: [{ start: pool[0], end: pool[1] }] }),
        })
      ).id,
  };
}

export function group(name: string): Step {
  const description = `Group ${name}`;
  return {
    makes: `SecurityGroup/${name}`,
    cli: () => [...words(`security group create ${show} --description`), description, name],
    api: async (cloud) => (await groups.create(cloud.network, { name, description })).id,
  };
}

interface RuleChoice {
  readonly protocol: string;
  readonly port: number;
  readonly remote?: string;
  readonly remoteIp?: string;
}

export function rule(of: string, { protocol, port, remote, remoteIp }: RuleChoice): Step {
  return {
    cli: (id) => [
      ...words(`security group rule create ${show} --protocol ${protocol} --dst-port ${port}`),
      ...(remote === undefined ? ['--remote-ip', remoteIp ?? ''] : ['--remote-group', id(`SecurityGroup/${remote}`)]),
      id(`SecurityGroup/${of}`),
    ],
    async api(cloud, id) {
      await rules.create(cloud.network, {
        security_group_id: id(`SecurityGroup/${of}`),
        direction: 'ingress',
        protocol,
        port_range_min: port,
        port_range_max: port,
        ...(remote !== undefined && { remote_group_id: id(`SecurityGroup/${remote}`) }),
        ...(remoteIp !== undefined && { remote_ip_prefix: remoteIp }),
      });
    },
  };
}

/** With a way out to the network `public`, if it is an edge. */
export function router(name: string, { isEdge = false } = {}): Step {
  return {
    makes: `Router/${name}`,
    cli: () => [...words(`router create ${show}`), ...(isEdge ? ['--external-gateway', 'public'] : []), name],
    async api(cloud) {
      const gateway = isEdge ? { external_gateway_info: { network_id: await idByName(networks.list(cloud.network), 'public') } } : {};
      return (await routers.create(cloud.network, { name, ...gateway })).id;
    },
  };
}

export function plug(of: string, target: { subnet: string } | { port: string }): Step {
  const isSubnet = 'subnet' in target;
  const targetOf = (id: IdOf) => id(isSubnet ? `Subnet/${target.subnet}` : `RouterPort/${target.port}`);
  return {
    cli: (id) => ['router', 'add', isSubnet ? 'subnet' : 'port', id(`Router/${of}`), targetOf(id)],
    async api(cloud, id) {
      await routers.addInterface(cloud.network, id(`Router/${of}`), isSubnet ? { subnet_id: targetOf(id) } : { port_id: targetOf(id) });
    },
  };
}

export function route(of: string, destination: string, nexthop: string): Step {
  return {
    cli: (id) => ['router', 'set', '--route', `destination=${destination},gateway=${nexthop}`, id(`Router/${of}`)],
    async api(cloud, id) {
      const { routes } = await routers.get(cloud.network, id(`Router/${of}`));
      await routers.update(cloud.network, id(`Router/${of}`), { routes: [...routes, { destination, nexthop }] });
    },
  };
}

interface PortChoice {
  readonly on: string;
  readonly subnet: string;
  readonly ip: string;
  readonly groups?: readonly string[];
  readonly description?: string;
  /** Made for a router: part of that, nobody declares it. */
  readonly isOfRouter?: true;
}

export function port(name: string, { on, subnet: of, ip, groups: wanted = [], description, isOfRouter }: PortChoice): Step {
  return {
    makes: `${isOfRouter ? 'RouterPort' : 'Port'}/${name}`,
    cli: (id) => [
      ...words(`port create ${show} --network ${id(`Network/${on}`)} --fixed-ip subnet=${id(`Subnet/${of}`)},ip-address=${ip}`),
      ...wanted.flatMap((group) => ['--security-group', id(`SecurityGroup/${group}`)]),
      ...(description === undefined ? [] : ['--description', description]),
      name,
    ],
    api: async (cloud, id) =>
      (
        await ports.create(cloud.network, {
          network_id: id(`Network/${on}`),
          name,
          fixed_ips: [{ subnet_id: id(`Subnet/${of}`), ip_address: ip }],
          ...(wanted.length > 0 && { security_groups: wanted.map((group) => id(`SecurityGroup/${group}`)) }),
          ...(description !== undefined && { description }),
        })
      ).id,
  };
}

/** It has no name; what it is called here it has as a description. */
export function floatingIp(description: string, { port: to }: { port?: string } = {}): Step {
  return {
    makes: `FloatingIP/${description}`,
    cli: (id) => [
      ...words(`floating ip create ${show}`),
      ...(to === undefined ? [] : ['--port', id(`Port/${to}`)]),
      '--description',
      description,
      'public',
    ],
    api: async (cloud, id) =>
      (
        await floatingIps.create(cloud.network, {
          floating_network_id: await idByName(networks.list(cloud.network), 'public'),
          description,
          ...(to !== undefined && { port_id: id(`Port/${to}`) }),
        })
      ).id,
  };
}

/** Leads a floating IP to the port Nova made for a server. */
export function leadTo(server: string, floating: string): Step {
  return {
    cli: (id) => ['server', 'add', 'floating', 'ip', id(`Instance/${server}`), id(`FloatingIP/${floating}`)],
    async api(cloud, id) {
      for await (const page of ports.list(cloud.network, { device_id: id(`Instance/${server}`) }))
        if (page[0]) await floatingIps.update(cloud.network, id(`FloatingIP/${floating}`), { port_id: page[0].id });
    },
  };
}
