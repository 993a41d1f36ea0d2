import { requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import type { Link } from '../links.ts';
import { pages } from '../pages.ts';

/** 2.55 adds the description, 2.61 the extra specs. */
const MICROVERSION = '2.96';

/** A flavor as `/flavors/detail` shows it at 2.61 and later. */
export interface Flavor {
  id: string;
  name: string;
  vcpus: number;
  /** MiB. */
  ram: number;
  /** GiB. */
  disk: number;
  /** MiB; '' for none on clouds older than 2.75. */
  swap: number | '';
  'OS-FLV-EXT-DATA:ephemeral': number;
  'OS-FLV-DISABLED:disabled'?: boolean;
  'os-flavor-access:is_public'?: boolean;
  rxtx_factor?: number;
  description?: string | null;
  extra_specs?: Record<string, string>;
  links?: Link[];
}

/** Flavors this project may use. */
export function list(client: ServiceClient, query: { minDisk?: number; minRam?: number; limit?: number } = {}): AsyncIterable<Flavor[]> {
  return pages<Flavor>(client, {
    path: '/flavors/detail',
    query: { limit: 1000, ...query },
    key: 'flavors',
    microversion: MICROVERSION,
  });
}

export function get(client: ServiceClient, id: string): Promise<Flavor> {
  return requestOne<Flavor>(client, { method: 'GET', path: `/flavors/${encodeURIComponent(id)}`, microversion: MICROVERSION }, 'flavor');
}
