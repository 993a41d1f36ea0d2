import type { ActionInput } from '../data/actions.ts';
import type { ResourceDetail } from '../data/resource.ts';

type Body = Readonly<Record<string, unknown>>;
type Rows = readonly Body[];

/** Actions that change what is there: their form begins with how it is. Others make something new. */
const edits = /\.(?:edit|rename|setMetadata|setTags|extend|retype|setBootable|setReadOnly)$/;

/** How the fields of an action's input are now; a field that says nothing is left out. */
export function currentInput(action: string, { row, body }: Pick<ResourceDetail, 'row' | 'body'>): ActionInput {
  if (!edits.test(action)) return {};
  const found: Body = {
    ...ofRow(row),
    ...(body && ofBody(body)),
    ...(row.type === 'image' && body && ofImage(body)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined && value !== null));
}

function ofRow(row: Body): Body {
  return {
    name: row['name'],
    description: row['description'],
    tags: row['tags'],
    adminStateUp: row['up'],
    stateful: row['stateful'],
    bootable: row['bootable'],
    sizeGiB: row['size'],
    volumeType: row['volumeType'],
  };
}

function ofBody(body: Body): Body {
  const rows = (name: string) => body[name] as Rows | undefined;
  return {
    metadata: ownEntries(body['metadata']),
    mtu: body['mtu'],
    portSecurityEnabled: body['port_security_enabled'],
    gatewayIP: body['gateway_ip'],
    enableDHCP: body['enable_dhcp'],
    dnsNameservers: body['dns_nameservers'],
    allocationPools: body['allocation_pools'],
    hostRoutes: body['host_routes'],
    routes: body['routes'],
    fixedIPs: rows('fixed_ips')?.map((one) => ({ subnetId: one['subnet_id'], ipAddress: one['ip_address'] })),
    // Of an instance it is a list of names, and nothing to edit.
    securityGroupIds: (body['security_groups'] as readonly unknown[] | undefined)?.filter((one) => typeof one === 'string'),
    allowedAddressPairs: rows('allowed_address_pairs')?.map((one) => ({ ipAddress: one['ip_address'], macAddress: one['mac_address'] })),
  };
}

function ofImage(body: Body): Body {
  return {
    visibility: body['visibility'],
    protected: body['protected'],
    hidden: body['os_hidden'],
    minDiskGiB: body['min_disk'],
    minRamMiB: body['min_ram'],
  };
}

/** Without what Stackwarden keeps for itself there, which nobody may change. */
function ownEntries(metadata: unknown): Body | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('stackwarden.')));
}
