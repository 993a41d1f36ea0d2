import type { Configuration } from './read.ts';
import { type Setting, settingsTable, type Value } from './settings-table.ts';

/** Every setting with its value and who said so; secrets masked. */
export function effectiveRows({ values }: Configuration): string[][] {
  return settingsTable.map((setting) => {
    const found = values.get(setting.name);
    if (!found) return [setting.name, '', `not set: ${setting.otherwise ?? ''}`];
    return [setting.name, setting.isSecret ? masked(String(found.value)) : shown(found.value), found.origin];
  });
}

export function shown(value: Value): string {
  return typeof value === 'object' ? value.join(', ') : String(value);
}

/** Of an address, what is no secret. */
function masked(secret: string): string {
  const url = secret.startsWith('mysql://') ? URL.parse(secret) : undefined;
  return url ? `${url.protocol}//***@${url.host}${url.pathname}` : '***';
}

/** The flags, as `--help` lists them. */
export function flagLines(): string {
  const rows = settingsTable.flatMap(({ flag, schema, valueName, meaning, env, ...setting }) => {
    if (flag === undefined) return [];
    const left = schema.type === 'boolean' ? `--[no-]${flag}` : `--${flag} ${valueName}`;
    return [[left, meaning.replaceAll('`', ''), `(${env}, default ${defaultOf(setting)})`]];
  });
  const all = [
    ['--config FILE', 'where settings are read from', '(STACKWARDEN_CONFIG, default none)'],
    ...rows,
    ['--help', 'this text', ''],
  ];
  const width = Math.max(...all.map(([left = '']) => left.length));
  return all.map(([left = '', ...more]) => `  ${left.padEnd(width)}  ${more.filter(Boolean).join('  ')}`).join('\n');
}

/** The table of the README. */
export function settingsMarkdown(): string {
  const rows = settingsTable.map(({ name, flag, schema, valueName, env, meaning, ...setting }) => {
    const left = flag === undefined ? '' : `\`--${schema.type === 'boolean' ? `[no-]${flag}` : `${flag} ${valueName}`}\``;
    return `| \`${name}\` | ${left} | \`${env}\` | ${meaning} | ${defaultOf(setting).replace(/^(\S*[.:/]\S*)$/, '`$1`')} |`;
  });
  return ['| in the file | flag | environment | meaning | default |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

export function defaultOf({
  default: value,
  byProfile = {},
  otherwise = 'none',
}: Pick<Setting, 'default' | 'byProfile' | 'otherwise'>): string {
  const others = Object.entries(byProfile).map(([profile, other]) => `${shown(other)} in ${profile}`);
  return [value === undefined ? otherwise : shown(value), ...others].join('; ');
}
