import type { Duplex } from 'node:stream';
import { createShell } from './shell.ts';

/** The serial port of one instance. */
export interface SerialPort {
  /** Takes a connection; one at a time, as QEMU does: who comes second waits until the first is gone. */
  connect(stream: Duplex): void;
  /** Says that it starts anew, to whoever is connected. */
  reboot(): void;
}

export function createSerialPort(machine: { readonly name: string; uptimeMs(): number }): SerialPort {
  const shell = createShell(machine);
  const waiting: Duplex[] = [];
  let current: Duplex | undefined;

  const next = () => {
    current = waiting.shift();
    if (!current) return;
    const stream = current;
    stream.on('data', (bytes: Buffer) => shell.type(bytes));
    shell.attach(stream);
  };
  return {
    reboot: () => shell.reboot(),
    connect(stream) {
      stream.on('close', () => {
        const at = waiting.indexOf(stream);
        if (at >= 0) waiting.splice(at, 1);
        if (stream !== current) return;
        shell.detach();
        next();
      });
      waiting.push(stream);
      if (!current) next();
    },
  };
}
