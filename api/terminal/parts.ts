import type { FastifyPluginAsync } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { Clock } from '#controller/engine/ports.ts';
import type { Metrics } from '#controller/metrics.ts';
import type { Store } from '#migrations/store.ts';
import type { World } from '../actions/world.ts';
import type { Rights } from '../auth/rights.ts';
import type { KubeDoor } from '../connections/kube-door.ts';
import type { KeyProvider } from '../kube/encryption.ts';
import type { Log } from '../log.ts';
import type { ConsoleParts } from './console/open.ts';
import { createScreenOpener } from './console/screen.ts';
import { createSerialOpener } from './console/serial.ts';
import { createEarlyKeys, type EarlyKeys } from './hosts/early-keys.ts';
import { createHosts } from './hosts/parts.ts';
import { hostRoutes } from './hosts/routes.ts';
import { createLiveTerminals, type LiveTerminals } from './live-terminals.ts';
import type { OpenRemote, OpenScreen, RecordingPolicy, Screen, StartRecording } from './ports.ts';
import { createRecordings } from './recording/recordings.ts';
import { createRecordingRetention, type RecordingRetention } from './recording/retention.ts';
import { recordingRoutes } from './recording/routes.ts';
import { createScreen } from './recording/screen.ts';
import { createTerminalRows, type TerminalRows } from './rows.ts';
import type { TerminalSettings } from './settings.ts';
import { fileRoutes } from './ssh/file-routes.ts';
import { createSshOpener } from './ssh/opener.ts';

/** What terminals are made from. */
export interface TerminalsDeps {
  readonly store: Store;
  readonly audit: Audit;
  /** Seals what is kept secret: recordings, keys. */
  readonly keys: KeyProvider;
  readonly metrics: Metrics;
  readonly settings: TerminalSettings;
  /** What clouds hold; undefined while the controller runs elsewhere, or starts. */
  world(): World | undefined;
  /** The Kubernetes API as this program itself, for what Clusters say about terminals; undefined in tests of other parts. */
  readonly kube?: KubeDoor;
  /** Tells when somebody's rights may have changed. */
  readonly rights: Rights;
  /** Where browsers reach this installation, beside the address a request came to. */
  readonly publicUrl?: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a terminal is put together from. A purpose whose opener is missing is refused. */
export interface TerminalParts {
  readonly openers: { readonly ssh?: OpenRemote; readonly serial?: OpenRemote; readonly vnc?: OpenScreen };
  readonly createScreen?: (size: { readonly cols: number; readonly rows: number }) => Screen;
  readonly startRecording?: StartRecording;
  /** Stores what there is of a recording whose process is gone. Called by one process at a time for each. */
  readonly recoverRecording?: (id: string) => Promise<void>;
  /** What a cluster says about recording; undefined: what the installation says. */
  readonly recordingPolicy?: (cluster: string) => Promise<RecordingPolicy | undefined>;
}

/** Terminals of this process, and everything about those of others. */
export interface Terminals {
  readonly live: LiveTerminals;
  readonly rows: TerminalRows;
  readonly settings: TerminalSettings;
  readonly audit: Audit;
  readonly publicUrl: string | undefined;
  readonly clock: Clock;
  readonly world: () => World | undefined;
  readonly routes: readonly FastifyPluginAsync[];
  /** What removes them. */
  readonly oldRecordings: Pick<RecordingRetention, 'forget'>;
  readonly early: EarlyKeys;
}

/**
 * Puts terminals together: each part adds its line to `parts` and its routes to `routes`. Tests hand in parts of their own.
 */
export function createTerminals(deps: TerminalsDeps, given?: TerminalParts): Terminals {
  const rows = createTerminalRows(deps.store);
  const { settings, audit, clock, publicUrl } = deps;
  const hosts = createHosts({ ...deps, kube: deps.kube ?? nothingThere, world: () => deps.world() });
  const consoles: ConsoleParts = { look: (cluster) => deps.world()?.clouds.look(cluster), localTargets: settings.localTargets };
  const ssh = createSshOpener({ hostKeys: hosts.hostKeys, profiles: hosts.profiles, bastions: hosts.clusters, settings, clock });
  const recordings = createRecordings(deps);
  const parts: TerminalParts = given ?? {
    openers: { ssh, serial: createSerialOpener(consoles), vnc: createScreenOpener(consoles) },
    createScreen: (size) => createScreen({ ...size, clock }),
    startRecording: recordings.start,
    recoverRecording: recordings.recover,
    recordingPolicy: (cluster) => hosts.clusters.recording(cluster),
  };
  const retention = createRecordingRetention({ ...deps, usualDays: settings.recordingDays, recover: recordings.recover });
  const live = createLiveTerminals({ ...deps, rows, parts });
  const early = createEarlyKeys({ ...hosts, clock, log: deps.log });
  const terminals: Terminals = {
    live,
    rows,
    settings,
    audit,
    clock,
    publicUrl,
    world: () => deps.world(),
    early,
    routes: [
      hostRoutes({ hosts, live, recording: settings.recording }),
      fileRoutes(() => terminals),
      (app) => recordingRoutes(app, { recordings, retention, audit, clock }),
    ],
    oldRecordings: retention,
  };
  return terminals;
}

const nothingThere: KubeDoor = async () => ({ status: 404, body: {} });
