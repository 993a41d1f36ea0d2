import type { Permission } from '#api/auth/permissions.ts';
import type { IconName } from '../elements/icons.ts';
import { accountTexts } from '../texts/account.ts';
import { addCloudTexts } from '../texts/add-cloud.ts';
import { clusterTexts } from '../texts/clusters.ts';
import { firstRunTexts } from '../texts/first-run.ts';
import type { frameTexts } from '../texts/frame.ts';
import { operationTexts } from '../texts/operations.ts';
import { overviewTexts } from '../texts/overview.ts';
import { signInTexts } from '../texts/sign-in.ts';

/** A page: its address, the element that shows it, and where the navigation has it. */
export interface Route {
  /** As URLPattern reads it: `/resources/:type/:cluster/:id`. */
  readonly path: string;
  /** The element; it is given `params` and `query`. */
  readonly tag: `sw-${string}`;
  /** Brings the element; a chunk of its own. */
  readonly load: () => Promise<unknown>;
  /** In the language of the page; names the tab. */
  readonly title: (params: Readonly<Record<string, string>>) => string;
  /** What seeing anything here needs; without it the page says so, and the navigation leaves it out. */
  readonly permission?: Permission;
  /** The permission has to hold everywhere, not only somewhere. */
  readonly isEverywhere?: true;
  /** Entries of the navigation that lead here; most pages have one or none. */
  readonly entries?: readonly Entry[];
  /** Shown without the frame and to nobody known: signing in. */
  readonly isOpen?: true;
}

export interface Entry {
  readonly group: keyof typeof frameTexts.groups;
  readonly href: string;
  readonly icon: IconName;
  readonly text: () => string;
  readonly permission?: Permission;
}

/** All pages, the first that fits; each is brought when somebody goes there. */
export const routes: readonly Route[] = [
  {
    path: '/',
    tag: 'sw-overview',
    load: () => import('../pages/overview/overview.ts'),
    title: () => overviewTexts.title,
    entries: [{ group: 'see', href: '/', icon: 'layout-dashboard', text: () => overviewTexts.title }],
  },
  { path: '/sign-in', tag: 'sw-sign-in', load: () => import('../pages/sign-in/sign-in.ts'), title: () => signInTexts.title, isOpen: true },
  {
    path: '/register',
    tag: 'sw-register',
    load: () => import('../pages/sign-in/register.ts'),
    title: () => signInTexts.registration.title,
    isOpen: true,
  },
  {
    path: '/invitation',
    tag: 'sw-invitation',
    load: () => import('../pages/sign-in/invitation.ts'),
    title: () => signInTexts.invitation.title,
    isOpen: true,
  },
  {
    path: '/operations',
    tag: 'sw-operations',
    load: () => import('../pages/operations/operations.ts'),
    title: () => operationTexts.title,
    entries: [{ group: 'act', href: '/operations', icon: 'list-checks', text: () => operationTexts.title }],
  },
  {
    path: '/clusters',
    tag: 'sw-clusters',
    load: () => import('../pages/admin/clusters/clusters-page.ts'),
    title: () => clusterTexts.title,
    permission: 'cluster.read',
    entries: [{ group: 'manage', href: '/clusters', icon: 'cloud', text: () => clusterTexts.title }],
  },
  {
    path: '/add-cloud',
    tag: 'sw-add-cloud-page',
    load: () => import('../pages/admin/clusters/add-page.ts'),
    title: () => addCloudTexts.title,
    permission: 'cluster.change',
  },
  { path: '/account', tag: 'sw-account', load: () => import('../pages/account/account.ts'), title: () => accountTexts.title },
  { path: '/welcome', tag: 'sw-first-run', load: () => import('../pages/first-run/first-run.ts'), title: () => firstRunTexts.another },
];
