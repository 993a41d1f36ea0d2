import type { Route } from '../../app/route.ts';
import { historyTexts } from '../../texts/history.ts';

/** What was declared and observed when. */
export const historyRoutes: readonly Route[] = [
  {
    path: '/history',
    tag: 'sw-objects-then',
    load: () => import('./objects-then.ts'),
    title: () => historyTexts.title,
    permission: 'history.read',
    isEverywhere: true,
    entries: [{ group: 'see', href: '/history', icon: 'clock', text: () => historyTexts.title }],
  },
  {
    path: '/history/:kind/:namespace/:name',
    tag: 'sw-object-history',
    load: () => import('./object-history.ts'),
    title: ({ name }) => `${historyTexts.title}: ${name}`,
    permission: 'history.read',
  },
  {
    path: '/inventory{/:cluster}?',
    tag: 'sw-inventory-then',
    load: () => import('./inventory-then.ts'),
    title: () => historyTexts.inventoryOf,
    permission: 'history.read',
  },
];
