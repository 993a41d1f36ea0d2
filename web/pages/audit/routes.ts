import type { Route } from '../../app/route.ts';
import { auditTexts } from '../../texts/audit.ts';

/** Who did what. */
export const auditRoutes: readonly Route[] = [
  {
    path: '/audit',
    tag: 'sw-audit',
    load: () => import('./audit.ts'),
    title: () => auditTexts.title,
    permission: 'audit.read',
    isEverywhere: true,
    entries: [{ group: 'act', href: '/audit', icon: 'scroll-text', text: () => auditTexts.title }],
  },
];
