import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { UsageError } from '../settings.ts';
import { clientFlags, clientUsage, kubeconfigFile, requestJson } from './client.ts';
import { columnsText } from './columns.ts';
import { type Command, type CommandIo } from './command.ts';
import { readKind } from './object-argument.ts';

const usage = `Usage: npx stackwarden list KIND [--at TIME] [flags]

Lists the objects of a kind as of a time: what was declared, and whether the cloud held it.

      --at TIME         as 2026-11-25T09:30:00Z        (default: now)
  -n, --namespace NAME  only of this namespace         (default: all)
      --cluster NAME    only of this Cluster           (default: all)
  -o, --output FORMAT   text, yaml or json             (default: text)
${clientUsage}  --help              this text

Exit status: 0 shown (also when there was nothing), 1 an error, 2 wrong flags.
`;

interface Item {
  readonly namespace: string;
  readonly name: string;
  readonly declared: { readonly state: string; readonly revision?: number; readonly actor?: string; readonly deletedBy?: string };
  readonly observed: { readonly state: string; readonly id?: string };
}

interface Page {
  readonly at: string;
  readonly known: boolean;
  readonly knownSince?: string;
  readonly items: readonly Item[];
  readonly next?: string;
}

/** `npx stackwarden list`: all objects of a kind as of a time. */
export const listCommand: Command = {
  word: 'list',
  summary: 'lists the objects of a kind as of a time',
  usage,
  async run(args, io) {
    const { kubeconfig, query, output } = read(args, io.env);
    const list = await all(kubeconfig, query);
    if (output === 'json') io.print(`${JSON.stringify(list, null, 2)}\n`);
    else io.print(output === 'yaml' ? stringify(list, { lineWidth: 0 }) : listText(list.items));
    if (!list.known) io.warn(`Nothing is known of ${list.at}: the record begins ${list.knownSince ? `at ${list.knownSince}` : 'later'}.`);
    return 0;
  },
};

function read(args: readonly string[], env: CommandIo['env']) {
  const { values: flags, positionals } = parse(args);
  if (positionals.length > 1) throw new UsageError(`One kind at a time; "${positionals[1]}" is one too many.`);
  const { at, namespace, cluster, output = 'text' } = flags;
  if (!['text', 'yaml', 'json'].includes(output)) throw new UsageError(`--output takes text, yaml, json, not "${output}".`);
  const query = new URLSearchParams({ kind: readKind(positionals[0]), limit: '500' });
  for (const [key, value] of Object.entries({ at, namespace, cluster })) if (value !== undefined) query.set(key, value);
  return { kubeconfig: kubeconfigFile(flags, env), query, output };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...clientFlags,
        namespace: { type: 'string', short: 'n' },
        cluster: { type: 'string' },
        at: { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** All pages of one moment, which is the first page's. */
async function all(kubeconfig: string, query: URLSearchParams): Promise<Page> {
  const items: Item[] = [];
  let page: Page | undefined;
  do {
    if (page?.next !== undefined) query.set('cursor', page.next);
    page = await requestJson<Page>({ kubeconfig, path: `/api/v1/objects?${query.toString()}` });
    items.push(...page.items);
  } while (page.next !== undefined);
  const { next: _last, ...about } = page;
  return { ...about, items };
}

function listText(items: readonly Item[]): string {
  const rows = items.map(({ namespace, name, declared, observed }) => [
    namespace,
    name,
    declared.revision === undefined ? declared.state : `revision ${declared.revision}`,
    declared.actor ?? declared.deletedBy ?? '',
    observed.state,
    observed.id ?? '',
  ]);
  return columnsText(['NAMESPACE', 'NAME', 'DECLARED', 'BY', 'OBSERVED', 'ID'], rows);
}
