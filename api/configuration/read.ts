import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type FileReading, readConfigurationFile } from './file.ts';
import { fits } from './schema.ts';
import { type Profile, profiles, type Setting, settingsTable, type Value } from './settings-table.ts';

/** A value, and who says so: `--listen`, `STACKWARDEN_LISTEN`, the path of a file, `profile production`, `default`. */
export interface Effective {
  readonly value: Value;
  readonly origin: string;
  readonly source: Source;
}

export type Source = 'flag' | 'environment' | 'file' | 'profile' | 'default';

export interface Configuration {
  readonly profile: Profile;
  /** By the name of the setting; what has no value is absent. */
  readonly values: ReadonlyMap<string, Effective>;
  /** Everything that is wrong, a sentence each. */
  readonly problems: readonly string[];
  /** The configuration file, when there is one. */
  readonly file?: string;
  /** Files that secrets were read from. */
  readonly secretFiles: readonly string[];
  readonly wantsHelp: boolean;
}

/** The flags, as `parseArgs` takes them. */
const flags = {
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  ...Object.fromEntries(
    settingsTable.flatMap(({ flag, schema }) =>
      flag === undefined ? [] : [[flag, { type: schema.type === 'boolean' ? 'boolean' : 'string' }]],
    ),
  ),
} as Record<string, { type: 'string' | 'boolean'; short?: string }>;

/**
 * Flags win over the environment, that over the file, that over the profile, that over defaults. What is wrong is told in `problems`, all at
 * once; throws only for flags that do not exist (`parseArgs`' own error).
 */
export function readConfiguration(args: readonly string[], env: NodeJS.ProcessEnv): Configuration {
  const given = parseArgs({ args: [...args], options: flags, allowNegative: true }).values;
  const path = given['config'] ?? env['STACKWARDEN_CONFIG'];
  const file = typeof path === 'string' && path !== '' ? resolve(path) : undefined;
  const fromFile: FileReading =
    file === undefined ? { values: new Map(), problems: [], secretFiles: [] } : readConfigurationFile(file, env);
  const problems = [...fromFile.problems];
  const said = (setting: Setting): Effective | undefined => {
    const flag = setting.flag === undefined ? undefined : given[setting.flag];
    if (setting.flag !== undefined && flag !== undefined)
      return checked(setting, flag, { origin: `--${setting.flag}`, source: 'flag' }, problems);
    const variable = env[setting.env];
    if (variable) return checked(setting, variable, { origin: setting.env, source: 'environment' }, problems);
    const value = fromFile.values.get(setting.name);
    return value === undefined || file === undefined ? undefined : { value, origin: file, source: 'file' };
  };
  const values = new Map<string, Effective>();
  for (const setting of settingsTable) {
    const found = said(setting) ?? unsaid(setting, profileOf(values));
    if (found) values.set(setting.name, setting.isPath ? { ...found, value: resolve(String(found.value)) } : found);
  }
  return {
    profile: profileOf(values),
    values,
    problems,
    ...(file !== undefined && { file }),
    secretFiles: fromFile.secretFiles,
    wantsHelp: given['help'] === true,
  };
}

/** The first of the table, so that the others can go by it. */
function profileOf(values: ReadonlyMap<string, Effective>): Profile {
  return profiles.find((profile) => profile === values.get('profile')?.value) ?? 'development';
}

function unsaid({ byProfile, default: otherwise }: Setting, profile: Profile): Effective | undefined {
  const ofProfile = byProfile?.[profile];
  if (ofProfile !== undefined) return { value: ofProfile, origin: `profile ${profile}`, source: 'profile' };
  return otherwise === undefined ? undefined : { value: otherwise, origin: 'default', source: 'default' };
}

/** A text of flag or environment as a value; undefined, with a problem, when it does not fit. */
function checked(setting: Setting, given: unknown, from: Omit<Effective, 'value'>, problems: string[]): Effective | undefined {
  const value = typeof given === 'string' ? valueOf(setting, given) : given;
  if (fits(setting, value)) return { value: value as Value, ...from };
  const shown = setting.isSecret ? '' : `, not "${String(given)}"`;
  problems.push(`${from.origin} takes ${setting.takes}${shown}`);
  return undefined;
}

function valueOf({ schema }: Setting, text: string): unknown {
  switch (schema.type) {
    case 'integer':
      return /^\d{1,15}$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array':
      return text.split(',').map((part) => part.trim());
    case 'string':
    default:
      return text;
  }
}
