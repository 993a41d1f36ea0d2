import { hostname } from 'node:os';
import { type Election, type LeaseStore, runElection } from '#controller/engine/election.ts';
import type { Controller } from '#controller/start.ts';
import { systemClock } from '#controller/start.ts';
import type { Log } from '../log.ts';

/** Who reconciles, among the processes on one database. */
export interface Lead {
  /** The controller in this process; undefined while another process leads, or ours starts. */
  controller(): Controller | undefined;
  /** Where the leading process is reached, when it is another one. */
  elsewhere(): Address | undefined;
  /** What keeps this process from serving everything, in words; empty when nothing does. */
  notReady(): readonly string[];
  stop(): Promise<void>;
}

/** Of a process: its URL and the certificate authority (PEM) it is known by. */
export interface Address {
  readonly url: string;
  readonly ca: string;
}

/** The only process on its database: it leads from the start. */
export async function leadAlone(start: () => Promise<Controller>): Promise<Lead> {
  const controller = await start();
  return {
    controller: () => controller,
    elsewhere: () => undefined,
    notReady: () => controller.notReady(),
    stop: () => controller.stop(),
  };
}

export interface ElectedOptions {
  readonly leases: LeaseStore;
  /** The same after a restart, so that nobody waits for a process that is back. */
  readonly dataDir: string;
  readonly address: Address;
  readonly log: Log;
  readonly start: () => Promise<Controller>;
}

const notes = { url: 'openstack.stackwarden.io/url', ca: 'openstack.stackwarden.io/ca' } as const;
const firstLookMs = 20_000;

/** One of several processes: it leads when it is elected. Resolves once it is known who leads, or after 20 s. */
export async function leadIfElected({ leases, dataDir, address, log, start }: ElectedOptions): Promise<Lead> {
  let controller: Controller | undefined;
  const election: Election = runElection({
    leases,
    identity: `${hostname()}:${dataDir}`,
    notes: { [notes.url]: address.url, [notes.ca]: address.ca },
    clock: systemClock,
    random: Math.random,
    log,
    async onLead() {
      controller = await start();
    },
    async onEnd() {
      const ended = controller;
      controller = undefined;
      await ended?.stop();
    },
  });
  const elsewhere = (): Address | undefined => {
    const leader = election.leads() ? undefined : election.leader();
    const url = leader?.notes[notes.url];
    const ca = leader?.notes[notes.ca];
    return url && ca && url !== address.url ? { url, ca } : undefined;
  };
  const deadline = Date.now() + firstLookMs;
  const isKnown = () => controller !== undefined || elsewhere() !== undefined;
  while (!isKnown() && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
  return {
    controller: () => controller,
    elsewhere,
    notReady() {
      if (controller) return controller.notReady();
      if (election.leads()) return ['the controller is starting'];
      return elsewhere() ? [] : ['no process leads yet'];
    },
    stop: () => election.stop(),
  };
}
