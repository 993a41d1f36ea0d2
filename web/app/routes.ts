import type { Permission } from '#api/auth/permissions.ts';
import type { IconName } from '../elements/icons.ts';
import { listedTypes } from '../pages/list/types.ts';
import { addCloudTexts } from '../texts/add-cloud.ts';
import { auditTexts } from '../texts/audit.ts';
import { clusterTexts } from '../texts/clusters.ts';
import { declareTexts } from '../texts/declare.ts';
import { driftTexts } from '../texts/drift.ts';
import type { frameTexts } from '../texts/frame.ts';
import { overviewTexts } from '../texts/overview.ts';
import { typeNames } from '../texts/resource-types.ts';
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
  {
    path: '/resources/:type',
    tag: 'sw-list',
    load: () => import('../pages/list/list.ts'),
    title: ({ type = '' }) => typeNames(type === 'instance' ? 'server' : type),
    entries: listedTypes.map(({ type, group, icon, permission }) => ({
      group,
      href: `/resources/${type}`,
      icon,
      text: () => typeNames(type),
      permission,
    })),
  },
  {
    path: '/drift',
    tag: 'sw-drift',
    load: () => import('../pages/drift/drift.ts'),
    title: () => driftTexts.title,
    entries: [{ group: 'see', href: '/drift', icon: 'git-compare', text: () => driftTexts.title }],
  },
  { path: '/sign-in', tag: 'sw-sign-in', load: () => import('../pages/sign-in/sign-in.ts'), title: () => signInTexts.title, isOpen: true },
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
  {
    path: '/audit',
    tag: 'sw-audit',
    load: () => import('../pages/audit/audit.ts'),
    title: () => auditTexts.title,
    permission: 'audit.read',
    isEverywhere: true,
    entries: [{ group: 'act', href: '/audit', icon: 'scroll-text', text: () => auditTexts.title }],
  },
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
    path: '/declare',
    tag: 'sw-declare-start',
    load: () => import('../pages/declare/start.ts'),
    title: () => declareTexts.title,
    entries: [{ group: 'act', href: '/declare', icon: 'file-pen-line', text: () => declareTexts.title, permission: 'plan.read' }],
  },
  {
    path: '/declare/editor',
    tag: 'sw-declare-editor',
    load: () => import('../pages/declare/editor.ts'),
    title: () => declareTexts.editor.title,
    permission: 'plan.read',
  },
];
