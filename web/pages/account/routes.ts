import type { Route } from '../../app/route.ts';
import { accountTexts } from '../../texts/account.ts';

/** The own account. */
export const accountRoutes: readonly Route[] = [
  { path: '/account', tag: 'sw-account', load: () => import('./account.ts'), title: () => accountTexts.title },
];
