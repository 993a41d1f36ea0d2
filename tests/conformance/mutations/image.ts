import type { Cloud } from '#controller/openstack/cloud.ts';
import * as images from '#controller/openstack/image/images.ts';
import type { KindCase } from '../kind-case.ts';

const replace = (path: string, value: unknown) => async (cloud: Cloud, id: string) =>
  void (await images.patch(cloud.image, id, [{ op: 'replace', path, value }]));
const set = (name: string, value: string) => async (cloud: Cloud, id: string) =>
  void (await images.patch(cloud.image, id, [{ op: 'add', path: images.pointer(name), value }]));
const drop = (name: string) => async (cloud: Cloud, id: string) =>
  void (await images.patch(cloud.image, id, [{ op: 'remove', path: images.pointer(name) }]));
const read =
  <T>(field: (image: images.Image) => T) =>
  async (cloud: Cloud, id: string) =>
    field(await images.get(cloud.image, id));

export const imageCase: KindCase = {
  kind: 'Image',
  manifest: 'image.yaml',
  object: 'example',
  needs: [],
  mutations: [
    { name: 'is renamed', change: replace('/name', 'renamed'), path: 'spec.name', declared: 'example-image', observed: 'renamed' },
    { name: 'needs more disk', change: replace('/min_disk', 9), path: 'spec.minDiskGiB', declared: 1, observed: 9 },
    { name: 'needs more memory', change: replace('/min_ram', 99), path: 'spec.minRamMiB', declared: 64, observed: 99 },
    { name: 'is shared', change: replace('/visibility', 'shared'), path: 'spec.visibility', declared: 'private', observed: 'shared' },
    { name: 'is protected', change: replace('/protected', true), path: 'spec.protected', declared: false, observed: true },
    { name: 'is hidden', change: replace('/os_hidden', true), path: 'spec.hidden', declared: false, observed: true },
    { name: 'loses its tag', change: replace('/tags', []), path: 'spec.tags[example]', declared: 'example', observed: null },
    {
      name: 'gets a tag',
      change: replace('/tags', ['example', 'foreign']),
      path: 'spec.tags[foreign]',
      declared: null,
      observed: 'foreign',
    },
    {
      name: 'has a property changed',
      change: set('os_type', 'windows'),
      path: 'spec.properties.os_type',
      declared: 'linux',
      observed: 'windows',
    },
    { name: 'gets a property', change: set('a/b', 'foreign'), path: 'spec.properties[a/b]', declared: null, observed: 'foreign' },
    {
      name: 'loses a property',
      change: drop('hw_disk_bus'),
      path: 'spec.properties.hw_disk_bus',
      declared: 'virtio',
      observed: null,
    },
    { name: 'loses our stamp', change: drop('stackwarden.uid'), path: 'metadata.uid', observed: null },
    {
      name: 'was filled with something else',
      change: set('stackwarden.source', 'sha256:other'),
      path: 'spec.source',
      observed: 'sha256:other',
      needsReplace: true,
    },
  ],
  edits: [
    { name: 'another name', spec: { name: 'other' }, read: read((image) => image.name), expected: 'other' },
    { name: 'less disk', spec: { minDiskGiB: 0 }, read: read((image) => image.min_disk), expected: 0 },
    { name: 'more memory', spec: { minRamMiB: 128 }, read: read((image) => image.min_ram), expected: 128 },
    {
      name: 'for everybody who knows it',
      spec: { visibility: 'community' },
      read: read((image) => image.visibility),
      expected: 'community',
    },
    { name: 'hidden', spec: { hidden: true }, read: read((image) => image.os_hidden), expected: true },
    { name: 'other tags', spec: { tags: ['a', 'b'] }, read: read((image) => image.tags.toSorted()), expected: ['a', 'b'] },
    {
      name: 'other properties',
      spec: { properties: { os_type: 'other', hw_disk_bus: null, 'x.y': 'z' } },
      read: read((image) => [image['os_type'], image['hw_disk_bus'], image['x.y']]),
      expected: ['other', undefined, 'z'],
    },
  ],
};
