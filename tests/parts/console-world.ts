import { createScreenOpener } from '#api/terminal/console/screen.ts';
import { createSerialOpener } from '#api/terminal/console/serial.ts';
import type { OpenOptions, Remote, Screenful, Target } from '#api/terminal/ports.ts';
import type { TerminalEnd } from '#api/terminal/protocol.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';

/** A sandbox with an instance that runs, and openers of its consoles. */
export interface ConsoleWorld {
  readonly sandbox: Sandbox;
  readonly cloud: Cloud;
  readonly target: Target;
  /** What was told to people while consoles opened. */
  readonly said: string[];
  readonly asked: string[];
  openSerial(options?: { actor?: string; agrees?: boolean }): Promise<Seen<Remote>>;
  openScreen(): Promise<Seen<Screenful>>;
  /** Waits until an action on the instance is over. */
  act(body: object, status: string): Promise<void>;
  close(): Promise<void>;
}

/** A console, and what came from it. */
export interface Seen<T> {
  readonly remote: T;
  text(): string;
  readonly chunks: readonly Uint8Array[];
  readonly until: (what: string) => Promise<void>;
  readonly ended: Promise<TerminalEnd>;
}

export async function startConsoleWorld(): Promise<ConsoleWorld> {
  const sandbox = await startSandbox({ timeScale: 0.05 });
  const cloud = connectCloud(parseCloudConfig({ cloudsYaml: sandbox.cloudsYaml('c') }), { name: 'main' });
  const imageRef = [...sandbox.store.images.keys()][0] ?? '';
  const made = await servers.create(cloud.compute, { name: 'web-1', flavorRef: '1', imageRef, networks: 'none' });
  const status = async (wanted: string) => {
    while ((await servers.get(cloud.compute, made.id)).status !== wanted);
  };
  await status('ACTIVE');
  const target: Target = {
    cluster: 'main',
    serverId: made.id,
    name: 'web-1',
    place: { cluster: 'main', namespace: '' },
    addresses: [],
  };
  const said: string[] = [];
  const asked: string[] = [];
  const parts = { look: () => ({ client: cloud }), localTargets: false };
  const [serial, screen] = [createSerialOpener(parts), createScreenOpener(parts)];
  const options = (actor: string, agrees: boolean): OpenOptions => ({
    target,
    wanted: { purpose: 'serial' },
    credentials: {},
    size: { cols: 80, rows: 24 },
    actor,
    signal: new AbortController().signal,
    talk: {
      say: (detail) => said.push(detail),
      ask: async ({ title, instructions }) => {
        asked.push(`${title}. ${instructions}`);
        return agrees ? [] : undefined;
      },
      acceptHostKey: async () => false,
    },
  });
  return {
    sandbox,
    cloud,
    target,
    said,
    asked,
    openSerial: async ({ actor = 'anna', agrees = true } = {}) => seen(await serial(options(actor, agrees))),
    openScreen: async () => seen(await screen(options('anna', true))),
    async act(body, wanted) {
      await cloud.compute.request({ method: 'POST', path: `/servers/${made.id}/action`, body });
      await status(wanted);
    },
    async close() {
      await cloud.close();
      await sandbox.close();
    },
  };
}

export function seen<T extends Screenful>(remote: T): Seen<T> {
  const chunks: Uint8Array[] = [];
  let recent = '';
  let wake = (): void => undefined;
  let isOver = false;
  remote.onData((bytes) => {
    chunks.push(bytes);
    recent = (recent + Buffer.from(bytes).toString('utf8')).slice(-8192);
    wake();
  });
  const ended = new Promise<TerminalEnd>((resolve) => {
    remote.onEnd((end) => {
      isOver = true;
      resolve(end);
      wake();
    });
  });
  return {
    remote,
    chunks,
    ended,
    text: () => recent,
    // Looked for as each piece comes: a flood would carry it past whoever looks later.
    until: (what) =>
      new Promise((resolve, reject) => {
        wake = () => {
          if (recent.includes(what)) resolve();
          else if (isOver) reject(new Error(`it ended before ${what} came: ${recent}`));
        };
        wake();
      }),
  };
}
