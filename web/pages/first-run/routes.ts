import type { Route } from '../../app/route.ts';
import { firstRunTexts } from '../../texts/first-run.ts';

/** The way to the first cloud. */
export const firstRunRoutes: readonly Route[] = [
  { path: '/welcome', tag: 'sw-first-run', load: () => import('./first-run.ts'), title: () => firstRunTexts.another },
];
