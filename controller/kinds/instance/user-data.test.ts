import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { real } from '../answers.fixture.ts';
import { ask } from '../inventory.fixture.ts';
import { instance } from './instance.ts';
import { declaredMetadata, MAX_USER_DATA_BYTES, type UserData, userDataChange, userDataMark } from './user-data.ts';

const marked = (mark?: string) => ({
  ...real.server,
  metadata: { tier: 'web', 'stackwarden.uid': 'u', ...(mark !== undefined && { 'stackwarden.user-data': mark }) },
});
const text = (said: string): UserData => ({ path: 'spec.userData', bytes: Buffer.from(said) });
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

it('is told by its hash, never by what it says', () => {
  expect(userDataChange(text('secret two'), marked(hash('secret one')), 'rebuild')).toEqual([
    { path: 'spec.userData', from: `sha256:${hash('secret one')}`, to: `sha256:${hash('secret two')}`, by: 'rebuild' },
  ]);
});

it.each([
  ['is the same', text('one'), marked(hash('one'))],
  ['is not declared', undefined, marked(hash('one'))],
  ['is not known, as for a server that was taken over', text('one'), marked()],
] as const)('makes no difference when it %s', (_name, said, server) => {
  expect(userDataChange(said, server, 'rebuild')).toEqual([]);
});

it('differs when we made the server without any', () => {
  expect(userDataChange(text('one'), marked(userDataMark(undefined)), 'replace')).toEqual([
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

describe('from a Secret', () => {
  const spec = { clusterRef: { name: 'main' }, flavor: { name: 'm1.tiny' }, userDataSecretRef: { name: 'boot', key: 'script' } };
  const desireWith = (secrets: Record<string, Buffer>) => {
    const asked = ask({ secrets });
    return { asked, userData: instance.desire(spec, asked.resolve).userData };
  };

  it('is what stands under its key, byte by byte', () => {
    const bytes = Buffer.from([0x1f, 0x8b, 0xff, 0x00]);
    expect(desireWith({ 'boot/script': bytes }).userData).toEqual({ path: 'spec.userDataSecretRef', bytes });
  });

  it('is asked for, and waited for', () => {
    expect(desireWith({}).asked.waits).toContain('Secret/boot script');
  });

  it('differs at its own field, and makes no difference to the same text in the spec', () => {
    const { userData } = desireWith({ 'boot/script': Buffer.from('one') });
    expect(userDataChange(userData, marked(hash('one')), 'rebuild')).toEqual([]);
    expect(userDataChange(userData, marked(hash('zero')), 'rebuild')).toMatchObject([{ path: 'spec.userDataSecretRef', by: 'rebuild' }]);
  });

  it('is refused when it is longer than Nova takes, by its own field', () => {
    const { asked } = desireWith({ 'boot/script': Buffer.alloc(MAX_USER_DATA_BYTES + 1) });
    expect(asked.stalls).toContainEqual(expect.stringContaining('spec.userDataSecretRef is 49150 bytes long'));
  });
});
