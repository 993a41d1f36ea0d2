import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text as readStream } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { ManifestPlan } from '../plan/plan-manifests.ts';
import type { Source } from '../plan/sources.ts';
import type { Verdict } from '../plan/summary.ts';
import { planText } from '../plan/text.ts';
import { UsageError } from '../settings.ts';
import { clientFlags, clientUsage, kubeconfigFile, requestJson } from './client.ts';
import { type Command, CommandError, type CommandIo } from './command.ts';
import { namespaceIn } from './object-argument.ts';

const usage = `Usage: npx stackwarden plan -f DIR|FILE|- [-f ...] [flags]

Shows what applying manifests would do to the clouds. Writes nothing anywhere.

  -f, --filename DIR|FILE|-   the manifests: files, folders, or standard input
  -R, --recursive             folders within folders too
  -n, --namespace NAME        of objects that name none  (default: that of the kubeconfig)
      --prune                 also what is deleted because it is not in the manifests; needs -l or --prune-namespace
  -l, --selector SELECTOR     what --prune looks at, as app=shop
      --prune-namespace NAME  where --prune looks; by default in the namespaces of the manifests
      --allow-empty           with --prune: that there are no manifests is meant
  -o, --output text|json      (default text)
      --color auto|always|never
${clientUsage}
Exit status: 0 nothing to do; 2 there are changes; 1 an error, or a plan that is not whole: an object that would stop and
ask for a person, that waits, or whose cloud could not be looked at.
`;

export interface PlanCommandDeps {
  readonly stdin: NodeJS.ReadableStream;
  readonly isTerminal: boolean;
}

/** `stackwarden plan`: sends the manifests, prints the plan, and ends with a status for CI jobs. */
export function planCommand(deps: PlanCommandDeps): Command {
  return {
    word: 'plan',
    summary: 'shows what applying manifests would do; exit status 0 nothing, 2 changes, 1 error',
    usage,
    usageStatus: 1,
    run: (args, io) => run(args, io, deps),
  };
}

async function run(args: readonly string[], io: CommandIo, { stdin, isTerminal }: PlanCommandDeps): Promise<number> {
  const flags = read(args);
  const sources = await collect(flags.filename, { isRecursive: flags.recursive ?? false, stdin });
  if (sources.length === 0 && !flags['allow-empty'])
    throw new CommandError(`There is no YAML or JSON file in ${flags.filename.join(', ')}.`);
  const kubeconfig = kubeconfigFile(flags, io.env);
  const namespace = flags.namespace ?? namespaceIn(kubeconfig);
  const body = { manifests: sources, ...(namespace && { namespace }), ...pruneOf(flags) };
  const plan = await requestJson<ManifestPlan & { readonly verdict: Verdict }>({ kubeconfig, method: 'POST', path: '/api/v1/plan', body });
  const color = flags.color === 'always' || (flags.color === 'auto' && isTerminal && !io.env['NO_COLOR']);
  io.print(flags.output === 'json' ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan, { color }));
  return statuses[plan.verdict];
}

const statuses: Readonly<Record<Verdict, number>> = { nothing: 0, changes: 2, incomplete: 1 };

function read(args: readonly string[]) {
  const flags = parse(args);
  const filename = flags.filename ?? [];
  if (filename.length === 0) throw new UsageError('Name the manifests with -f DIR, -f FILE or -f - for standard input.');
  const isPruneTold = flags.selector !== undefined || flags['prune-namespace'] !== undefined;
  if (flags.prune && !isPruneTold) throw new UsageError('--prune needs -l SELECTOR or --prune-namespace NAME: what it may look at.');
  if (!flags.prune && (isPruneTold || flags['allow-empty']))
    throw new UsageError('-l, --prune-namespace and --allow-empty go with --prune.');
  return { ...flags, filename, output: oneOf('--output', flags.output, outputs), color: oneOf('--color', flags.color, colors) };
}

const outputs = ['text', 'json'] as const;
const colors = ['auto', 'always', 'never'] as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...clientFlags,
        filename: { type: 'string', short: 'f', multiple: true },
        recursive: { type: 'boolean', short: 'R' },
        namespace: { type: 'string', short: 'n' },
        prune: { type: 'boolean' },
        selector: { type: 'string', short: 'l' },
        'prune-namespace': { type: 'string' },
        'allow-empty': { type: 'boolean' },
        output: { type: 'string', short: 'o' },
        color: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The first is the default. */
function oneOf<T extends string>(flag: string, value: string | undefined, allowed: readonly [T, ...T[]]): T {
  const found = value === undefined ? allowed[0] : allowed.find((known) => known === value);
  if (found === undefined) throw new UsageError(`${flag} takes ${allowed.join(', ')}, not "${value}".`);
  return found;
}

function pruneOf(flags: { prune?: boolean; selector?: string; 'prune-namespace'?: string; 'allow-empty'?: boolean }) {
  if (!flags.prune) return {};
  const { selector, 'prune-namespace': namespace, 'allow-empty': allowEmpty } = flags;
  return { prune: { ...(selector && { selector }), ...(namespace && { namespace }), ...(allowEmpty && { allowEmpty }) } };
}

async function collect(names: readonly string[], options: { isRecursive: boolean; stdin: NodeJS.ReadableStream }): Promise<Source[]> {
  const sources: Source[] = [];
  for (const name of names) {
    if (name === '-') sources.push({ file: 'stdin', text: await readStream(options.stdin) });
    else sources.push(...filesAt(name, options.isRecursive).map((file) => ({ file, text: readFileSync(file, 'utf8') })));
  }
  return sources;
}

/** A file as it is; of a folder the files kubectl would read, in the order of their names. */
function filesAt(name: string, isRecursive: boolean): string[] {
  const isFolder = statSync(name, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) throw new CommandError(`There is no file or folder ${name}.`);
  if (!isFolder) return [name];
  return readdirSync(name, { withFileTypes: true })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(name, entry.name);
      if (entry.isDirectory()) return isRecursive ? filesAt(path, true) : [];
      return /\.(?:ya?ml|json)$/.test(entry.name) ? [path] : [];
    });
}
