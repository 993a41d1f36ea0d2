import type { JsonObject } from '#controller/engine/json.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';

/** What fields of inputs name by id. */
const types: Readonly<Record<string, ResourceType>> = {
  serverId: 'server',
  flavorId: 'flavor',
  imageId: 'image',
  volumeId: 'volume',
  snapshotId: 'volume_snapshot',
  networkId: 'network',
  externalNetworkId: 'network',
  subnetId: 'subnet',
  portId: 'port',
  floatingIpId: 'floatingip',
  securityGroupId: 'security_group',
  securityGroupIds: 'security_group',
  remoteGroupId: 'security_group',
};
const mostRows = 10;

/** Resources an input names beside the target, as far as anybody would look at them; the input may be anything. */
export function namedIn(input: JsonObject): { readonly type: ResourceType; readonly id: string }[] {
  const rows = Object.entries(input).flatMap(([field, value]) => {
    const type = Object.hasOwn(types, field) ? types[field] : undefined;
    const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
    return type === undefined ? [] : ids.filter(isId).map((id) => ({ type, id }));
  });
  return rows.slice(0, mostRows);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 255;
}
