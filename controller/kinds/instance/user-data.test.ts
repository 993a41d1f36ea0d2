import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { real } from '../answers.fixture.ts';
import { ask } from '../inventory.fixture.ts';
import { instance } from './instance.ts';
import { declaredMetadata, MAX_USER_DATA_BYTES, userDataChange, userDataMark } from './user-data.ts';

const marked = (mark?: string) => ({
  ...real.server,
  metadata: { tier: 'web', 'stackwarden.uid': 'u', ...(mark !== undefined && { 'stackwarden.user-data': mark }) },
});
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

it('is told by its hash, never by what it says', () => {
  expect(userDataChange('secret two', marked(hash('secret one')), 'rebuild')).toEqual([
    { path: 'spec.userData', from: `sha256:${hash('secret one')}`, to: `sha256:${hash('secret two')}`, by: 'rebuild' },
  ]);
});

it.each([
  ['is the same', 'one', marked(hash('one'))],
  ['is not declared', undefined, marked(hash('one'))],
  ['is not known, as for a server that was taken over', 'one', marked()],
] as const)('makes no difference when it %s', (_name, text, server) => {
  expect(userDataChange(text, server, 'rebuild')).toEqual([]);
});

it('differs when we made the server without any', () => {
  expect(userDataChange('one', marked(userDataMark(undefined)), 'replace')).toEqual([
    { path: 'spec.userData', from: null, to: `sha256:${hash('one')}`, by: 'replace' },
  ]);
});

it('has its mark hidden among the metadata', () => {
  expect(declaredMetadata(marked(hash('one')).metadata)).toEqual({ tier: 'web' });
});

it('is refused when it is longer than Nova takes, counted in bytes', () => {
  const stallsWith = (userData: string) => {
    const asked = ask({ ids: {} });
    instance.desire({ clusterRef: { name: 'main' }, flavor: { name: 'm1.tiny' }, userData }, asked.resolve);
    return asked.stalls.filter((text) => text.includes('userData'));
  };
  expect(Buffer.from('a'.repeat(MAX_USER_DATA_BYTES)).toString('base64').length).toBeLessThanOrEqual(65_535);
  expect(stallsWith('a'.repeat(MAX_USER_DATA_BYTES))).toEqual([]);
  expect(stallsWith('é'.repeat(MAX_USER_DATA_BYTES / 2 + 1))).toEqual([expect.stringContaining('49150 bytes long')]);
});
