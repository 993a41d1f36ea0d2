import type { ClusterSpec } from '#controller/kinds/cluster.ts';
import { clusterPath, specOf } from '../../connections/cluster-object.ts';
import { find, type KubeDoor, secretPath } from '../../connections/kube-door.ts';
import type { RecordingPolicy } from '../ports.ts';
import type { Bastion, Bastions } from '../ssh/ports.ts';
import { readPrivateKey } from './private-key.ts';

/** What Clusters say about terminals, read when it is needed: nothing of it is kept. */
export interface ClusterTerminals extends Bastions {
  /** Undefined when the Cluster says nothing, or is not there. */
  recording(cluster: string): Promise<RecordingPolicy | undefined>;
  /** Where the bastion is; nothing of its key. */
  shownBastion(cluster: string): Promise<Pick<Bastion, 'host' | 'port' | 'user'> | undefined>;
}

type Spec = NonNullable<ClusterSpec['terminals']>;

const policies = { All: 'all', Text: 'text', Off: 'off' } as const;
const usualPort = 22;

/** `kube`: the Kubernetes API as this program itself, since who opens a terminal need not be able to read Secrets. */
export function clusterTerminals(kube: KubeDoor): ClusterTerminals {
  const specFor = async (cluster: string): Promise<Spec | undefined> => {
    const found = await find(kube, clusterPath(cluster));
    return found && specOf(found).terminals;
  };
  return {
    async recording(cluster) {
      const recording = (await specFor(cluster))?.recording;
      return recording && policies[recording];
    },
    async shownBastion(cluster) {
      const bastion = (await specFor(cluster))?.bastion;
      return bastion && { host: bastion.host, port: bastion.port ?? usualPort, user: bastion.user };
    },
    async bastion(cluster) {
      const bastion = (await specFor(cluster))?.bastion;
      if (!bastion) return undefined;
      const { host, port = usualPort, user, hostKeys, privateKeySecretRef } = bastion;
      return { host, port, user, hostKeys, privateKey: await privateKeyIn(kube, privateKeySecretRef) };
    },
  };
}

/** Throws an Error in words that name the Secret and hold nothing of it. */
async function privateKeyIn(kube: KubeDoor, ref: NonNullable<Spec['bastion']>['privateKeySecretRef']): Promise<string> {
  const { namespace, name, key = 'ssh-privatekey' } = ref;
  const where = `Secret ${namespace}/${name}`;
  const secret = await find(kube, secretPath({ namespace, name }));
  if (!secret) throw new Error(`${where}, which its Cluster names, does not exist; create it.`);
  const encoded = (secret['data'] as Readonly<Record<string, string>> | undefined)?.[key];
  if (encoded === undefined) throw new Error(`${where} has no entry "${key}"; put the private key there.`);
  const read = await readPrivateKey(Buffer.from(encoded, 'base64').toString('utf8'));
  if (!('field' in read)) return read.pem;
  if (read.field === 'passphrase') throw new Error(`${where}, entry "${key}", is encrypted; put a private key without a passphrase there.`);
  throw new Error(`${where}, entry "${key}", ${read.flaw}`);
}
