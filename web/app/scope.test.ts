import { describe, expect, it } from 'vitest';
import { scopeIn, withScope } from './scope.ts';

const url = (path: string) => new URL(path, 'https://clouds.example');

describe('the clusters in view', () => {
  it('are named in the address once each, and nothing else passes for a name', () => {
    expect(scopeIn(new URLSearchParams('clusters=bj-1,sh-1,bj-1'))).toEqual(['bj-1', 'sh-1']);
    expect(scopeIn(new URLSearchParams('clusters=bj-*,%22x,'))).toEqual([]);
    expect(scopeIn(new URLSearchParams('filter=web'))).toEqual([]);
  });

  it('are put into an address and taken out, and leave the rest of it alone', () => {
    const at = url('/resources/server?filter=status%3AERROR&clusters=bj-1#x');
    expect(withScope(at, ['sh-1', 'sh.2']).href).toBe('https://clouds.example/resources/server?filter=status%3AERROR&clusters=sh-1,sh.2#x');
    expect(withScope(at, []).href).toBe('https://clouds.example/resources/server?filter=status%3AERROR#x');
    expect(withScope(url('/drift'), ['bj-1']).href).toBe('https://clouds.example/drift?clusters=bj-1');
  });
});
