import { resolve } from 'node:path';
import { type OidcSettings, oidcOf, oidcProblems } from './auth/oidc-settings.ts';
import { type Configuration, readConfiguration } from './configuration/read.ts';
import { unsafeSettings } from './configuration/safety.ts';
import { readListen } from './configuration/schema.ts';
import type { Profile, Value } from './configuration/settings-table.ts';
import { type ShownSettings, shownSettings } from './configuration/shown.ts';
import { flagLines } from './configuration/text.ts';
import type { RateLimits } from './http/limits.ts';
import { type TerminalSettings, terminalSettings } from './terminal/settings.ts';

/** What one run was asked for. */
export interface Settings {
  readonly profile: Profile;
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
  /** `redis://…`, by which processes on one MySQL hear of each other at once. */
  readonly redisUrl?: string;
  /** Where other processes reach this one; where it listens, unless given. */
  readonly advertise?: string;
  /** People may register themselves, for an admin to approve. */
  readonly selfRegistration: boolean;
  /** Where people may sign in instead. */
  readonly oidc?: OidcSettings;
  /** PEM files of a certificate of one's own; absolute. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Addresses and networks whose `X-Forwarded-*` are believed. */
  readonly trustProxy: readonly string[];
  readonly limits: RateLimits;
  readonly terminal: TerminalSettings;
  /** All of it as admins may see it, with who says so; no secret is in it. */
  readonly shown: ShownSettings;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A mistake in how the program was called; `message` names the flag and what it takes. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const usage = `Usage: npm start -- [flags]        (or: npx stackwarden [flags])

Keeps OpenStack clouds the way they are declared. Without flags: a built-in Kubernetes API, the
reconciler, and a simulated cloud with a small example applied to it.

${flagLines()}

Flags win over the environment, that over the file (YAML), that over the profile.
STACKWARDEN_KEY_FILE=FILE or STACKWARDEN_KEY=64 hex digits: the key that secrets are encrypted under, instead of DIR/encryption.key.
STACKWARDEN_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _PUBLIC_URL and _ROLES let people sign in at an identity provider.
DATABASE_URL=mysql://USER:PASSWORD@HOST/DB keeps everything in MySQL instead of SQLite in the data directory.
Several processes may share it: one of them reconciles, and when it ends another takes over. Each needs a data directory
of its own, the same encryption.key in it, and an address the others reach it by (--advertise, default: where it listens).
With REDIS_URL=redis://HOST they hear of each other's writes at once instead of within a second.
`;

/** Reads flags (without node and script), environment and configuration file; throws UsageError with every problem. `help` means: print the usage and stop. */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings | 'help' {
  const { configuration, problems } = checkSettings(args, env);
  if (configuration.wantsHelp) return 'help';
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return settingsOf(configuration);
}

/** The same, with what is wrong beside it instead of thrown; throws UsageError only for flags that do not exist. */
export function checkSettings(args: readonly string[], env: NodeJS.ProcessEnv): { configuration: Configuration; problems: string[] } {
  let configuration: Configuration;
  try {
    configuration = readConfiguration(args, env);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const together = oidcProblems((name) => configuration.values.get(name)?.value);
  return { configuration, problems: [...configuration.problems, ...together, ...unsafeSettings(configuration, env)] };
}

/** MUST be of a configuration without problems: the table has checked each value then. */
function settingsOf(configuration: Configuration): Settings {
  const { profile, values } = configuration;
  const find = (name: string): Value | undefined => values.get(name)?.value;
  const dataDir = find('data') as string;
  const cloud = find('cloud') as string | undefined;
  const images = find('images') as string | undefined;
  const cert = find('tls.certificate') as string | undefined;
  const key = find('tls.key') as string | undefined;
  const redisUrl = find('redis.url') as string | undefined;
  const advertise = find('advertise') as string | undefined;
  const oidc = oidcOf(find);
  return {
    profile,
    dataDir,
    ...(readListen(find('listen') as string) as { host: string; port: number }),
    ...(cloud !== undefined && { cloud }),
    ...(images !== undefined && { imageDirectory: images }),
    sandbox: find('sandbox') === true && cloud === undefined,
    logLevel: find('log.level') as LogLevel,
    historyDays: find('history.days') as number,
    databaseUrl: (find('database.url') as string | undefined) ?? `sqlite:${resolve(dataDir, 'stackwarden.db')}`,
    ...(cert !== undefined && key !== undefined && { certificate: { cert, key } }),
    ...(redisUrl !== undefined && { redisUrl }),
    ...(advertise !== undefined && { advertise }),
    selfRegistration: find('registration') === true,
    ...(oidc && { oidc }),
    trustProxy: (find('trustProxy') as readonly string[] | undefined) ?? [],
    limits: { known: find('limits.known') as number, unknown: find('limits.unknown') as number },
    terminal: terminalSettings(find),
    shown: shownSettings(configuration),
  };
}
