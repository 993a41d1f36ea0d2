import type { CloudInventory } from '#controller/inventory/inventory.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';

/** What the engine passes to a kind as its `Cloud`: the calls, and what the cloud is known to hold. */
export interface CloudHandle {
  readonly client: Cloud;
  readonly inventory: CloudInventory;
  /** Below it images may take their data from files; none when undefined. */
  readonly imageDirectory?: string;
}
