import { condition, eventually, type Live } from '#tests/scenarios/session.ts';
import { type CloudResource, cloudResource } from './cloud-resource.ts';
import { copyExamples, readExample, uniqueName } from './examples.ts';
import { type Ids, type KindCase, titleOf } from './kind-case.ts';
import { contentsOf, type SharedSession } from './shared-session.ts';

/** One kind's case in a namespace of its own, while other cases run beside it: it sees its own objects and its own writes only. */
export interface CaseSession {
  readonly namespace: string;
  readonly resource: CloudResource;
  /** For messages: `volume/example`. */
  readonly object: string;
  kubectl(...args: string[]): Promise<string>;
  kubectlWith(input: string, ...args: string[]): Promise<string>;
  /** Where the copy of an example is. */
  file(example: string): string;
  live(): Promise<Live>;
  idOf(): Promise<string>;
  patch(spec: object): Promise<string>;
  objects(): Promise<Live[]>;
  /** Ids of all objects of the case, as `refresh` saw them last. */
  readonly ids: Ids;
  refresh(): Promise<void>;
  /** Writes for the case's own objects so far, refused ones too; what nobody can be told for counts as well. */
  writes(): Promise<readonly string[]>;
  count(): Promise<number>;
  untilAllReady(): Promise<void>;
  /** Deletes all objects of the case and waits until they are gone. */
  deleteAll(): Promise<void>;
  /** What is in the cloud that was made for the case. */
  contents(): Promise<string[]>;
}

export async function startCase(shared: SharedSession, kindCase: KindCase): Promise<CaseSession> {
  const { session, ledger, world } = shared;
  const { kind, object: name, manifest, needs } = kindCase;
  const namespace = namespaceOf(kindCase);
  const object = `${kind.toLowerCase()}/${name}`;
  const resource = cloudResource(kind);
  const ids = new Map<string, string>();
  const file = copyExamples(namespace, kindCase);
  for (const one of [manifest, ...needs].flatMap(readExample)) {
    const { name: unique } = uniqueName(namespace, one);
    if (unique !== undefined) ledger.mark(namespace, unique);
  }
  await session.must('create', 'namespace', namespace);
  const objects = () => shared.objects(namespace);
  const live = () => shared.one(namespace, kind, name);
  const kubectl = (...args: string[]) => session.must('-n', namespace, ...args);
  return {
    namespace,
    resource,
    object,
    kubectl,
    async kubectlWith(input, ...args) {
      const { code, stdout, stderr } = await session.kubectlWith({ input }, '-n', namespace, ...args);
      if (code !== 0 || stderr.includes('rror')) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
      return stdout;
    },
    file,
    live,
    idOf: async () => (await live()).status?.id ?? '',
    patch: (spec) => kubectl('patch', object, '--type=merge', '-p', JSON.stringify({ spec })),
    objects,
    ids: (wanted) => ids.get(wanted) ?? '',
    async refresh() {
      for (const one of await objects()) ids.set(`${one.kind}/${one.metadata.name}`, one.status?.id ?? '');
    },
    async writes() {
      const { length } = ledger.writes;
      // Only then: whoever sent one of those writes is there to be seen.
      await shared.objects();
      return ledger.of(namespace, length).map(({ method, path }) => `${method} ${path}`);
    },
    count: () => resource.count(world.client, (row) => ledger.owns(namespace, row)),
    untilAllReady: () => untilNone(240, async () => (await objects()).filter((one) => condition(one, 'Ready')?.status !== 'True')),
    async deleteAll() {
      for (const one of [manifest, ...needs].toReversed()) await kubectl('delete', '-f', file(one), '--ignore-not-found', '--wait=false');
      await untilNone(180, objects);
    },
    contents: () => contentsOf(shared, namespace),
  };
}

/** `instance-snapshot` for a case of that name. */
function namespaceOf(kindCase: KindCase): string {
  return titleOf(kindCase)
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}

async function untilNone(seconds: number, look: () => Promise<Live[]>): Promise<void> {
  await eventually(
    seconds,
    async () => ((await look()).length === 0 ? true : undefined),
    async () => JSON.stringify((await look()).map((one) => [one.kind, one.metadata.name, one.status?.conditions])),
  );
}
