import type { Permission } from '#api/auth/permissions.ts';
import type { IconName } from '../elements/icons.ts';
import { listedTypes } from '../pages/list/types.ts';
import { addCloudTexts } from '../texts/add-cloud.ts';
import { auditTexts } from '../texts/audit.ts';
import { clusterTexts } from '../texts/clusters.ts';
import { declareTexts } from '../texts/declare.ts';
import { driftTexts } from '../texts/drift.ts';
import type { frameTexts } from '../texts/frame.ts';
import { keyTexts } from '../texts/keys.ts';
import { overviewTexts } from '../texts/overview.ts';
import { peopleTexts } from '../texts/people.ts';
import { typeNames } from '../texts/resource-types.ts';
import { roleTexts } from '../texts/roles.ts';
import { settingTexts } from '../texts/settings.ts';
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
    path: '/clusters/:name',
    tag: 'sw-cluster',
    load: () => import('../pages/admin/clusters/cluster-page.ts'),
    title: ({ name = '' }) => name,
    permission: 'cluster.read',
  },
  {
    path: '/add-cloud',
    tag: 'sw-add-cloud-page',
    load: () => import('../pages/admin/clusters/add-page.ts'),
    title: () => addCloudTexts.title,
    permission: 'cluster.change',
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
    path: '/declare/adopt',
    tag: 'sw-declare-adopt',
    load: () => import('../pages/declare/adopt.ts'),
    title: () => declareTexts.adopt.title,
    permission: 'cluster.read',
  },
  {
    path: '/declare/export',
    tag: 'sw-declare-export',
    load: () => import('../pages/declare/export.ts'),
    title: () => declareTexts.export.title,
    permission: 'plan.read',
  },
  {
    path: '/declare/editor',
    tag: 'sw-declare-editor',
    load: () => import('../pages/declare/editor.ts'),
    title: () => declareTexts.editor.title,
    permission: 'plan.read',
  },
  {
    path: '/admin/users',
    tag: 'sw-users',
    load: () => import('../pages/admin/people/users-page.ts'),
    title: () => peopleTexts.title,
    permission: 'user.read',
    isEverywhere: true,
    entries: [{ group: 'manage', href: '/admin/users', icon: 'users', text: () => peopleTexts.title }],
  },
  {
    path: '/admin/users/:id',
    tag: 'sw-user',
    load: () => import('../pages/admin/people/user-page.ts'),
    title: () => peopleTexts.columns.user,
    permission: 'user.read',
    isEverywhere: true,
  },
  {
    path: '/admin/roles',
    tag: 'sw-roles',
    load: () => import('../pages/admin/roles/roles-page.ts'),
    title: () => roleTexts.title,
    permission: 'role.read',
    entries: [{ group: 'manage', href: '/admin/roles', icon: 'shield', text: () => roleTexts.title }],
  },
  {
    path: '/admin/sessions',
    tag: 'sw-sessions',
    load: () => import('../pages/admin/people/sessions-page.ts'),
    title: () => peopleTexts.sessions.title,
    permission: 'user.read',
    isEverywhere: true,
    entries: [{ group: 'manage', href: '/admin/sessions', icon: 'monitor', text: () => peopleTexts.sessions.title }],
  },
  {
    path: '/admin/keys',
    tag: 'sw-keys',
    load: () => import('../pages/admin/keys-page.ts'),
    title: () => keyTexts.title,
    permission: 'key.rotate',
    isEverywhere: true,
    entries: [{ group: 'manage', href: '/admin/keys', icon: 'key-round', text: () => keyTexts.title }],
  },
  {
    path: '/admin/settings',
    tag: 'sw-settings',
    load: () => import('../pages/admin/settings-page.ts'),
    title: () => settingTexts.title,
    permission: 'settings.read',
    isEverywhere: true,
    entries: [{ group: 'manage', href: '/admin/settings', icon: 'settings', text: () => settingTexts.title }],
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
];
