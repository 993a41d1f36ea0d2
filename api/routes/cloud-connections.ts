import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ClusterSpec } from '#controller/kinds/cluster.ts';
import { clusterPath, clustersPath, describing, etagOf, isMatched, specOf, viewOf } from '../connections/cluster-object.ts';
import { connect } from '../connections/connect.ts';
import { configOf, type GivenCredentials } from '../connections/credentials.ts';
import { disconnect, secretOf, usersOf } from '../connections/disconnect.ts';
import { ask, each, type KubeDoor, KubeRefused, type StoredObject } from '../connections/kube-door.ts';
import { diffJson } from '../kube-audit.ts';
import {
  asCaller,
  asItself,
  atCluster,
  attempt,
  type ClusterRoute,
  type ConnectionContext,
  checkStrictly,
  clusterNamed,
  Refused,
  tell,
} from './cloud-connection-request.ts';
import { changeBody, createBody, deleteQuery, nameParams } from './cloud-connections-schema.ts';
import { badRequest } from './problem.ts';

interface CreateBody {
  readonly name: string;
  readonly description?: string;
  readonly spec?: Omit<ClusterSpec, 'credentialsSecretRef'>;
  readonly namespace?: string;
  readonly credentials?: GivenCredentials;
  readonly credentialsSecretRef?: ClusterSpec['credentialsSecretRef'];
}

interface ChangeBody {
  readonly description?: string;
  readonly spec?: object;
}

const collection = '/api/v1/clusters';
const one = `${collection}/:cluster`;
const attempts = 5;

/**
 * Cloud connections: listed, made, changed, enabled, disabled, deleted. What is shown of one is its Cluster object and what was seen of its
 * cloud; nothing secret is in it. MUST be registered where every request has been authenticated.
 */
export const cloudConnectionRoutes: FastifyPluginAsync<ConnectionContext> = async (app, context) => {
  checkStrictly(app);
  const present = async (cluster: StoredObject) => {
    const seen = await context.sights?.()?.of(cluster.metadata.name);
    return { ...viewOf(cluster), etag: etagOf(cluster), ...(seen && { seen }) };
  };
  const answer = async (reply: FastifyReply, cluster: StoredObject) => reply.header('etag', etagOf(cluster)).send(await present(cluster));

  app.get(collection, { config: { access: { permission: 'cluster.read', at: 'anywhere' } } }, async (asker) => {
    const items: StoredObject[] = [];
    for await (const cluster of each(asItself(context), clustersPath)) {
      if (asker.may('cluster.read', { cluster: cluster.metadata.name, namespace: '*' }).allowed) items.push(cluster);
    }
    return { items: await Promise.all(items.map(present)) };
  });

  app.get<ClusterRoute>(one, { schema: { params: nameParams }, config: { access: atCluster('cluster.read') } }, async ({ params }, reply) =>
    answer(reply, await clusterNamed(asItself(context), params.cluster)),
  );

  const ofNew = ({ body }: FastifyRequest) => ({ cluster: (body as CreateBody).name, namespace: '*' });
  app.post<{ Body: CreateBody }>(
    collection,
    { schema: { body: createBody }, config: { access: { permission: 'cluster.change', at: ofNew } } },
    async (request, reply) => {
      const { name, description, spec = {}, namespace = 'default', credentials, credentialsSecretRef } = request.body;
      if ('credentialsSecretRef' in spec)
        return badRequest(reply, [
          { field: 'spec.credentialsSecretRef', message: 'Give credentialsSecretRef beside spec, or credentials.' },
        ]);
      const made = await attempt(context, request, { type: 'ConnectionCreated', cluster: name, words: `connect ${name}` }, () => {
        const given = credentials ? { config: configOf(credentials, spec), namespace } : credentialsSecretRef;
        if (!given) throw new Refused(400, 'BadRequest', 'Give credentials or credentialsSecretRef.');
        return connect(asCaller(context, request), { name, ...(description !== undefined && { description }), spec, credentials: given });
      });
      await tell(context, request, { type: 'ConnectionCreated', cluster: name, uid: made.metadata.uid, message: `connected ${name}.` });
      return answer(reply.code(201).header('location', `${collection}/${name}`), made);
    },
  );

  app.patch<ClusterRoute & { Body: ChangeBody }>(
    one,
    { schema: { params: nameParams, body: changeBody }, config: { access: atCluster('cluster.change') } },
    async (request, reply) => {
      const header = request.headers['if-match'];
      if (header === undefined)
        throw new Refused(428, 'PreconditionRequired', 'Send If-Match with the ETag of what you edited, or "*" to write over anything.');
      const { spec, description } = request.body;
      const words = { type: 'ConnectionChanged', words: 'change', done: 'changed' };
      return answer(reply, await change(context, request, { spec, description, header, ...words }));
    },
  );

  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    app.post<ClusterRoute>(
      `${one}/${verb}`,
      { schema: { params: nameParams }, config: { access: atCluster('cluster.change') } },
      async (request, reply) => {
        const words = { type: enabled ? 'ConnectionEnabled' : 'ConnectionDisabled', words: verb, done: `${verb}d` };
        return answer(reply, await change(context, request, { spec: { enabled }, header: '*', ...words }));
      },
    );
  }

  app.delete<ClusterRoute & { Querystring: { readonly dryRun: boolean } }>(
    one,
    { schema: { params: nameParams, querystring: deleteQuery }, config: { access: atCluster('cluster.delete') } },
    async (request, reply) => {
      const { cluster: name } = request.params;
      const cluster = await clusterNamed(asCaller(context, request), name);
      checkMatch(request.headers['if-match'] ?? '*', cluster);
      const secret = await secretOf(asItself(context), cluster);
      const users = await usersOf(asItself(context), name);
      const goes = [
        { kind: 'Cluster', namespace: '', name },
        ...(secret ? [{ kind: 'Secret', namespace: secret.metadata.namespace ?? '', name: secret.metadata.name }] : []),
      ];
      if (request.query.dryRun) return { deletes: goes, usedBy: users.objects, moreUsers: users.more };
      const kept = await attempt(context, request, { type: 'ConnectionDeleted', cluster: name, words: `delete ${name}` }, () => {
        if (users.objects.length > 0) throw inUse(name, users);
        return disconnect(asCaller(context, request), cluster, secret);
      });
      const message = `deleted ${name}.${kept === undefined ? '' : ` ${kept}`}`;
      await tell(context, request, { type: 'ConnectionDeleted', cluster: name, uid: cluster.metadata.uid, message });
      return reply.code(202).send({ deleted: kept === undefined ? goes : goes.slice(0, 1), ...(kept !== undefined && { kept }) });
    },
  );
};

function inUse(name: string, { objects, more }: Awaited<ReturnType<typeof usersOf>>): Refused {
  const named = objects.slice(0, 5).map((each) => `${each.kind} ${each.namespace}/${each.name}`);
  const rest = more || objects.length > named.length ? ' and more' : '';
  const detail = `Cluster ${name} is named by ${named.join(', ')}${rest}. Delete those first (deletionPolicy Retain keeps what is in the cloud), or disable the Cluster.`;
  return new Refused(409, 'ClusterInUse', detail, { usedBy: objects, moreUsers: more });
}

function checkMatch(header: string, cluster: StoredObject): void {
  const etag = etagOf(cluster);
  if (isMatched(header, etag)) return;
  const detail = `Cluster ${cluster.metadata.name} was changed since it was read. Read it again, look at what changed, and send its ETag.`;
  throw new Refused(412, 'PreconditionFailed', detail, { etag });
}

interface Edit {
  readonly spec?: object | undefined;
  readonly description?: string | undefined;
  /** If-Match. */
  readonly header: string;
  readonly type: string;
  readonly words: string;
  readonly done: string;
}

/** Writes if what people edit is still as the header says; that its status moved meanwhile does not matter. */
async function change(context: ConnectionContext, request: FastifyRequest, edit: Edit): Promise<StoredObject> {
  const { cluster: name } = request.params as ClusterRoute['Params'];
  const { before, after } = await attempt(context, request, { type: edit.type, cluster: name, words: `${edit.words} ${name}` }, () =>
    patchLocked(asCaller(context, request), name, edit),
  );
  await tell(context, request, {
    type: edit.type,
    cluster: name,
    uid: after.metadata.uid,
    changes: diffJson(specOf(before), specOf(after), 'spec'),
    message: `${edit.done} ${name}.`,
  });
  return after;
}

async function patchLocked(door: KubeDoor, name: string, edit: Edit): Promise<{ before: StoredObject; after: StoredObject }> {
  for (let attemptNumber = 1; ; attemptNumber += 1) {
    const before = await clusterNamed(door, name);
    checkMatch(edit.header, before);
    const { resourceVersion } = before.metadata;
    try {
      const body = { metadata: { resourceVersion, ...describing(edit.description) }, ...(edit.spec && { spec: edit.spec }) };
      const after = await ask(door, { method: 'PATCH', path: clusterPath(name), query: { fieldValidation: 'Strict' }, body });
      return { before, after };
    } catch (error) {
      if (!(error instanceof KubeRefused) || error.status !== 409 || attemptNumber >= attempts) throw error;
    }
  }
}
