import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ErrorObject } from 'ajv';
import { parseDocument } from 'yaml';
import { isWellFormedFile, takes } from './schema.ts';
import { settingsTable, type Value } from './settings-table.ts';

export interface FileReading {
  /** By the name of the setting; secrets are already what they lead to, paths absolute. */
  readonly values: ReadonlyMap<string, Value>;
  /** Everything that is wrong, each with its place. */
  readonly problems: readonly string[];
  /** Files that secrets were read from. */
  readonly secretFiles: readonly string[];
}

/** Reads the configuration file (YAML, or JSON, which is YAML). Never throws: what is wrong is told, with everything else that is. */
export function readConfigurationFile(file: string, env: NodeJS.ProcessEnv): FileReading {
  const wrong = (...problems: string[]): FileReading => ({ values: new Map(), problems, secretFiles: [] });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return wrong(
      `The configuration file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}. Name it with --config FILE.`,
    );
  }
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0)
    return wrong(...document.errors.map(({ pos, message }) => `${file}, line ${lineOf(text, pos[0])}: ${message}`));
  // An empty file sets nothing.
  const content: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  const problems = isWellFormedFile(content) ? [] : problemsOf(isWellFormedFile.errors ?? [], file);
  const values = new Map<string, Value>();
  const secretFiles: string[] = [];
  for (const setting of settingsTable) {
    const found = setting.name.split('.').reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), content);
    if (found === undefined || problems.some(({ name }) => name === setting.name)) continue;
    if (!setting.isSecret) {
      values.set(setting.name, setting.isPath ? resolve(dirname(file), found as string) : (found as Value));
      continue;
    }
    const secret = followReference(found as { file?: string; env?: string }, dirname(file), env);
    if ('problem' in secret) problems.push({ name: setting.name, message: `${setting.name} in ${file}: ${secret.problem}` });
    else values.set(setting.name, secret.value);
    if (secret.file !== undefined) secretFiles.push(secret.file);
  }
  return { values, problems: problems.map(({ message }) => message), secretFiles };
}

interface FileProblem {
  /** Of the setting; '' when it is none. */
  readonly name: string;
  readonly message: string;
}

/** One problem a place; what was written is not quoted: it may be a secret in the wrong place. */
function problemsOf(errors: readonly ErrorObject[], file: string): FileProblem[] {
  const found = new Map<string, FileProblem>();
  for (const { instancePath, keyword, params } of errors) {
    const at = instancePath.slice(1).replaceAll('/', '.');
    const setting = settingsTable.find(({ name }) => at === name || at.startsWith(`${name}.`));
    const unknown = keyword === 'additionalProperties' && !setting ? String(params.additionalProperty) : undefined;
    const place = setting?.name ?? [at, unknown].filter(Boolean).join('.');
    if (setting) found.set(place, { name: setting.name, message: `${place} in ${file} takes ${takes(setting)}.` });
    else if (unknown !== undefined)
      found.set(place, { name: '', message: `${place} in ${file}: there is no such setting; known are ${known(at)}.` });
    else
      found.set(place, { name: '', message: `${place || 'The content'} of ${file} has to be a map of settings; known are ${known(at)}.` });
  }
  return [...found.values()];
}

/** The names below a level of the file. */
function known(at: string): string {
  const below = settingsTable.filter(({ name }) => at === '' || name.startsWith(`${at}.`));
  return below.map(({ name }) => name).join(', ');
}

type Secret = { readonly file?: string } & ({ readonly value: string } | { readonly problem: string });

function followReference(reference: { file?: string; env?: string }, base: string, env: NodeJS.ProcessEnv): Secret {
  if (reference.env !== undefined) {
    const value = env[reference.env];
    return value ? { value } : { problem: `the environment has no ${reference.env}.` };
  }
  const file = resolve(base, String(reference.file));
  try {
    const value = readFileSync(file, 'utf8').trim();
    return value === '' ? { file, problem: `${file} is empty.` } : { file, value };
  } catch (error) {
    return { problem: `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}.` };
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
