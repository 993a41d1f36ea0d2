import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type OidcSettings, readOidc } from './auth/oidc-settings.ts';

/** What one run was asked for: flags first, then environment, then defaults. */
export interface Settings {
  /** Absolute. Holds the SQLite file, keys, certificates, kubeconfig. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Entry of clouds.yaml to connect; undefined means the sandbox, or nothing with `sandbox: false`. */
  readonly cloud?: string;
  readonly sandbox: boolean;
  readonly logLevel: LogLevel;
  /** Absolute. Images may take their data from files below it; from none when undefined. */
  readonly imageDirectory?: string;
  /** How long history is kept. */
  readonly historyDays: number;
  /** `sqlite:PATH` or `mysql://…`. */
  readonly databaseUrl: string;
  /** People may register themselves, for an admin to approve. */
  readonly selfRegistration?: true;
  /** Where people may sign in instead. */
  readonly oidc?: OidcSettings;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** A mistake in how the program was called; `message` names the flag and what it takes. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const usage = `Usage: npm start -- [flags]        (or: npx stackwarden [flags])

Keeps OpenStack clouds the way they are declared. Without flags: a built-in Kubernetes API, the
reconciler, and a simulated cloud with a small example applied to it.

  --data DIR          where everything is kept            (STACKWARDEN_DATA, default ./data)
  --listen HOST:PORT  where the API listens, TLS          (STACKWARDEN_LISTEN, default 127.0.0.1:8443)
  --cloud NAME        connect this entry of clouds.yaml   (STACKWARDEN_CLOUD); also reads secure.yaml and OS_* variables
  --no-sandbox        start without the simulated cloud
  --log-level LEVEL   debug, info, warn or error          (STACKWARDEN_LOG_LEVEL, default warn)
  --images DIR        images may be made of the files in it  (STACKWARDEN_IMAGES, default none)
  --history-days N    how long history is kept            (STACKWARDEN_HISTORY_DAYS, default 90)
  --self-registration people may ask for an account, which an admin approves (STACKWARDEN_SELF_REGISTRATION=on)
  --help              this text

STACKWARDEN_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _PUBLIC_URL and _ROLES (group=role[@cluster[/namespace]], ...) let people
sign in at an identity provider.
DATABASE_URL=mysql://USER:PASSWORD@HOST/DB keeps everything in MySQL instead of SQLite in the data directory.
`;

/** Reads the command line (without node and script) and environment; throws UsageError. `help` means: print the usage and stop. */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings | 'help' {
  const flags = parse(args);
  if (flags.help) return 'help';
  const dataDir = resolve(flags.data ?? env.STACKWARDEN_DATA ?? 'data');
  const images = flags.images ?? env.STACKWARDEN_IMAGES;
  const cloud = flags.cloud ?? env.STACKWARDEN_CLOUD;
  const oidc = readOidc(env, (message) => {
    throw new UsageError(message);
  });
  return {
    dataDir,
    ...readListen(flags.listen ?? env.STACKWARDEN_LISTEN ?? '127.0.0.1:8443'),
    ...(cloud ? { cloud } : {}),
    ...(images ? { imageDirectory: resolve(images) } : {}),
    sandbox: !flags['no-sandbox'] && !cloud,
    logLevel: readLogLevel(flags['log-level'] ?? env.STACKWARDEN_LOG_LEVEL ?? 'warn'),
    historyDays: readDays(flags['history-days'] ?? env.STACKWARDEN_HISTORY_DAYS ?? '90'),
    ...(flags['self-registration'] || env.STACKWARDEN_SELF_REGISTRATION === 'on' ? { selfRegistration: true } : {}),
    ...(oidc ? { oidc } : {}),
    databaseUrl: env.DATABASE_URL ?? `sqlite:${resolve(dataDir, 'stackwarden.db')}`,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        listen: { type: 'string' },
        cloud: { type: 'string' },
        'no-sandbox': { type: 'boolean' },
        'log-level': { type: 'string' },
        images: { type: 'string' },
        'history-days': { type: 'string' },
        'self-registration': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readListen(value: string): { host: string; port: number } {
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:]+)):(?<port>\d{1,5})$/.exec(value);
  const port = Number(match?.groups?.port);
  const host = match?.groups?.six ?? match?.groups?.host;
  if (!host || port > 65_535) throw new UsageError(`--listen takes HOST:PORT, such as 127.0.0.1:8443 or [::1]:8443, not "${value}"`);
  return { host, port };
}

/** At least a day: what happened today is what people ask about. */
function readDays(value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new UsageError(`--history-days takes a number of days from 1 to 99999, not "${value}"`);
  return Number(value);
}

function readLogLevel(value: string): LogLevel {
  const level = logLevels.find((known) => known === value);
  if (!level) throw new UsageError(`--log-level takes ${logLevels.join(', ')}, not "${value}"`);
  return level;
}
