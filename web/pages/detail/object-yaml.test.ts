import { describe, expect, it } from 'vitest';
import type { WholeObject } from '../../data/declared-object.ts';
import { readYaml, yamlOf } from './object-yaml.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const object: WholeObject = {
  apiVersion: 'openstack.stackwarden.io/v1alpha1',
  kind: 'Volume',
  metadata: {
    name: 'data',
    namespace: 'shop',
    uid: 'u',
    resourceVersion: '7',
    generation: 2,
    managedFields: [{}],
    labels: { tier: 'gold' },
    annotations: { [lastApplied]: '{}' },
  },
  spec: { sizeGiB: 1 },
  status: { id: 'x' },
};

describe('a declaration to be edited', () => {
  it('is shown without what the server keeps there', () => {
    expect(yamlOf(object)).toBe(
      'apiVersion: openstack.stackwarden.io/v1alpha1\nkind: Volume\nmetadata:\n  name: data\n  namespace: shop\n  labels:\n    tier: gold\nspec:\n  sizeGiB: 1\n',
    );
  });

  it('is written back at the version it was read at, without its status', () => {
    const read = readYaml(yamlOf(object).replace('sizeGiB: 1', 'sizeGiB: 2'), object);
    expect(read).toMatchObject({
      object: { spec: { sizeGiB: 2 }, metadata: { resourceVersion: '7', uid: 'u', labels: { tier: 'gold' } } },
    });
    expect('object' in read && read.object.metadata['annotations'], 'what kubectl apply compares with').toEqual({ [lastApplied]: '{}' });
    expect('object' in read && read.object).not.toHaveProperty('status');
    expect('object' in read && read.object.metadata).not.toHaveProperty('managedFields');
  });

  it('is refused when it is no YAML, or another object', () => {
    expect(readYaml('a: [', object)).toMatchObject({ problem: 'badYaml', why: expect.stringMatching(/./) });
    expect(readYaml('7', object)).toMatchObject({ problem: 'badYaml' });
    expect(readYaml(yamlOf(object).replace('name: data', 'name: other'), object)).toEqual({ problem: 'renamed' });
  });
});
