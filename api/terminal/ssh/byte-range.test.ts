import { describe, expect, it } from 'vitest';
import { attachment, isStill, rangeOf, tagOf } from './byte-range.ts';

describe('a range of a file of 1000 bytes', () => {
  it.each([
    ['bytes=0-499', { start: 0, end: 500 }],
    ['bytes=999-', { start: 999, end: 1000 }],
    ['bytes=500-99999', { start: 500, end: 1000 }],
    ['bytes=-1', { start: 999, end: 1000 }],
    ['bytes=-5000', { start: 0, end: 1000 }],
    [' Bytes=1-1 ', { start: 1, end: 2 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['lines=0-1', 'whole'],
    ['bytes=99999999999999999999-', 'whole'],
    ['', 'whole'],
    [undefined, 'whole'],
  ])('%s', (header, range) => {
    expect(rangeOf(header, 1000)).toEqual(range);
  });

  it('is none of an empty file', () => {
    expect([rangeOf('bytes=0-', 0), rangeOf('bytes=-1', 0), rangeOf(undefined, 0)]).toEqual(['unsatisfiable', 'unsatisfiable', 'whole']);
  });

  it('is only sent of the very same file', () => {
    const tag = tagOf({ sizeBytes: 1000, modifiedAt: 5000 });
    expect([isStill(undefined, tag), isStill(tag, tag), isStill(`W/${tag}`, tag), isStill('Mon, 30 Nov 2026 04:00:00 GMT', tag)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(tagOf({ sizeBytes: 1000, modifiedAt: 6000 })).not.toBe(tag);
  });
});

describe('the name of a download', () => {
  it('is any that a file can have, and cannot end the header or lead elsewhere', () => {
    expect(attachment('notes.txt')).toBe(`attachment; filename="notes.txt"; filename*=UTF-8''notes.txt`);
    expect(attachment(`a"; x=('y')*\\..`)).toBe(
      `attachment; filename="a_; x=('y')*_.."; filename*=UTF-8''a%22%3B%20x%3D%28%27y%27%29%2A%5C..`,
    );
    expect(attachment('一\ud800')).toMatch(/^attachment; filename="__"; filename\*=UTF-8''%E4%B8%80%EF%BF%BD$/);
  });
});
