/** Pure: the folders on the way to a path, the root first. */
export function crumbsOf(path: string): readonly { readonly name: string; readonly path: string }[] {
  const parts = path.split('/').filter((part) => part !== '');
  return [{ name: '/', path: '/' }, ...parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join('/')}` }))];
}

/** Pure: a name in a folder. */
export const inside = (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`);

/** Pure: the folder a path is in; the root is in itself. */
export const parentOf = (path: string): string => path.replace(/\/+[^/]*\/*$/, '') || '/';

/** Pure: whether something can be called so. */
export const isName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
