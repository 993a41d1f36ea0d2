import type { Route } from '../../app/route.ts';
import { overviewTexts } from '../../texts/overview.ts';

/** How all clouds are. */
export const overviewRoutes: readonly Route[] = [
  {
    path: '/',
    tag: 'sw-overview',
    load: () => import('./overview.ts'),
    title: () => overviewTexts.title,
    entries: [{ group: 'see', href: '/', icon: 'layout-dashboard', text: () => overviewTexts.title }],
  },
];
