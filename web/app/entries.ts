import type { Permission } from '#api/auth/permissions.ts';
import { may, mayEverywhere } from '../data/session.ts';
import type { Entry, Route } from './route.ts';
import { routes } from './routes.ts';

/** Whether the person may see anything of a page. */
export function isAllowed({
  permission,
  orPermission = [],
  isEverywhere,
}: Pick<Route, 'permission' | 'orPermission' | 'isEverywhere'>): boolean {
  return permission === undefined || [permission, ...orPermission].some((one) => (isEverywhere ? mayEverywhere(one) : may(one)));
}

/** The permission that whoever asks for a page lacks, if they do. */
export function lackedFor(route: Route, params: Readonly<Record<string, string>>): Permission | undefined {
  if (!isAllowed(route)) return route.permission;
  const need = route.needs?.(params);
  return need && !may(need.permission, need.place) ? need.permission : undefined;
}

/** Pages that an address without names leads to, whether or not the navigation has them. */
export function visiblePages(): readonly Route[] {
  return routes.filter((route) => !route.isOpen && !route.path.includes(':') && isAllowed(route));
}

/** What the navigation and the palette lead to: of the pages that the person may see. */
export function visibleEntries(): readonly Entry[] {
  return routes.flatMap((route) => (isAllowed(route) ? (route.entries ?? []).filter(isAllowed) : []));
}
