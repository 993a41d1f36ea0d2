import type { Route } from '../../app/route.ts';
import { terminalsTexts } from '../../texts/terminals.ts';

/** Where terminals are worked in. */
export const terminalRoutes: readonly Route[] = [
  {
    path: '/terminals',
    tag: 'sw-terminals',
    load: () => import('./terminals.ts'),
    title: () => terminalsTexts.title,
    permission: 'instance.terminal',
    entries: [{ group: 'act', href: '/terminals', icon: 'terminal', text: () => terminalsTexts.title }],
  },
];
