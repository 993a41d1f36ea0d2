import { describe, expect, it } from 'vitest';
import {
  declaredDescription,
  MAX_DECLARED_DESCRIPTION,
  STAMP_BOUND_KEY,
  STAMP_KEY,
  stampedDescription,
  stampOf,
  UNBOUND,
  withoutStamp,
} from './stamp.ts';

const uid = '0b9f6f9e-6f7a-4a25-9f1f-3d2f6f0c8a11';

describe('the ownership stamp', () => {
  it.each(['', 'front network', 'ends with a space ', 'says [stackwarden not-a-stamp] inside', 'two\nlines'])(
    'comes off again, leaving %j as declared',
    (declared) => {
      const description = stampedDescription(declared, uid);
      expect(stampOf('network', { description })).toBe(uid);
      expect(declaredDescription(description)).toBe(declared);
    },
  );
  it('stands alone where no description is declared', () => {
    expect(stampedDescription(undefined, uid)).toBe(`[stackwarden ${uid}]`);
  });
  it('leaves room for the longest declared description', () => {
    expect(stampedDescription('x'.repeat(MAX_DECLARED_DESCRIPTION), uid)).toHaveLength(255);
  });
  it('is metadata on servers and volumes, and is not shown as declared metadata', () => {
    const metadata = { tier: 'web', [STAMP_KEY]: uid };
    expect(stampOf('server', { metadata })).toBe(uid);
    expect(stampOf('volume', { metadata })).toBe(uid);
    expect(withoutStamp(metadata)).toEqual({ tier: 'web' });
    expect(withoutStamp(undefined)).toEqual({});
  });
  it('is two properties of an image, so that what inherits them from it is not taken for ours', () => {
    const stamped = { [STAMP_KEY]: uid, [STAMP_BOUND_KEY]: 'image-1' };
    expect(stampOf('image', { id: 'image-1', ...stamped })).toBe(uid);
    expect(stampOf('image', { id: 'server-1-shelved', ...stamped })).toBeUndefined();
    expect(stampOf('image', { id: 'image-2', [STAMP_KEY]: uid, [STAMP_BOUND_KEY]: UNBOUND })).toBe(uid);
    expect(stampOf('image', { id: 'image-3', [STAMP_KEY]: uid })).toBeUndefined();
  });
  it('is not read from where the type does not carry it', () => {
    expect(stampOf('server', { description: stampedDescription('x', uid), metadata: {} })).toBeUndefined();
    expect(stampOf('keypair', { name: 'k', metadata: { [STAMP_KEY]: uid } })).toBeUndefined();
    expect(stampOf('port', { description: null })).toBeUndefined();
    expect(stampOf('volume', { metadata: null })).toBeUndefined();
  });
  it('is not taken from a mention in the middle of a description', () => {
    expect(stampOf('network', { description: `[stackwarden ${uid}] was here` })).toBeUndefined();
  });
});
