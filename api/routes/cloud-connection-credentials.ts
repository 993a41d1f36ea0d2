import type { FastifyPluginAsync } from 'fastify';
import { CloudConfigError } from '#controller/openstack/config-section.ts';
import { specOf } from '../connections/cluster-object.ts';
import { changeCredentials } from '../connections/connect.ts';
import {
  configOf,
  describeCredentials,
  entriesOf,
  fingerprintOf,
  type GivenCredentials,
  storedConfig,
} from '../connections/credentials.ts';
import { find, type StoredObject, secretPath } from '../connections/kube-door.ts';
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
import { credentials, nameParams } from './cloud-connections-schema.ts';

const url = '/api/v1/clusters/:cluster/credentials';

/** What may be known of a cluster's credentials, and the way to change them: they are never answered. */
export const connectionCredentialRoutes: FastifyPluginAsync<ConnectionContext> = async (app, context) => {
  checkStrictly(app);

  app.get<ClusterRoute>(url, { schema: { params: nameParams }, config: { access: atCluster('cluster.read') } }, async ({ params }) => {
    const cluster = await clusterNamed(asItself(context), params.cluster);
    const { namespace, name } = specOf(cluster).credentialsSecretRef;
    const secret = await find(asItself(context), secretPath({ namespace, name }));
    return present(context, cluster, secret);
  });

  app.put<ClusterRoute & { Body: GivenCredentials }>(
    url,
    { schema: { params: nameParams, body: credentials }, config: { access: atCluster('cluster.change') } },
    async (asker) => {
      const { cluster: name } = asker.params;
      const cluster = await clusterNamed(asCaller(context, asker), name);
      const { config, secret } = await attempt(
        context,
        asker,
        { type: 'CredentialsChanged', cluster: name, words: `change the credentials of ${name}` },
        async () => {
          const spec = specOf(cluster);
          const given = entryFor(asker.body, spec.cloud);
          const fresh = configOf(given, spec);
          return { config: fresh, secret: await changeCredentials(asCaller(context, asker), cluster, fresh) };
        },
      );
      const { kind, user, project, applicationCredential } = describeCredentials(config);
      const who = [user && `user ${user}`, project && `project ${project}`, applicationCredential && `id ${applicationCredential}`];
      const message = `changed the credentials of ${name}: ${kind}${who.some(Boolean) ? `, ${who.filter(Boolean).join(', ')}` : ''}.`;
      await tell(context, asker, { type: 'CredentialsChanged', cluster: name, uid: cluster.metadata.uid, message });
      return present(context, cluster, secret);
    },
  );
};

/** Of several entries the one the Cluster asks for, unless another is named. */
function entryFor(given: GivenCredentials, cloud: string | undefined): GivenCredentials {
  if (given.cloud !== undefined || cloud === undefined || given.entry !== undefined) return given;
  const { names } = entriesOf(given);
  return names.length > 1 && names.includes(cloud) ? { ...given, cloud } : given;
}

async function present({ audit, health }: ConnectionContext, cluster: StoredObject, secret: StoredObject | undefined) {
  const spec = specOf(cluster);
  const { namespace, name, key = 'clouds.yaml' } = spec.credentialsSecretRef;
  if (!secret) throw new Refused(404, 'CredentialsNotFound', `Secret ${namespace}/${name} does not exist; PUT credentials to make it.`);
  const { uid, creationTimestamp } = secret.metadata;
  const [newest] = (await audit.list({ uid }, { limit: 1 })).items;
  const expiresAt = (await health?.newest(cluster.metadata.name))?.credentialExpiresAt;
  return {
    secret: { namespace, name, key },
    fingerprint: fingerprintOf(secret),
    createdAt: creationTimestamp,
    ...(newest && { changedAt: new Date(newest.at).toISOString(), changedBy: newest.actor }),
    ...shownOf(secret, spec),
    // Of an application credential, as its cloud told it last.
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function shownOf(secret: StoredObject, spec: ReturnType<typeof specOf>): object {
  const { name, key = 'clouds.yaml' } = spec.credentialsSecretRef;
  try {
    const config = storedConfig(secret, spec);
    return config ? describeCredentials(config) : { flaw: `Secret ${name} has no key "${key}"; PUT credentials to write it.` };
  } catch (error) {
    if (!(error instanceof CloudConfigError)) throw error;
    return { flaw: error.message };
  }
}
