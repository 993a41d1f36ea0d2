import { requestBody } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';

/** From 2.48 on the figures have the same names with every hypervisor. */
const MICROVERSION = '2.48';

/** What the hypervisor counts of a server that runs. What a driver does not know is null. */
export interface Diagnostics {
  state: string;
  driver: string;
  hypervisor: string | null;
  hypervisor_os: string | null;
  /** Seconds. */
  uptime: number | null;
  config_drive: boolean;
  /** MiB, both. */
  memory_details: { maximum: number | null; used: number | null };
  /** `time`: nanoseconds since it was started. `utilisation`: per cent. */
  cpu_details: { id: number | null; time: number | null; utilisation: number | null }[];
  /** Counted since it was started; rates are octets a second. */
  nic_details: {
    mac_address: string | null;
    rx_octets: number | null;
    rx_packets: number | null;
    rx_errors: number | null;
    rx_drop: number | null;
    rx_rate: number | null;
    tx_octets: number | null;
    tx_packets: number | null;
    tx_errors: number | null;
    tx_drop: number | null;
    tx_rate: number | null;
  }[];
  disk_details: {
    read_bytes: number | null;
    read_requests: number | null;
    write_bytes: number | null;
    write_requests: number | null;
    errors_count: number | null;
  }[];
}

/** By default policy for administrators only (403); 409 unless it runs, 400 or 501 where the hypervisor counts nothing. */
export function get(client: ServiceClient, serverId: string): Promise<Diagnostics> {
  const path = `/servers/${encodeURIComponent(serverId)}/diagnostics`;
  return requestBody<Diagnostics>(client, { method: 'GET', path, microversion: MICROVERSION });
}
