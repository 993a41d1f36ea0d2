import { requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';

/** 2.51 shows actions of deleted servers to their project; 2.58 adds paging and the time of the last event. */
const MICROVERSION = '2.58';

/** 2.84 tells administrators why an event failed. */
const EVENTS_MICROVERSION = '2.84';

/** What somebody asked Nova to do with a server. */
export interface InstanceAction {
  /** `create`, `stop`, `resize`, `attach_volume` ...; renames and metadata are not recorded. */
  action: string;
  request_id: string;
  /** `Error` when it failed; null otherwise. */
  message?: string | null;
  /** null in records of old clouds. */
  user_id: string | null;
  project_id?: string | null;
  /** Without a zone; UTC. */
  start_time: string;
  /** Of the last event; since 2.58. */
  updated_at?: string | null;
}

/** What one part of Nova did of an action. */
export interface InstanceActionEvent {
  /** `compute_stop_instance`, ... */
  event: string;
  start_time: string;
  /** null while it runs. */
  finish_time: string | null;
  /** `Success` or `Error`; null while it runs. */
  result: string | null;
  /** Why it failed, to administrators. */
  details?: string | null;
  /** The hypervisor, to administrators. */
  host?: string | null;
}

interface Page {
  readonly limit?: number;
  /** The request id behind which to go on. */
  readonly marker?: string;
}

const path = (serverId: string) => `/servers/${encodeURIComponent(serverId)}/os-instance-actions`;

/** The newest actions on a server, newest first. */
export function list(client: ServiceClient, serverId: string, { limit = 50, marker }: Page = {}): Promise<InstanceAction[]> {
  const query = { limit, ...(marker !== undefined && { marker }) };
  return requestOne<InstanceAction[]>(
    client,
    { method: 'GET', path: path(serverId), query, microversion: MICROVERSION },
    'instanceActions',
    'list',
  );
}

/** One action with what each part of Nova did of it, in no promised order. */
export function get(
  client: ServiceClient,
  serverId: string,
  requestId: string,
): Promise<InstanceAction & { events?: InstanceActionEvent[] }> {
  const options = { method: 'GET' as const, path: `${path(serverId)}/${encodeURIComponent(requestId)}`, microversion: EVENTS_MICROVERSION };
  return requestOne(client, options, 'instanceAction');
}
