import type { ApiObject } from '../kube/definition.ts';
import type { OwnKube, OwnKubeReply } from '../own-kube.ts';
import { cloudColumns, cloudOf, type LegacyCloud } from './cloud.ts';
import type { LegacyRow } from './database.ts';
import type { Importing } from './people.ts';
import type { Tally } from './report.ts';
import { lineOf } from './values.ts';

const table = 'openstack_cluster';
const kind = 'cluster';
/** The name a cloud is going to have: noted before its objects are made, so that a second try makes them and no others. */
const nameKind = 'cluster-name';
const group = 'openstack.stackwarden.io';
const secretsPath = '/api/v1/namespaces/default/secrets';
const clustersPath = `/apis/${group}/v1alpha1/clusters`;
const originAnnotation = `${group}/imported-from`;
const page = 100;

interface Caller {
  readonly kube: OwnKube;
  readonly authorization: string;
}

/** Brings the clouds of the old table as Clusters and Secrets through the Kubernetes API, and their names by old id, for the log. */
export async function importClouds(
  importing: Importing,
  columns: readonly string[],
  caller: Caller,
): Promise<{ tally: Tally; names: Map<number, string> }> {
  const { old, progress, book, came } = importing;
  const tally = book.tally();
  const names = new Map<number, string>();
  const wanted = cloudColumns.filter((column) => columns.includes(column));
  for (let after = -Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await old.rows(table, wanted, after, page);
    const last = rows.at(-1);
    if (!last) return { tally, names };
    after = last.id;
    tally.found += rows.length;
    for (const row of rows) {
      const known = await progress.target(kind, row.id);
      const outcome = known === undefined ? await bring(importing, caller, row) : { name: known };
      const oldName = lineOf(row['name'], 200);
      if (known !== undefined) tally.before += 1;
      else if ('name' in outcome) tally.taken += 1;
      else {
        tally.leftOut += 1;
        book.leaveOut(table, row.id, outcome.problem);
      }
      const name = 'name' in outcome ? outcome.name : oldName;
      if (name !== undefined) names.set(row.id, name);
    }
    came?.(table, rows.length);
  }
}

async function bring(importing: Importing, caller: Caller, row: LegacyRow): Promise<{ name: string } | { problem: string }> {
  const { progress, book } = importing;
  const cloud = cloudOf(row);
  if ('problem' in cloud) return cloud;
  const origin = `${progress.source}/${row.id}`;
  const name = (await progress.target(nameKind, row.id)) ?? (await freeName(caller, cloud.wish));
  await progress.step((tx) => progress.mark(tx, nameKind, row.id, name));
  for (const { path, object } of objectsOf(cloud, name, origin)) {
    const problem = await createOnce(caller, path, object, origin);
    if (problem !== undefined) return { problem };
  }
  await progress.step((tx) => progress.mark(tx, kind, row.id, name));
  if (name !== cloud.oldName) book.differs(table, row.id, `"${cloud.oldName}" is Cluster ${name} here`);
  if (!cloud.isEnabled) book.differs(table, row.id, 'was not active: its Cluster is disabled');
  return { name };
}

async function freeName(caller: Caller, wish: string): Promise<string> {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wish : `${wish}-${count}`;
    const paths = [`${clustersPath}/${name}`, `${secretsPath}/cloud-${name}`];
    const answers = await Promise.all(paths.map((path) => ask(caller, 'GET', path)));
    if (answers.every(({ status }) => status === 404)) return name;
    const other = answers.find(({ status }) => status !== 404 && status !== 200);
    if (other) throw new Error(`The Kubernetes API answered ${other.status}: ${messageOf(other)}`);
  }
}

function objectsOf(cloud: LegacyCloud, name: string, origin: string): { path: string; object: ApiObject }[] {
  const annotations = { [originAnnotation]: origin };
  const about = {
    ...(cloud.description !== undefined && { [`${group}/description`]: cloud.description }),
    [`${group}/display-name`]: cloud.oldName,
  };
  const secret = { namespace: 'default', name: `cloud-${name}`, key: 'clouds.yaml' };
  return [
    {
      path: secretsPath,
      object: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: secret.name, namespace: secret.namespace, annotations },
        type: 'Opaque',
        stringData: { [secret.key]: cloud.cloudsYaml(name) },
      },
    },
    {
      path: clustersPath,
      object: {
        apiVersion: `${group}/v1alpha1`,
        kind: 'Cluster',
        metadata: { name, annotations: { ...annotations, ...about } },
        spec: { cloud: name, credentialsSecretRef: secret, ...(!cloud.isEnabled && { enabled: false }) },
      },
    },
  ];
}

/** Creates the object, or finds the one an import that was killed made. Says what is in the way otherwise. */
async function createOnce(caller: Caller, path: string, object: ApiObject, origin: string): Promise<string | undefined> {
  const made = await ask(caller, 'POST', path, object);
  if (made.status === 201) return undefined;
  const { name } = object.metadata;
  if (made.status !== 409) return `${object.kind} ${name} was refused: ${messageOf(made)}`;
  const there = (await ask(caller, 'GET', `${path}/${name}`)).body as Partial<ApiObject>;
  if (there.metadata?.annotations?.[originAnnotation] === origin) return undefined;
  return `${object.kind} ${name} is there already, and not from this import: rename or delete it, then import again`;
}

function ask({ kube, authorization }: Caller, method: 'GET' | 'POST', path: string, body?: object): Promise<OwnKubeReply> {
  return kube({ method, path, caller: { authorization }, userAgent: 'import-legacy', ...(body && { body }) });
}

function messageOf({ body }: OwnKubeReply): string {
  const { message } = body;
  return typeof message === 'string' ? message : 'no reason was given';
}
