import type { Configuration, Source } from './read.ts';
import { settingsTable } from './settings-table.ts';
import { defaultOf, shown } from './text.ts';

/** The settings a server runs by, as people may see them: of a secret whether it is set, and nothing of what it is. */
export interface ShownSettings {
  readonly profile: string;
  /** The configuration file; null without one. */
  readonly file: string | null;
  readonly items: readonly ShownSetting[];
}

export interface ShownSetting {
  /** As in the file: `log.level`. */
  readonly name: string;
  /** null when it is not set, and of a secret. */
  readonly value: string | null;
  readonly isSet: boolean;
  readonly isSecret: boolean;
  /** null when nobody says anything and there is no default. */
  readonly source: Source | null;
  /** Who says so, exactly: `--listen`, `STACKWARDEN_LISTEN`, the path of the file. */
  readonly origin: string | null;
  readonly flag: string | null;
  readonly env: string;
  readonly meaning: string;
  readonly takes: string;
  /** What holds when nobody says anything, in words. */
  readonly default: string;
}

export function shownSettings({ profile, file, values }: Configuration): ShownSettings {
  const items = settingsTable.map((setting): ShownSetting => {
    const { name, env, flag, takes, meaning, isSecret = false } = setting;
    const found = values.get(name);
    return {
      name,
      value: found === undefined || isSecret ? null : shown(found.value),
      isSet: found !== undefined,
      isSecret,
      source: found?.source ?? null,
      origin: found?.origin ?? null,
      flag: flag === undefined ? null : `--${flag}`,
      env,
      meaning: meaning.replaceAll('`', ''),
      takes,
      default: defaultOf(setting),
    };
  });
  return { profile, file: file ?? null, items };
}
