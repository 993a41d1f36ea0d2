import type { ServiceClient } from '../cloud.ts';
import { pages } from '../pages.ts';

/** From 2.88 on Nova leaves out what a hypervisor has and how much of it is used. */
const MICROVERSION = '2.87';

/** A compute host; by default policy only administrators are shown any (403). */
export interface Hypervisor {
  id: string;
  hypervisor_hostname: string;
  hypervisor_type: string;
  host_ip?: string | null;
  /** up or down. */
  state: string;
  /** enabled or disabled. */
  status: string;
  vcpus: number;
  vcpus_used: number;
  /** MiB, both. */
  memory_mb: number;
  memory_mb_used: number;
  /** GiB, both. */
  local_gb: number;
  local_gb_used: number;
  running_vms: number;
  service: { id: string | number; host: string; disabled_reason: string | null };
}

export function list(client: ServiceClient, options: { signal?: AbortSignal } = {}): AsyncIterable<Hypervisor[]> {
  return pages<Hypervisor>(client, {
    path: '/os-hypervisors/detail',
    query: { limit: 1000 },
    key: 'hypervisors',
    microversion: MICROVERSION,
    ...options,
  });
}
