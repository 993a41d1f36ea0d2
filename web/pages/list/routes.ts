import type { Route } from '../../app/route.ts';
import { typeNames } from '../../texts/resource-types.ts';
import { wholeListTexts } from '../../texts/whole-lists.ts';
import { listedTypes } from './types.ts';

/** Lists of what clouds hold. */
export const listRoutes: readonly Route[] = [
  {
    path: '/resources/:type',
    tag: 'sw-list',
    load: () => import('./list.ts'),
    title: ({ type = '' }) => typeNames(type === 'instance' ? 'server' : type),
    entries: listedTypes.map(({ type, group, icon, permission }) => ({
      group,
      href: `/resources/${type}`,
      icon,
      text: () => typeNames(type),
      permission,
    })),
  },
  {
    path: '/hypervisors',
    tag: 'sw-hypervisors',
    load: () => import('./whole-list.ts'),
    title: () => wholeListTexts.hypervisors,
    permission: 'hypervisor.read',
    entries: [{ group: 'compute', href: '/hypervisors', icon: 'monitor', text: () => wholeListTexts.hypervisors }],
  },
  {
    path: '/quotas',
    tag: 'sw-quotas',
    load: () => import('./whole-list.ts'),
    title: () => wholeListTexts.quotas,
    permission: 'catalog.read',
    entries: [{ group: 'compute', href: '/quotas', icon: 'gauge', text: () => wholeListTexts.quotas }],
  },
];
