import { kinds } from '#controller/kinds/index.ts';
import { type RecordingProxy, startRecordingProxy } from '#tests/parts/recording-proxy.ts';
import { type CloudContents, inventoryOf, readContents } from '#tests/scenarios/contents.ts';
import { throughProxies } from '#tests/scenarios/proxied.ts';
import { type Live, type Session, startSession } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';
import { createWriteLedger, type WriteLedger } from './write-ledger.ts';

/** One Stackwarden and one project for all cases of a suite, and a ledger of whose each write is. */
export interface SharedSession {
  readonly world: World;
  readonly session: Session;
  readonly ledger: WriteLedger;
  /** What the project held before anything was declared. */
  readonly before: readonly string[];
  /** Objects of all namespaces, or of one; every uid seen is known to the ledger. */
  objects(namespace?: string): Promise<Live[]>;
  one(namespace: string, kind: string, name: string): Promise<Live>;
  stop(): Promise<void>;
}

const api = '/apis/openstack.stackwarden.io/v1alpha1';
const plurals = new Map(kinds.map(({ kind, plural }) => [kind, plural]));

export async function startSharedSession(world: World): Promise<SharedSession> {
  const before = inventoryOf(await readContents(world.client));
  const ledger = createWriteLedger();
  const { cloudsYaml, proxies } = await throughProxies(world, ['network', 'block-storage', 'compute', 'image'], (_service, origin) =>
    startRecordingProxy(origin, ledger.writes, { refused: true, onRead: ledger.read }),
  );
  const session = await startSession({ ...world, cloudsYaml });
  // Several cases lose their resource in the cloud at the same time; that is not what this is about.
  const limits = { limits: { recreations: 1000 } };
  await session.must('patch', 'cluster', 'main', '--type=merge', '-p', JSON.stringify({ spec: limits }));
  // Not by kubectl: a process for each of many looks would be most of what a small machine does.
  const read = async <T>(path: string): Promise<T> => {
    const { status, text } = await session.process.get(api + path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`);
    return JSON.parse(text) as T;
  };
  const known = (objects: readonly Live[]) => {
    for (const { metadata } of objects) ledger.mark(metadata.namespace, metadata.uid);
  };
  const look = async (): Promise<Live[]> => {
    const found: Live[] = [];
    for (const [kind, plural] of plurals)
      for (const one of (await read<{ items: Live[] }>(`/${plural}`)).items) found.push({ ...one, kind });
    known(found);
    return found;
  };
  const lookTogether = shareNext(look);
  return {
    world,
    session,
    ledger,
    before,
    async objects(namespace) {
      const all = await lookTogether();
      return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
    },
    async one(namespace, kind, name) {
      const live = await read<Live>(`/namespaces/${namespace}/${plurals.get(kind)}/${name}`);
      known([live]);
      return live;
    },
    stop: () => stop(session, proxies, world),
  };
}

/** One call at a time, for all who ask while the one before is under way: what they get was begun after they asked. */
function shareNext<T>(call: () => Promise<T>): () => Promise<T> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  const begin = () => {
    next = undefined;
    return call();
  };
  return () => {
    if (next) return next;
    next = current.then(begin, begin);
    current = next;
    return next;
  };
}

async function stop(session: Session, proxies: readonly RecordingProxy[], world: World): Promise<void> {
  await session.process.stop();
  for (const proxy of proxies) await proxy.close();
  await world.close();
}

/** What of the project is this namespace's. */
export async function contentsOf({ world, ledger }: SharedSession, namespace: string): Promise<string[]> {
  const contents = await readContents(world.client);
  const own = Object.entries(contents).map(([type, rows]) => [type, rows.filter((row: unknown) => ledger.owns(namespace, row))]);
  return inventoryOf(Object.fromEntries(own) as CloudContents);
}
