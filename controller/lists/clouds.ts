import type { NoConnection } from '#controller/engine/ports.ts';
import type { ManagedInventory } from '../inventory/cloud-inventory.ts';
import type { ResourceType } from '../inventory/inventory.ts';
import { TRACKED } from '../inventory/tracked.ts';

/** How far the rows of one cloud can be trusted. */
export interface CloudState {
  readonly cluster: string;
  /**
   * `Fresh`: the newest look worked. `Stale`: it failed, or is long under way; what was seen before stands. `Listing`: the first look is
   * under way. `Unreachable`: nothing was seen since the start.
   */
  readonly state: 'Fresh' | 'Stale' | 'Listing' | 'Unreachable';
  /** Epoch ms at which the oldest of the types asked about was last listed whole; null when one never was since the start. */
  readonly listedAt: number | null;
  /** Why the newest look failed. */
  readonly error?: { readonly reason: string; readonly message: string };
}

/** What tells of one cloud. */
export interface CloudLook {
  readonly cluster: string;
  readonly inventory: ManagedInventory | undefined;
  /** Why there is no connection. */
  readonly why: NoConnection | undefined;
  /** What was not listed for so long is stale, though the cloud may still be answering slowly. */
  readonly staleMs: number;
}

export function cloudState({ cluster, inventory, why, staleMs }: CloudLook, types: readonly ResourceType[], now: number): CloudState {
  if (!inventory) {
    return { cluster, state: 'Unreachable', listedAt: null, error: why ?? { reason: 'NotConnected', message: 'It is not connected.' } };
  }
  const times = types.map((type) => inventory.listedAt(type));
  const oldest = times.length === 0 ? 0 : Math.min(...times);
  const failed = types.flatMap((type) => {
    const report = inventory.lastSweep.get(type);
    return report?.error === undefined ? [] : [`${TRACKED[type].service}: ${withoutRequestIds(report.error)}`];
  });
  const error = failed.length === 0 ? undefined : { reason: 'LookFailed', message: [...new Set(failed)].join('; ') };
  return {
    cluster,
    state: stateOf(oldest, error !== undefined, now - oldest > staleMs),
    listedAt: oldest === 0 ? null : oldest,
    ...(error && { error }),
  };
}

function stateOf(listedAt: number, hasFailed: boolean, isOld: boolean): CloudState['state'] {
  if (listedAt === 0) return hasFailed ? 'Unreachable' : 'Listing';
  return hasFailed || isOld ? 'Stale' : 'Fresh';
}

/** The same failure is the same text. */
function withoutRequestIds(text: string): string {
  return text.replaceAll(/ ?\(?req-[0-9a-f-]{36}\)?/g, '');
}
