import { type Answer, isAdmin, type ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import type { Server } from '../store.ts';
import { findServer, powerState } from './states.ts';

const stateNames: Readonly<Record<number, string>> = {
  [powerState.none]: 'pending',
  [powerState.running]: 'running',
  [powerState.paused]: 'paused',
  [powerState.shutdown]: 'shutdown',
  [powerState.crashed]: 'crashed',
  [powerState.suspended]: 'suspended',
};

export const diagnosticsRoutes: RouteTable = { 'GET /servers/:id/diagnostics': showDiagnostics };

/** As Nova since 2.48. Nova's own fake driver tells the same figures for ever; these move, so that what draws them has something to draw. */
function showDiagnostics(call: ScopedCall): Answer {
  if (!isAdmin(call) && !call.world.showsDiagnosticsToMembers)
    refuse(403, "Policy doesn't allow os_compute_api:os-server-diagnostics to be performed.");
  const server = findServer(call);
  if (server.host === '') refuse(409, `Instance ${server.id} is not ready`);
  if (server.powerState !== powerState.running) {
    const state = stateNames[server.powerState] ?? 'pending';
    refuse(409, `Cannot 'get_diagnostics' instance ${server.id} while it is in power state ${state}`);
  }
  const seconds = Math.max(0, (call.world.clock.now() - (server.launchedAt ?? server.createdAt)) / 1000);
  const { cpus, nics, disks, memory } = figuresOf(call, server, seconds);
  return {
    status: 200,
    body: {
      state: 'running',
      driver: 'libvirt',
      hypervisor: 'kvm',
      hypervisor_os: 'ubuntu',
      uptime: Math.floor(seconds),
      config_drive: server.configDrive === 'True',
      num_cpus: cpus.length,
      num_nics: nics.length,
      num_disks: disks.length,
      cpu_details: cpus,
      nic_details: nics,
      disk_details: disks,
      memory_details: memory,
    },
  };
}

/** Between 0 and 1, slow and never quite the same; each server has a beat of its own. */
function wave(seconds: number, server: Server, part: number): number {
  const phase = Number.parseInt(server.id.slice(0, 4), 16) / 1000 + part;
  return 0.5 + 0.3 * Math.sin(seconds / 11 + phase) + 0.2 * Math.sin(seconds / 3.7 + 2 * phase);
}

/** What `wave` adds up to since the start: counters never go back. */
function sum(seconds: number, server: Server, part: number): number {
  const phase = Number.parseInt(server.id.slice(0, 4), 16) / 1000 + part;
  const of = (time: number) => 0.5 * time - 3.3 * Math.cos(time / 11 + phase) - 0.74 * Math.cos(time / 3.7 + 2 * phase);
  return of(seconds) - of(0);
}

function figuresOf(call: ScopedCall, server: Server, seconds: number) {
  const count = (part: number, aSecond: number) => Math.floor(sum(seconds, server, part) * aSecond);
  return {
    cpus: Array.from({ length: server.flavor.vcpus }, (_, id) => ({
      id,
      time: count(id, 1_000_000_000),
      utilisation: Math.round(100 * wave(seconds, server, id)),
    })),
    nics: server.interfaces.map(({ portId }, index) => ({
      mac_address: call.store.ports.get(portId)?.macAddress ?? null,
      rx_octets: count(10 + index, 250_000),
      rx_packets: count(10 + index, 250),
      rx_errors: 0,
      rx_drop: 0,
      rx_rate: null,
      tx_octets: count(20 + index, 90_000),
      tx_packets: count(20 + index, 140),
      tx_errors: 0,
      tx_drop: 0,
      tx_rate: null,
    })),
    disks: Array.from({ length: Math.max(1, server.volumes.length + (server.imageId === '' ? 0 : 1)) }, (_, index) => ({
      read_bytes: count(30 + index, 400_000),
      read_requests: count(30 + index, 40),
      write_bytes: count(40 + index, 1_200_000),
      write_requests: count(40 + index, 90),
      errors_count: 0,
    })),
    memory: { maximum: server.flavor.ram, used: Math.round(server.flavor.ram * (0.35 + 0.2 * wave(seconds, server, 50))) },
  };
}
