import { Counter, Gauge, type Registry } from 'prom-client';
import type { EndReason, TerminalPurpose } from './protocol.ts';

export interface TerminalMetrics {
  opened(): void;
  ended(reason: EndReason): void;
}

/** `purposes` is read at each scrape: one for each terminal that lives here. */
export function createTerminalMetrics(registry: Registry, purposes: () => readonly TerminalPurpose[]): TerminalMetrics {
  const registers = [registry];
  const opened = new Counter({ name: 'stackwarden_terminals_opened_total', help: 'Terminals whose far side took us', registers });
  const ended = new Counter({
    name: 'stackwarden_terminals_ended_total',
    help: 'Terminals that ended, by why',
    labelNames: ['reason'],
    registers,
  });
  registry.registerMetric(
    new Gauge({
      name: 'stackwarden_terminals_open',
      help: 'Terminals that live in this process now',
      labelNames: ['purpose'],
      registers: [],
      collect() {
        this.reset();
        for (const purpose of ['ssh', 'serial', 'vnc'] as const) this.set({ purpose }, purposes().filter((one) => one === purpose).length);
      },
    }),
  );
  return { opened: () => opened.inc(), ended: (reason) => ended.inc({ reason }) };
}
