import { parseArgs } from 'node:util';
import { UsageError } from '../settings.ts';
import { writeExport } from './audit-file.ts';
import { clientFlags, clientUsage, kubeconfigFile, requestJson } from './client.ts';
import { columnsText } from './columns.ts';
import { type Command, type CommandIo } from './command.ts';

const usage = `Usage: npx stackwarden audit [list] [flags]
       npx stackwarden audit export [-o FILE] [--format csv|jsonl] [flags]
       npx stackwarden audit verify

Lists the operation log, newest first; exports it as CSV or JSON lines; or checks that nothing in it
was changed.

      --type TYPE       as Created, Denied, Exported; may be given several times
      --kind KIND       as Instance, Volume; may be given several times
      --object OBJECT   KIND/NAMESPACE/NAME or KIND/NAME
      --actor NAME      who did it
      --cluster NAME    only of this Cluster
  -n, --namespace NAME  only of this namespace
      --result RESULT   ok, failed, denied or observed
      --request-id ID   of a request to a cloud or to Stackwarden
      --address ADDR    whence a person asked
      --session ID      the session or token they asked with
      --origin NAME     imported from this database
      --path PATH       a changed field, or one above it
      --text TEXT       occurs in the message
      --since TIME      as 2026-11-25T09:30:00Z or 2026-11-25
      --until TIME
      --oldest-first
      --limit N         list so many                   (default: 50)
      --format FORMAT   export: csv or jsonl           (default: csv)
  -o, --output OUTPUT   list: text or json             (default: text)
                        export: a new file, or -       (default: -)
${clientUsage}  --help              this text

Exit status: 0 done, 1 an error, 2 wrong flags, 3 the log was changed (verify).
`;

const filters = [
  'object',
  'actor',
  'cluster',
  'namespace',
  'result',
  'address',
  'session',
  'origin',
  'path',
  'text',
  'since',
  'until',
] as const;
const word = { type: 'string' } as const;
const changedStatus = 3;

interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly result: string;
  readonly message: string;
}

interface Verified {
  readonly ok: boolean;
  readonly checked: number;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly firstBroken?: { readonly message: string };
  readonly checkpoint?: { readonly seq: number; readonly at: string };
}

/** `npx stackwarden audit`: the operation log at a terminal. */
export const auditCommand: Command = {
  word: 'audit',
  summary: 'lists, exports or verifies the operation log',
  usage,
  async run(args, io) {
    const { values: flags, positionals } = parse(args);
    const [what = 'list', more] = positionals;
    if (more !== undefined) throw new UsageError(`"${more}" is one word too many.`);
    const kubeconfig = kubeconfigFile(flags, io.env);
    if (what === 'list') return showList(kubeconfig, flags, io);
    if (what === 'verify') return showVerification(kubeconfig, io);
    if (what !== 'export') throw new UsageError(`audit takes list, export or verify, not "${what}".`);
    const { format = 'csv', output = '-' } = flags;
    if (format !== 'csv' && format !== 'jsonl') throw new UsageError(`--format takes csv or jsonl, not "${format}".`);
    const query = queryOf(flags);
    query.set('format', format);
    await writeExport({ kubeconfig, path: `/api/v1/audit/export?${query.toString()}`, timeoutMs: 300_000 }, output, io);
    return 0;
  },
};

type Flags = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...clientFlags,
        ...(Object.fromEntries(filters.map((name) => [name, word])) as Record<(typeof filters)[number], typeof word>),
        namespace: { type: 'string', short: 'n' },
        type: { type: 'string', multiple: true },
        kind: { type: 'string', multiple: true },
        'request-id': word,
        'oldest-first': { type: 'boolean' },
        limit: word,
        format: word,
        output: { type: 'string', short: 'o' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function queryOf(flags: Flags): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ['type', 'kind'] as const) for (const value of flags[name] ?? []) query.append(name, value);
  for (const name of filters) if (flags[name] !== undefined) query.set(name, flags[name]);
  if (flags['request-id'] !== undefined) query.set('requestId', flags['request-id']);
  if (flags['oldest-first']) query.set('order', 'oldest');
  return query;
}

async function showList(kubeconfig: string, flags: Flags, io: CommandIo): Promise<number> {
  const { output = 'text', limit = '50' } = flags;
  if (output !== 'text' && output !== 'json') throw new UsageError(`--output takes text or json, not "${output}".`);
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw new UsageError(`--limit takes a number from 1, not "${limit}".`);
  const items = await entries(kubeconfig, queryOf(flags), Number(limit));
  if (output === 'json') io.print(`${JSON.stringify(items, null, 2)}\n`);
  else {
    const rows = items.map(({ seq, at, type, actor, result, message }) => [String(seq), at, type, actor, result, message]);
    io.print(columnsText(['SEQ', 'AT', 'TYPE', 'WHO', 'RESULT', 'MESSAGE'], rows));
  }
  return 0;
}

async function entries(kubeconfig: string, query: URLSearchParams, wanted: number): Promise<Entry[]> {
  const found: Entry[] = [];
  for (;;) {
    query.set('limit', String(Math.min(500, wanted - found.length)));
    const page = await requestJson<{ items: Entry[]; next?: string }>({ kubeconfig, path: `/api/v1/audit?${query.toString()}` });
    found.push(...page.items);
    if (page.next === undefined || found.length >= wanted) return found;
    query.set('cursor', page.next);
  }
}

async function showVerification(kubeconfig: string, io: CommandIo): Promise<number> {
  const { ok, checked, head, firstBroken, checkpoint } = await requestJson<Verified>({
    kubeconfig,
    path: '/api/v1/audit/verify',
    timeoutMs: 3_600_000,
  });
  const from = checkpoint ? `; entries up to ${checkpoint.seq} were removed for their age, last at ${checkpoint.at}` : '';
  if (!ok) io.warn(`The log was changed: ${firstBroken?.message ?? ''}`);
  else
    io.print(
      `${checked} entries are whole and in place${from}.\nThe newest is ${head.seq}, its hash ${head.hash}; noted elsewhere, it vouches for all before it.\n`,
    );
  return ok ? 0 : changedStatus;
}
