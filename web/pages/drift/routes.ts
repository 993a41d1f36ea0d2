import type { Route } from '../../app/route.ts';
import { driftTexts } from '../../texts/drift.ts';

/** What is not as declared. */
export const driftRoutes: readonly Route[] = [
  {
    path: '/drift',
    tag: 'sw-drift',
    load: () => import('./drift.ts'),
    title: () => driftTexts.title,
    entries: [{ group: 'see', href: '/drift', icon: 'git-compare', text: () => driftTexts.title }],
  },
];
