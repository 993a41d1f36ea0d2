import type { Duplex } from 'node:stream';
import type { Server } from '../store.ts';
import type { Clock } from '../world.ts';
import { createMonitor, type Monitor } from './monitor.ts';
import { serveRfb } from './rfb.ts';
import { createSerialPort, type SerialPort } from './serial.ts';

/** What the hypervisor runs: for each instance a serial port and a screen of its own, as long as it is powered. */
export interface Machines {
  /** Throws when it does not run: nothing listens there then. */
  connect(server: Server, type: 'serial' | 'novnc', stream: Duplex): void;
  /** Something about it changed: one that lost its power drops its connections, one that boots anew says so. */
  changed(server: Server): void;
}

interface Machine {
  readonly port: SerialPort;
  readonly monitor: Monitor;
  readonly streams: Set<Duplex>;
}

const poweredStates: readonly number[] = [1, 3];

export function createMachines(clock: Clock): Machines {
  const machines = new Map<string, Machine>();

  function machineOf(server: Server): Machine {
    const known = machines.get(server.id);
    if (known) return known;
    const bootedAt = clock.now();
    const { name } = server;
    const port = createSerialPort({ name, uptimeMs: () => clock.now() - bootedAt });
    const machine: Machine = { port, monitor: createMonitor(name), streams: new Set() };
    machines.set(server.id, machine);
    return machine;
  }

  return {
    connect(server, type, stream) {
      if (!poweredStates.includes(server.powerState)) throw new Error(`${server.name} does not run`);
      const { port, monitor, streams } = machineOf(server);
      streams.add(stream);
      stream.on('close', () => streams.delete(stream));
      if (type === 'serial') port.connect(stream);
      else serveRfb(stream, monitor);
    },
    changed(server) {
      const machine = machines.get(server.id);
      if (!machine) return;
      if (server.taskState?.startsWith('rebooting')) machine.port.reboot();
      if (poweredStates.includes(server.powerState) && server.vmState !== 'deleted') return;
      machines.delete(server.id);
      for (const stream of machine.streams) stream.end();
    },
  };
}
