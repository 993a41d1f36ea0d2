/** Pure: an address to go on at, if it is one inside this origin; anything else could lead people away after they gave their password. */
export function insidePath(wanted: string | null): string {
  if (wanted === null || !/^\/(?![/\\])/.test(wanted)) return '/';
  const here = 'https://here.invalid';
  if (!URL.canParse(wanted, here)) return '/';
  const { origin, pathname, search, hash } = new URL(wanted, here);
  return origin === here && !/^\/(?:api|sign-in)(?:\/|$)/.test(pathname) ? pathname + search + hash : '/';
}
