import { parseArgs } from 'node:util';
import { type Verdict, verdictOf } from '../plan/summary.ts';
import { changeLine, planText } from '../plan/text.ts';
import type { RollbackPlan } from '../routes/rollback.ts';
import { UsageError } from '../settings.ts';
import { type ClientRequest, clientFlags, clientUsage, kubeconfigFile, requestJson } from './client.ts';
import type { Command, CommandIo } from './command.ts';
import { namespaceIn, type ObjectArgument, objectPath, objectTitle, readObject } from './object-argument.ts';

const usage = `Usage: npx stackwarden rollback KIND/NAME --to REVISION [--yes] [flags]

Shows what going back to an earlier revision would change, in the declaration and in the cloud. Goes
back only with --yes, and only if nobody changed the object meanwhile.

      --to REVISION     one of "npx stackwarden history KIND/NAME"
      --yes             go back, after the plan was shown
  -n, --namespace NAME  of the object                  (default: that of the kubeconfig)
${clientUsage}  --help              this text

Exit status: 0 nothing to do, or gone back; 2 there are changes, and --yes was not given; 1 an error, or (without --yes) a
plan that is not whole: something would stop and ask for a person, waits, or its cloud could not be looked at.
`;

/** `npx stackwarden rollback`: an earlier revision as a plan, then as an apply. */
export const rollbackCommand: Command = {
  word: 'rollback',
  summary: 'shows the way back to an earlier revision, and goes it with --yes',
  usage,
  usageStatus: 1,
  async run(args, io) {
    const { kubeconfig, object, revision, isMeant } = read(args, io.env);
    const path = `${objectPath(object)}/revisions/${revision}`;
    const plan = await post<RollbackPlan>({ kubeconfig, path: `${path}/plan`, body: {} });
    const isNothing = plan.changes.length === 0;
    io.print(rollbackText(plan, object, revision));
    if (isNothing || !isMeant) return isNothing ? 0 : statuses[verdictOf(wholePlan(plan, object))];
    const { generation, uid } = plan;
    const body = { generation, ...(uid !== undefined && { uid }) };
    const done = await post<RollbackPlan>({ kubeconfig, path: `${path}/apply`, body });
    io.print(`Went back: ${objectTitle(object)} is at revision ${done.generation} now, with the spec of revision ${revision}.\n`);
    return 0;
  },
};

const statuses: Readonly<Record<Verdict, number>> = { nothing: 0, changes: 2, incomplete: 1 };

function post<T>(request: ClientRequest): Promise<T> {
  return requestJson<T>({ ...request, method: 'POST' });
}

function read(args: readonly string[], env: CommandIo['env']) {
  const { values: flags, positionals } = parse(args);
  if (positionals.length > 1) throw new UsageError(`One object at a time; "${positionals[1]}" is one too many.`);
  const { to = '', yes: isMeant = false } = flags;
  if (!/^[1-9]\d{0,14}$/.test(to)) throw new UsageError('Name the revision to go back to with --to REVISION, a number.');
  const kubeconfig = kubeconfigFile(flags, env);
  const object = readObject(positionals[0], flags.namespace ?? namespaceIn(kubeconfig) ?? 'default');
  return { kubeconfig, object, revision: Number(to), isMeant };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...clientFlags, namespace: { type: 'string', short: 'n' }, to: { type: 'string' }, yes: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function rollbackText(plan: RollbackPlan, object: ObjectArgument, revision: number): string {
  const title = `${objectTitle(object)} back to revision ${revision}`;
  if (plan.changes.length === 0) return `${title}: nothing to do, its spec is that of revision ${revision}.\n`;
  const anew = plan.generation === 0 ? ' (there is no such object now: it is declared anew)' : '';
  const spec = plan.changes.map((change) => `    ${changeLine(change)}\n`).join('');
  return `${title}${anew}:\n${spec}${planText(wholePlan(plan, object))}`;
}

function wholePlan({ plan, changes, generation }: RollbackPlan, { kind, namespace, name }: ObjectArgument) {
  const declaration = { kind, namespace, name, action: generation === 0 ? 'create' : 'update', changes } as const;
  return { ...(plan ?? { objects: [], gaps: [] }), declarations: [declaration] };
}
