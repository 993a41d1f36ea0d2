import { expect, it } from 'vitest';
import { crumbsOf, inside, isName, parentOf } from './files-path.ts';

it('knows the way to a folder, and back', () => {
  expect(crumbsOf('/home/debian').map(({ path }) => path)).toEqual(['/', '/home', '/home/debian']);
  expect(crumbsOf('/')).toEqual([{ name: '/', path: '/' }]);
  expect([inside('/', 'etc'), inside('/home', 'a b')]).toEqual(['/etc', '/home/a b']);
  expect([parentOf('/home/debian'), parentOf('/home'), parentOf('/'), parentOf('/home/debian/')]).toEqual(['/home', '/', '/', '/home']);
});

it('takes no name that leads elsewhere', () => {
  expect(['a', 'a b', '.hidden', '', '.', '..', 'a/b', 'a\0b'].filter(isName)).toEqual(['a', 'a b', '.hidden']);
});
