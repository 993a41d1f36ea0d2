import type { Route } from '../../app/route.ts';
import { operationTexts } from '../../texts/operations.ts';

/** What is being done. */
export const operationsRoutes: readonly Route[] = [
  {
    path: '/operations',
    tag: 'sw-operations',
    load: () => import('./operations.ts'),
    title: () => operationTexts.title,
    entries: [{ group: 'act', href: '/operations', icon: 'list-checks', text: () => operationTexts.title }],
  },
];
