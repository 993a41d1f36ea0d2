import type { Route } from '../../app/route.ts';
import { signInTexts } from '../../texts/sign-in.ts';

/** Coming in; open to everybody. */
export const signInRoutes: readonly Route[] = [
  { path: '/sign-in', tag: 'sw-sign-in', load: () => import('./sign-in.ts'), title: () => signInTexts.title, isOpen: true },
  {
    path: '/register',
    tag: 'sw-register',
    load: () => import('./register.ts'),
    title: () => signInTexts.registration.title,
    isOpen: true,
  },
  {
    path: '/invitation',
    tag: 'sw-invitation',
    load: () => import('./invitation.ts'),
    title: () => signInTexts.invitation.title,
    isOpen: true,
  },
];
