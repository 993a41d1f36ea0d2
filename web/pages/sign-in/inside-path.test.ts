import { expect, it } from 'vitest';
import { insidePath } from './inside-path.ts';

it('goes on only at pages of this origin', () => {
  expect(insidePath('/resources/server?filter=status%3AERROR#x')).toBe('/resources/server?filter=status%3AERROR#x');
  for (const away of [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'x',
    '',
    null,
  ])
    expect(insidePath(away)).toBe('/');
  expect(insidePath('/api/v1/session/provider')).toBe('/');
  expect(insidePath('/sign-in?back=/sign-in')).toBe('/');
});
