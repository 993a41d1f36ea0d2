import { requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { pages } from '../pages.ts';
import { VOLUME_MICROVERSION } from './volumes.ts';

export interface VolumeType {
  id: string;
  name: string;
  description: string | null;
  is_public?: boolean;
  'os-volume-type-access:is_public'?: boolean;
  /** Those the policy shows. */
  extra_specs?: Record<string, string>;
  qos_specs_id?: string | null;
}

/** Volume types this project may use. */
export function list(client: ServiceClient, query: { limit?: number } = {}): AsyncIterable<VolumeType[]> {
  return pages<VolumeType>(client, {
    path: '/types',
    query: { limit: 1000, ...query },
    key: 'volume_types',
    microversion: VOLUME_MICROVERSION,
  });
}

/** `default` names the cloud's default type. */
export function get(client: ServiceClient, id: string): Promise<VolumeType> {
  const options = { method: 'GET' as const, path: `/types/${encodeURIComponent(id)}`, microversion: VOLUME_MICROVERSION };
  return requestOne<VolumeType>(client, options, 'volume_type');
}
