import { describe, expect, it } from 'vitest';
import type { Image } from '#controller/openstack/image/images.ts';
import { ask, knownCloud } from '../inventory.fixture.ts';
import { type ImageSpec, image } from './image.ts';
import { labelOf } from './source.ts';

const content = 'b3Nj';
/** As Glance 30.0 answers. */
const observed: Image = {
  os_type: 'linux',
  'stackwarden.uid': 'uid-1',
  'stackwarden.image': 'image-1',
  'stackwarden.source': labelOf({ content }),
  'owner_specified.openstack.md5': 'x',
  os_glance_importing_to_stores: '',
  name: 'golden',
  disk_format: 'raw',
  container_format: 'bare',
  visibility: 'private',
  size: 3,
  virtual_size: 3,
  status: 'active',
  checksum: 'x',
  protected: false,
  min_ram: 0,
  min_disk: 0,
  owner: 'p',
  os_hidden: false,
  os_hash_algo: 'sha512',
  os_hash_value: 'x',
  id: 'image-1',
  created_at: '2026-11-25T02:26:12Z',
  updated_at: '2026-11-25T02:26:12Z',
  tags: ['b', 'a'],
  self: '/v2/images/image-1',
  file: '/v2/images/image-1/file',
  schema: '/v2/schemas/image',
  stores: 'fs',
};
const cloud = knownCloud({ image: [observed] });
const spec = (fields: Partial<ImageSpec> = {}): ImageSpec => ({
  clusterRef: { name: 'main' },
  name: 'golden',
  source: { content },
  diskFormat: 'raw',
  ...fields,
});
const desire = (fields: Partial<ImageSpec> = {}) => image.desire(spec(fields), ask({ cloud, uid: 'uid-1', id: 'image-1' }).resolve);
const diff = (fields: Partial<ImageSpec>, of: Image = observed) => image.diff(desire(fields), { image: of, isStuck: false });

describe('what is declared is compared, and nothing else', () => {
  it.each<[string, Partial<ImageSpec>, unknown]>([
    ['all as it is', { visibility: 'private', hidden: false, protected: false, minDiskGiB: 0, minRamMiB: 0, containerFormat: 'bare' }, []],
    ['tags in another order', { tags: ['a', 'b'] }, []],
    ['properties beside those the services add', { properties: { os_type: 'linux' } }, []],
    ['no properties', { properties: {} }, [{ path: 'spec.properties.os_type', from: 'linux', to: null }]],
    ['hidden', { hidden: true }, [{ path: 'spec.hidden', from: false, to: true }]],
    ['another format', { diskFormat: 'qcow2' }, [{ path: 'spec.diskFormat', from: 'raw', to: 'qcow2', by: 'replace' }]],
    [
      'other data',
      { source: { content: 'b3Rocg==' } },
      [{ path: 'spec.source', from: labelOf({ content }), to: labelOf({ content: 'b3Rocg==' }), by: 'replace' }],
    ],
  ])('%s', (_name, fields, expected) => {
    expect(diff(fields)).toEqual({ changes: expected });
  });

  it('data of an image nobody noted the source of cannot be compared', () => {
    const { 'stackwarden.source': _unknown, ...taken } = observed;
    expect(diff({}, taken).changes).toEqual([]);
  });
});

describe('an image that is not whole', () => {
  it('is filled when it is queued, whoever left it so', () => {
    expect(diff({}, { ...observed, status: 'queued' }).changes).toEqual([{ path: 'spec.source', from: null, to: labelOf({ content }) }]);
  });

  it('is waited for while data comes, and given up when that takes longer than any upload', () => {
    const saving = { ...observed, status: 'saving' };
    expect(diff({}, saving).waiting?.reason).toBe('Uploading');
    expect(image.diff(desire(), { image: saving, isStuck: true }).failed?.reason).toBe('ImageIncomplete');
  });

  it('needs a person when it was deactivated', () => {
    expect(diff({}, { ...observed, status: 'deactivated' }).failed?.reason).toBe('ImageDeactivated');
  });
});

it('cannot be made of nothing, but taken over without a source', () => {
  const { source: _none, ...bare } = spec();
  const asked = ask({ uid: 'uid-2' });
  image.desire(bare, asked.resolve);
  expect(asked.stalls[0]).toContain('Set spec.source');
  const imported = ask({ uid: 'uid-2' });
  image.desire({ ...bare, import: { id: 'image-1' } }, imported.resolve);
  expect(imported.stalls).toEqual([]);
});

it('is not what Nova or Cinder made from it and gave its properties', () => {
  const heir = { ...observed, id: 'image-2', name: 'web-shelved' };
  const owner = { uid: 'uid-1', key: 'default/golden', namespace: 'default', name: 'golden' };
  expect(image.observe(knownCloud({ image: [heir, observed] }), owner)).toMatchObject({ found: 'one', id: 'image-1' });
  expect(image.observe(knownCloud({ image: [heir] }), owner)).toEqual({ found: 'none' });
});

it('is declared such that nothing differs', () => {
  const declared = image.declare(cloud, { image: observed, isStuck: false }, { nameOf: () => undefined });
  expect(declared).toEqual({ name: 'golden', diskFormat: 'raw', tags: ['a', 'b'], properties: { os_type: 'linux' } });
  expect(image.diff({ ...(declared as object), uid: 'uid-1' } as never, { image: observed, isStuck: false }).changes).toEqual([]);
});
