import { stackwardenApi } from '../../data/schemas.ts';
import { isRecord } from '../../data/validate.ts';

/** Points at something of the cloud: by its name, or by its id where several share that. */
export type Selector = { readonly name: string } | { readonly id: string };

/** Where objects of a wizard go. */
export interface WhereForm {
  readonly cluster: string;
  readonly namespace: string;
  /** The namespace is made along. */
  readonly isNamespaceNew: boolean;
  readonly name: string;
}

export interface InstanceForm extends WhereForm {
  readonly count: number;
  readonly boot: 'local' | 'newVolume' | 'volume';
  readonly image?: Selector;
  readonly bootSizeGiB: number;
  readonly bootType: string;
  readonly bootVolume: string;
  readonly flavor?: Selector;
  readonly networks: readonly ({ readonly fixedIP: string } & ({ readonly ref: string } | { readonly network: Selector }))[];
  readonly securityGroups: readonly string[];
  readonly volumes: readonly ({ readonly sizeGiB: number; readonly type: string } | { readonly existing: string })[];
  readonly key: 'none' | 'declared' | 'fresh';
  readonly keyName: string;
  readonly publicKey: string;
  readonly userData: string;
  readonly zone: string;
}

export const emptyInstance: InstanceForm = {
  cluster: '',
  namespace: 'default',
  isNamespaceNew: false,
  name: '',
  count: 1,
  boot: 'local',
  bootSizeGiB: 10,
  bootType: '',
  bootVolume: '',
  networks: [],
  securityGroups: [],
  volumes: [],
  key: 'none',
  keyName: '',
  publicKey: '',
  userData: '',
  zone: '',
};

/** Of one, its name; of several, `web-1`, `web-2`. */
export function namesOf({ name, count }: Pick<InstanceForm, 'name' | 'count'>): string[] {
  return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

/** A manifest in the place of the form; what is undefined or '' is left out of the spec. */
export function manifest({ cluster, namespace }: Pick<WhereForm, 'cluster' | 'namespace'>, kind: string, name: string, spec: object) {
  const given = Object.entries(spec).filter(([, value]) => value !== undefined && value !== '');
  return {
    apiVersion: stackwardenApi,
    kind,
    metadata: { name, namespace },
    spec: { clusterRef: { name: cluster }, ...Object.fromEntries(given) },
  };
}

/** The namespace, where it is made along. */
export function namespaceOf({ namespace, isNamespaceNew }: WhereForm): object[] {
  return isNamespaceNew ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }] : [];
}

/** Everything the form declares, what others refer to first. */
export function instanceManifests(form: InstanceForm): object[] {
  const key = form.key === 'fresh' ? [manifest(form, 'KeyPair', form.keyName, { publicKey: form.publicKey.trim() })] : [];
  return [...namespaceOf(form), ...key, ...namesOf(form).flatMap((name) => oneInstance(form, name))];
}

function oneInstance(form: InstanceForm, name: string): object[] {
  const boot =
    form.boot === 'newVolume'
      ? [manifest(form, 'Volume', `${name}-boot`, { sizeGiB: form.bootSizeGiB, volumeType: form.bootType, image: form.image })]
      : [];
  const fresh = form.volumes.flatMap((volume, index) =>
    'existing' in volume
      ? []
      : [manifest(form, 'Volume', `${name}-data-${index + 1}`, { sizeGiB: volume.sizeGiB, volumeType: volume.type })],
  );
  const attached = form.volumes.map((volume, index) => ({
    volumeRef: { name: 'existing' in volume ? volume.existing : `${name}-data-${index + 1}` },
  }));
  const spec = {
    flavor: form.flavor,
    ...(form.boot === 'local' && { image: form.image }),
    ...(form.boot === 'newVolume' && { bootVolume: { volumeRef: { name: `${name}-boot` } } }),
    ...(form.boot === 'volume' && { bootVolume: { volumeRef: { name: form.bootVolume } } }),
    networks: orNothing(form.networks.map(networkOf)),
    securityGroupRefs: orNothing(form.securityGroups.map((group) => ({ name: group }))),
    keyPairRef: form.key === 'none' ? undefined : { name: form.keyName },
    volumes: orNothing(attached),
    userData: form.userData,
    availabilityZone: form.zone,
  };
  return [...boot, ...fresh, manifest(form, 'Instance', name, spec)];
}

function networkOf({ fixedIP, ...network }: InstanceForm['networks'][number]): object {
  const address = fixedIP === '' ? {} : { fixedIP };
  return 'ref' in network ? { networkRef: { name: network.ref }, ...address } : { network: network.network, ...address };
}

/** An empty list would say that there must be none. */
function orNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

export interface FlavorSize {
  readonly vcpus: number;
  /** MiB. */
  readonly ram: number;
}

/** What the form takes of each quota. */
export function wantedOf(form: InstanceForm, flavor: FlavorSize | undefined): Readonly<Record<string, number>> {
  const sizes = form.volumes.flatMap((volume) => ('existing' in volume ? [] : [volume.sizeGiB]));
  if (form.boot === 'newVolume') sizes.push(form.bootSizeGiB);
  const { count } = form;
  return {
    instances: count,
    cores: count * (flavor?.vcpus ?? 0),
    ramMiB: count * (flavor?.ram ?? 0),
    volumes: count * sizes.length,
    gigabytes: count * sizes.reduce((sum, size) => sum + (Number.isFinite(size) ? size : 0), 0),
  };
}

/** Whether what was kept of a form is one still: versions of the page may differ. */
export function isForm(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && typeof value['cluster'] === 'string';
}
