import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Export } from '#controller/export/export-manifests.ts';
import { counted, leftOutLine, manifestYaml } from '../export-yaml.ts';
import { UsageError } from '../settings.ts';
import { type ClientRequest, clientFlags, clientUsage, kubeconfigFile, requestJson, requestText } from './client.ts';
import { type Command, CommandError, type CommandIo } from './command.ts';

const usage = `Usage: npx stackwarden export --cluster NAME [flags]

Writes manifests for what a cloud holds and nobody declared. Applied, they only observe; change
managementPolicy to Manage once "kubectl get" shows them Ready.

  --cluster NAME      the Cluster to export
  --select KEY=VALUE  only what fits: kind=Volume, name=web-*, tag=prod, id=ID; may be given several
                      times: several of one key widen the selection, different keys narrow it
  --namespace NS      namespace of the objects                   (default: default)
  -o, --output DIR    a file for each object in DIR; - for one stream on standard output (default)
${clientUsage}  --help              this text

Exit status: 0 written (also when there was nothing to write), 1 an error, 2 wrong flags.
`;

interface Flags {
  readonly cluster: string;
  readonly namespace: string;
  readonly select: readonly string[];
  readonly output: string;
  readonly kubeconfig: string;
}

/** `npx stackwarden export`: a live cloud as manifests. */
export const exportCommand: Command = {
  word: 'export',
  summary: 'write manifests for what nobody declared',
  usage,
  async run(args, io) {
    const flags = readFlags(args, io.env);
    const { cluster, namespace, select } = flags;
    const request: ClientRequest = {
      kubeconfig: flags.kubeconfig,
      method: 'POST',
      path: `/api/v1/clusters/${encodeURIComponent(cluster)}/export`,
      body: { namespace, select },
    };
    if (flags.output === '-') io.print(await requestText({ ...request, accept: 'application/yaml' }));
    else writeFiles(await requestJson<Export>(request), flags.output, io);
    return 0;
  },
};

function readFlags(args: readonly string[], env: CommandIo['env']): Flags {
  const { cluster, namespace = 'default', select = [], output = '-', ...client } = parse(args);
  if (!cluster) throw new UsageError('Name the Cluster to export with --cluster NAME.');
  if (output === '') throw new UsageError('--output takes a directory, or - for standard output.');
  return { cluster, namespace, select, output, kubeconfig: kubeconfigFile(client, env) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        cluster: { type: 'string' },
        namespace: { type: 'string' },
        select: { type: 'string', multiple: true },
        output: { type: 'string', short: 'o' },
        ...clientFlags,
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Nothing is written when a file that is there holds something else: somebody may have worked on it. */
function writeFiles({ manifests, leftOut, notes }: Export, dir: string, io: CommandIo): void {
  const files = manifests.map((manifest) => ({
    path: join(dir, `${manifest.kind.toLowerCase()}-${manifest.metadata.name}.yaml`),
    text: manifestYaml(manifest),
  }));
  try {
    const edited = files.filter(({ path, text }) => existsSync(path) && readFileSync(path, 'utf8') !== text);
    if (edited.length > 0) {
      const paths = edited.map(({ path }) => path).join(', ');
      throw new CommandError(
        `These files are there and hold something else: ${paths}. Move them away, or name another directory; nothing was written.`,
      );
    }
    mkdirSync(dir, { recursive: true });
    for (const { path, text } of files) writeFileSync(path, text);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`The manifests could not be written to ${dir}: ${(error as Error).message}`);
  }
  io.warn(`${counted(files.length, 'manifest')} in ${dir}.`);
  for (const one of leftOut) io.warn(`Left out: ${leftOutLine(one)}`);
  for (const note of notes) io.warn(`Note: ${note}`);
}
