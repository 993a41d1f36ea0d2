import type { Permission } from '#api/auth/permissions.ts';
import type { IconName } from '../elements/icons.ts';
import { adminRoutes } from '../pages/admin/routes.ts';
import { listedTypes } from '../pages/list/types.ts';
import { accountTexts } from '../texts/account.ts';
import { auditTexts } from '../texts/audit.ts';
import { declareTexts } from '../texts/declare.ts';
import { driftTexts } from '../texts/drift.ts';
import { firstRunTexts } from '../texts/first-run.ts';
import type { frameTexts } from '../texts/frame.ts';

import { historyTexts } from '../texts/history.ts';

import { operationTexts } from '../texts/operations.ts';

import { overviewTexts } from '../texts/overview.ts';
import { typeName, typeNames } from '../texts/resource-types.ts';
import { signInTexts } from '../texts/sign-in.ts';
import { wholeListTexts } from '../texts/whole-lists.ts';

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
    path: '/hypervisors',
    tag: 'sw-hypervisors',
    load: () => import('../pages/list/whole-list.ts'),
    title: () => wholeListTexts.hypervisors,
    permission: 'hypervisor.read',
    entries: [{ group: 'compute', href: '/hypervisors', icon: 'monitor', text: () => wholeListTexts.hypervisors }],
  },
  {
    path: '/quotas',
    tag: 'sw-quotas',
    load: () => import('../pages/list/whole-list.ts'),
    title: () => wholeListTexts.quotas,
    permission: 'catalog.read',
    entries: [{ group: 'compute', href: '/quotas', icon: 'gauge', text: () => wholeListTexts.quotas }],
  },
  {
    path: '/drift',
    tag: 'sw-drift',
    load: () => import('../pages/drift/drift.ts'),
    title: () => driftTexts.title,
    entries: [{ group: 'see', href: '/drift', icon: 'git-compare', text: () => driftTexts.title }],
  },
  {
    path: '/history',
    tag: 'sw-objects-then',
    load: () => import('../pages/history/objects-then.ts'),
    title: () => historyTexts.title,
    permission: 'history.read',
    isEverywhere: true,
    entries: [{ group: 'see', href: '/history', icon: 'clock', text: () => historyTexts.title }],
  },
  {
    path: '/history/:kind/:namespace/:name',
    tag: 'sw-object-history',
    load: () => import('../pages/history/object-history.ts'),
    title: ({ name }) => `${historyTexts.title}: ${name}`,
    permission: 'history.read',
  },
  {
    path: '/inventory{/:cluster}?',
    tag: 'sw-inventory-then',
    load: () => import('../pages/history/inventory-then.ts'),
    title: () => historyTexts.inventoryOf,
    permission: 'history.read',
  },
  { path: '/sign-in', tag: 'sw-sign-in', load: () => import('../pages/sign-in/sign-in.ts'), title: () => signInTexts.title, isOpen: true },
  {
    path: '/resources/:type/:cluster/:id',
    tag: 'sw-detail',
    load: () => import('../pages/detail/detail.ts'),
    title: ({ type = '', id = '' }) => `${typeName(type === 'instance' ? 'server' : type)} ${id}`,
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
  {
    path: '/declare',
    tag: 'sw-declare-start',
    load: () => import('../pages/declare/start.ts'),
    title: () => declareTexts.title,
    entries: [{ group: 'act', href: '/declare', icon: 'file-pen-line', text: () => declareTexts.title, permission: 'plan.read' }],
  },
  {
    path: '/declare/instance',
    tag: 'sw-declare-instance',
    load: () => import('../pages/declare/instance.ts'),
    title: () => declareTexts.instance.title,
    permission: 'instance.change',
  },
  {
    path: '/declare/volume',
    tag: 'sw-declare-volume',
    load: () => import('../pages/declare/volume.ts'),
    title: () => declareTexts.volume.title,
    permission: 'volume.change',
  },
  {
    path: '/declare/network',
    tag: 'sw-declare-network',
    load: () => import('../pages/declare/network.ts'),
    title: () => declareTexts.network.title,
    permission: 'network.change',
  },
  {
    path: '/declare/security-group',
    tag: 'sw-declare-security-group',
    load: () => import('../pages/declare/security-group.ts'),
    title: () => declareTexts.securityGroup.title,
    permission: 'securityGroup.change',
  },
  {
    path: '/declare/editor',
    tag: 'sw-declare-editor',
    load: () => import('../pages/declare/editor.ts'),
    title: () => declareTexts.editor.title,
    permission: 'plan.read',
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
  { path: '/account', tag: 'sw-account', load: () => import('../pages/account/account.ts'), title: () => accountTexts.title },
  { path: '/welcome', tag: 'sw-first-run', load: () => import('../pages/first-run/first-run.ts'), title: () => firstRunTexts.another },
  ...adminRoutes,
];
