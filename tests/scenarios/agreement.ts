import type { CloudContents } from './contents.ts';

/** A declared object, as its manifest says it. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Record<string, unknown>;
}

/** Every declared field of which the cloud holds something else: `Volume data: size is 2, declared 1`. Empty when they agree. */
export function disagreements(manifests: readonly Manifest[], contents: CloudContents): string[] {
  return manifests.flatMap((manifest) => {
    const compare = comparisons[manifest.kind];
    if (!compare) return [];
    const wrong: string[] = [];
    const name = text(manifest.spec.name) ?? manifest.metadata.name;
    const check: Check = (field, observed, declared) => {
      if (declared === undefined || JSON.stringify(observed) === JSON.stringify(declared)) return;
      wrong.push(`${manifest.kind} ${name}: ${field} is ${JSON.stringify(observed)}, declared ${JSON.stringify(declared)}`);
    };
    compare({ spec: manifest.spec, name, contents, check, manifests });
    return wrong;
  });
}

type Check = (field: string, observed: unknown, declared: unknown) => void;
interface Comparison {
  readonly spec: Record<string, unknown>;
  readonly name: string;
  readonly contents: CloudContents;
  readonly check: Check;
  readonly manifests: readonly Manifest[];
}

const comparisons: Record<string, (comparison: Comparison) => void> = {
  Network({ spec, name, contents, check }) {
    const found = only(contents.networks, name, check);
    if (!found) return;
    check('mtu', found.mtu, spec.mtu);
    check('admin_state_up', found.admin_state_up, spec.adminStateUp);
    check('port_security_enabled', found.port_security_enabled, spec.portSecurityEnabled);
    check('tags', found.tags?.toSorted(), (spec.tags as string[] | undefined)?.toSorted());
    check('description', plain(found.description), spec.description);
  },
  Subnet({ spec, name, contents, check }) {
    const found = only(contents.subnets, name, check);
    if (!found) return;
    check('network', contents.networks.find((network) => network.id === found.network_id)?.name, refName(spec.networkRef));
    check('cidr', found.cidr, spec.cidr);
    check('gateway_ip', found.gateway_ip, spec.gatewayIP);
    check('enable_dhcp', found.enable_dhcp, spec.enableDHCP);
    check('dns_nameservers', found.dns_nameservers, spec.dnsNameservers);
    check('description', plain(found.description), spec.description);
  },
  SecurityGroup({ spec, name, contents, check }) {
    const found = only(contents.securityGroups, name, check);
    if (!found) return;
    check('description', plain(found.description), spec.description);
    const groupName = (id: string | null) => contents.securityGroups.find((group) => group.id === id)?.name ?? null;
    const observed = found.security_group_rules.map((rule) =>
      ruleText(
        rule.direction,
        rule.ethertype,
        rule.protocol,
        rule.port_range_min,
        rule.port_range_max,
        rule.remote_ip_prefix,
        groupName(rule.remote_group_id),
      ),
    );
    const declared = (spec.rules as Record<string, never>[] | undefined)?.map((rule) =>
      ruleText(
        rule.direction,
        rule.ethertype ?? 'IPv4',
        rule.protocol,
        rule.portRangeMin,
        rule.portRangeMax,
        rule.remoteIPPrefix,
        refName(rule.remoteGroupRef),
      ),
    );
    check('rules', observed.toSorted(), declared?.toSorted());
  },
  KeyPair({ spec, name, contents, check }) {
    const found = contents.keypairs.filter((keypair) => keypair.name === name);
    check('count', found.length, 1);
    check('public_key', keyBody(found[0]?.public_key), keyBody(spec.publicKey as string | undefined));
  },
  Volume({ spec, name, contents, check }) {
    const found = only(contents.volumes, name, check);
    if (!found) return;
    check('size', found.size, spec.sizeGiB);
    check('volume_type', found.volume_type, spec.volumeType);
    check('description', plain(found.description ?? ''), spec.description);
    check('metadata', ownKeys(found.metadata), spec.metadata === undefined ? undefined : sorted(spec.metadata as Record<string, string>));
    if (spec.image) check('bootable', found.bootable, 'true');
  },
  Instance({ spec, name, contents, check, manifests }) {
    const found = only(contents.servers, name, check);
    if (!found) return;
    check('flavor', found.flavor.original_name, (spec.flavor as { name?: string }).name);
    check('status', found.status, statusOf[text(spec['powerState']) ?? 'Running']);
    check('key_name', found.key_name, spec.keyPairRef ? refName(spec.keyPairRef) : undefined);
    check('metadata', ownKeys(found.metadata), spec.metadata === undefined ? undefined : sorted(spec.metadata as Record<string, string>));
    check('tags', found.tags?.toSorted(), (spec.tags as string[] | undefined)?.toSorted());
    const own = contents.ports.filter((port) => port.device_id === found.id);
    const networkName = (id: string) => contents.networks.find((network) => network.id === id)?.name;
    const wantedNetworks = (spec.networks as { networkRef?: unknown }[] | undefined)?.map((entry) => refName(entry.networkRef));
    check('networks', own.map((port) => networkName(port.network_id) ?? '').toSorted(), wantedNetworks?.toSorted());
    const wantedGroups = (spec.securityGroupRefs as unknown[] | undefined)?.map(refName).toSorted();
    for (const port of own) {
      check(
        'security groups',
        port.security_groups.map((id) => contents.securityGroups.find((group) => group.id === id)?.name ?? '').toSorted(),
        wantedGroups,
      );
    }
    const cloudName = (volume: string) =>
      text(manifests.find((m) => m.kind === 'Volume' && m.metadata.name === volume)?.spec.name) ?? volume;
    const boot = refName((spec.bootVolume as { volumeRef?: unknown } | undefined)?.volumeRef);
    const wantedVolumes = [
      ...(boot ? [boot] : []),
      ...((spec.volumes as { volumeRef: unknown }[] | undefined) ?? []).map((entry) => refName(entry.volumeRef) ?? ''),
    ];
    const attached = contents.volumes.filter((volume) => volume.attachments.some((attachment) => attachment.server_id === found.id));
    check('volumes', attached.map((volume) => volume.name ?? '').toSorted(), wantedVolumes.map(cloudName).toSorted());
  },
};

const statusOf: Record<string, string> = {
  Running: 'ACTIVE',
  Stopped: 'SHUTOFF',
  Paused: 'PAUSED',
  Suspended: 'SUSPENDED',
  Shelved: 'SHELVED_OFFLOADED',
};

function only<T extends { name: string | null }>(rows: readonly T[], name: string, check: Check): T | undefined {
  const found = rows.filter((row) => row.name === name);
  check('count', found.length, 1);
  return found[0];
}

const protocols: Record<string, string> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'ipv6-icmp' };

function ruleText(
  direction: unknown,
  ethertype: unknown,
  protocol: unknown,
  min: unknown,
  max: unknown,
  prefix: unknown,
  group: unknown,
): string {
  const known =
    protocol === undefined || protocol === null ? 'any' : (protocols[`${protocol as string | number}`] ?? `${protocol as string | number}`);
  const remote = group ?? (prefix === '0.0.0.0/0' || prefix === '::/0' ? undefined : prefix) ?? 'anywhere';
  return [direction, ethertype, known, min ?? '*', max ?? '*', remote].join(' ');
}

function refName(reference: unknown): string | undefined {
  return (reference as { name?: string } | undefined)?.name;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function plain(description: string | null): string {
  return (description ?? '').replace(/ ?\[stackwarden [^\]]*\]$/, '');
}

function ownKeys(metadata: Record<string, string>): Record<string, string> {
  return sorted(Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('stackwarden') && key !== 'readonly')));
}

function sorted(map: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => a.localeCompare(b)));
}

function keyBody(key: string | undefined): string | undefined {
  return key?.split(' ').slice(0, 2).join(' ').trim();
}
