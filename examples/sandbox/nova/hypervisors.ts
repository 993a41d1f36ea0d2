import { type Answer, isAdmin, type ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import { hosts } from './boot.ts';

export const hypervisorRoutes: RouteTable = { 'GET /os-hypervisors/detail': listHypervisors };

/** What a host of the sandbox has; nothing is ever too much for it. */
const size = { vcpus: 1000, memory_mb: 8_000_000, local_gb: 600_000 };

function listHypervisors(call: ScopedCall): Answer {
  if (!isAdmin(call)) refuse(403, "Policy doesn't allow os_compute_api:os-hypervisors:list-detail to be performed.");
  const servers = [...call.store.servers.values()].filter(({ vmState }) => vmState !== 'deleted');
  const hypervisors = hosts.map((host, index) => {
    const own = servers.filter((server) => server.host === host);
    const used = (of: (flavor: (typeof own)[number]['flavor']) => number) => own.reduce((sum, { flavor }) => sum + of(flavor), 0);
    return {
      id: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
      hypervisor_hostname: host,
      hypervisor_type: 'fake',
      hypervisor_version: 1000,
      host_ip: '127.0.0.1',
      state: 'up',
      status: 'enabled',
      service: { id: `00000000-0000-4000-9000-${String(index + 1).padStart(12, '0')}`, host, disabled_reason: null },
      // Later microversions leave it to Placement what a host has.
      ...(call.minor < 88 && {
        ...size,
        vcpus_used: used(({ vcpus }) => vcpus),
        memory_mb_used: used(({ ram }) => ram),
        local_gb_used: used(({ disk }) => disk),
        running_vms: own.length,
      }),
    };
  });
  return { status: 200, body: { hypervisors } };
}
