import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { UsageError } from '../settings.ts';
import { clientFlags, clientUsage, kubeconfigFile, requestJson } from './client.ts';
import { columnsText } from './columns.ts';
import type { Command, CommandIo } from './command.ts';
import { namespaceIn, objectPath, readObject } from './object-argument.ts';

const usage = `Usage: npx stackwarden history KIND/NAME [flags]

Lists the revisions of an object, newest first: who declared what, when and through what. With --at
what was declared and what the cloud held at that time.

  -n, --namespace NAME  of the object                  (default: that of the kubeconfig)
      --at TIME         as 2026-11-25T09:30:00Z; shows the object as of then
  -o, --output FORMAT   text, yaml or json             (default: text; yaml with --at)
${clientUsage}  --help              this text

Exit status: 0 shown, 1 an error, 2 wrong flags.
`;

interface Revision {
  readonly revision: number;
  readonly at: string;
  readonly action: string;
  readonly actor: string;
  readonly through: string | null;
}

interface RevisionsPage {
  readonly items: readonly Revision[];
  readonly next?: string;
  readonly predecessor?: string;
}

/** `npx stackwarden history`: who declared what, and what it was at a time. */
export const historyCommand: Command = {
  word: 'history',
  summary: 'lists the revisions of an object, or shows it as of a time',
  usage,
  async run(args, io) {
    const { kubeconfig, path, at, output } = read(args, io.env);
    if (at !== undefined) {
      const found = await requestJson<object>({ kubeconfig, path: `${path}?at=${encodeURIComponent(at)}` });
      io.print(output === 'json' ? `${JSON.stringify(found, null, 2)}\n` : stringify(found, { lineWidth: 0 }));
      return 0;
    }
    const revisions = await allRevisions(kubeconfig, path);
    if (output === 'json') io.print(`${JSON.stringify(revisions, null, 2)}\n`);
    else io.print(output === 'yaml' ? stringify(revisions, { lineWidth: 0 }) : revisionsText(revisions.items));
    if (revisions.predecessor !== undefined && output === 'text')
      io.warn('An object of this name was there before this one; the API shows its revisions with ?uid=.');
    return 0;
  },
};

function read(args: readonly string[], env: CommandIo['env']) {
  const { values: flags, positionals } = parse(args);
  if (positionals.length > 1) throw new UsageError(`One object at a time; "${positionals[1]}" is one too many.`);
  const kubeconfig = kubeconfigFile(flags, env);
  const path = objectPath(readObject(positionals[0], flags.namespace ?? namespaceIn(kubeconfig) ?? 'default'));
  const { at, output = at === undefined ? 'text' : 'yaml' } = flags;
  const allowed = at === undefined ? ['text', 'yaml', 'json'] : ['yaml', 'json'];
  if (!allowed.includes(output)) throw new UsageError(`--output takes ${allowed.join(', ')}, not "${output}".`);
  return { kubeconfig, path, at, output };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...clientFlags,
        namespace: { type: 'string', short: 'n' },
        at: { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function allRevisions(kubeconfig: string, path: string): Promise<RevisionsPage> {
  const items: Revision[] = [];
  let page: RevisionsPage | undefined;
  do {
    const cursor = page?.next === undefined ? '' : `&cursor=${encodeURIComponent(page.next)}`;
    page = await requestJson<RevisionsPage>({ kubeconfig, path: `${path}/revisions?limit=500${cursor}` });
    items.push(...page.items);
  } while (page.next !== undefined);
  const { next: _last, ...about } = page;
  return { ...about, items };
}

function revisionsText(items: readonly Revision[]): string {
  const rows = items.map(({ revision, at, action, actor, through }) => [String(revision), at, action, actor, through ?? '']);
  return columnsText(['REVISION', 'AT', 'ACTION', 'WHO', 'THROUGH'], rows);
}
