import { describe, expect, it } from 'vitest';
import { emptyInstance, type InstanceForm, instanceManifests, wantedOf } from './instance-form.ts';

const form: InstanceForm = { ...emptyInstance, cluster: 'main', name: 'web', flavor: { name: 'm1.small' }, image: { name: 'debian' } };
const made = (more: Partial<InstanceForm>) =>
  instanceManifests({ ...form, ...more }) as { kind: string; metadata: { name: string }; spec: Record<string, unknown> }[];

describe('the manifests of an instance', () => {
  it('say no more than was chosen', () => {
    expect(made({})).toEqual([
      {
        apiVersion: 'openstack.stackwarden.io/v1alpha1',
        kind: 'Instance',
        metadata: { name: 'web', namespace: 'default' },
        spec: { clusterRef: { name: 'main' }, flavor: { name: 'm1.small' }, image: { name: 'debian' } },
      },
    ]);
  });

  it('have a boot volume made of the image instead, where that is chosen', () => {
    expect(made({ boot: 'newVolume', bootSizeGiB: 20 })).toMatchObject([
      { kind: 'Volume', metadata: { name: 'web-boot' }, spec: { sizeGiB: 20, image: { name: 'debian' } } },
      { kind: 'Instance', spec: { bootVolume: { volumeRef: { name: 'web-boot' } } } },
    ]);
    expect(made({ boot: 'newVolume' })[1]?.spec).not.toHaveProperty('image');
  });

  it('begin with what others refer to: namespace, key, volumes', () => {
    const kinds = made({
      isNamespaceNew: true,
      namespace: 'shop',
      key: 'fresh',
      keyName: 'me',
      publicKey: 'ssh-ed25519 AAAA me\n',
      volumes: [{ sizeGiB: 5, type: '' }],
    });
    expect(kinds.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace shop',
      'KeyPair me',
      'Volume web-data-1',
      'Instance web',
    ]);
    expect(kinds[3]?.spec).toMatchObject({ keyPairRef: { name: 'me' }, volumes: [{ volumeRef: { name: 'web-data-1' } }] });
  });

  it('give each of several its own name and volumes', () => {
    const names = made({ count: 2, volumes: [{ sizeGiB: 1, type: 'fast' }] }).map(({ metadata }) => metadata.name);
    expect(names).toEqual(['web-1-data-1', 'web-1', 'web-2-data-1', 'web-2']);
  });

  it('refer to declared networks, and name those that are only in the cloud', () => {
    const networks = [
      { ref: 'front', fixedIP: '10.0.0.9' },
      { network: { id: 'n-1' }, fixedIP: '' },
    ];
    expect(made({ networks })[0]?.spec['networks']).toEqual([
      { networkRef: { name: 'front' }, fixedIP: '10.0.0.9' },
      { network: { id: 'n-1' } },
    ]);
  });
});

it('what an instance takes of the quota counts all of them', () => {
  const wanted = wantedOf(
    { ...form, count: 3, boot: 'newVolume', bootSizeGiB: 10, volumes: [{ sizeGiB: 5, type: '' }, { existing: 'old' }] },
    { vcpus: 2, ram: 2048 },
  );
  expect(wanted).toEqual({ instances: 3, cores: 6, ramMiB: 6144, volumes: 6, gigabytes: 45 });
});
