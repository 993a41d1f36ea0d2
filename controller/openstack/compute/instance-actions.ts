import { requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';

/** 2.51 shows actions of deleted servers to their project; 2.58 adds paging and the time of the last event. */
const MICROVERSION = '2.58';

/** What somebody asked Nova to do with a server. */
export interface InstanceAction {
  /** `create`, `stop`, `resize`, `attach_volume` ...; renames and metadata are not recorded. */
  action: string;
  request_id: string;
  /** `Error` when it failed; null otherwise. */
  message?: string | null;
  /** null in records of old clouds. */
  user_id: string | null;
  /** Without a zone; UTC. */
  start_time: string;
}

/** The newest actions on a server, newest first. */
export function list(client: ServiceClient, serverId: string, { limit = 50 }: { limit?: number } = {}): Promise<InstanceAction[]> {
  const path = `/servers/${encodeURIComponent(serverId)}/os-instance-actions`;
  return requestOne<InstanceAction[]>(
    client,
    { method: 'GET', path, query: { limit }, microversion: MICROVERSION },
    'instanceActions',
    'list',
  );
}
