import type { Route } from '../../app/route.ts';
import { addCloudTexts } from '../../texts/add-cloud.ts';
import { clusterTexts } from '../../texts/clusters.ts';
import { keyTexts } from '../../texts/keys.ts';
import { peopleTexts } from '../../texts/people.ts';
import { recordingTexts } from '../../texts/recordings.ts';
import { roleTexts } from '../../texts/roles.ts';
import { settingTexts } from '../../texts/settings.ts';
import { terminalAccessTexts } from '../../texts/terminal-access.ts';

/** The pages of administration. */
export const adminRoutes: readonly Route[] = [
  {
    path: '/clusters',
    tag: 'sw-clusters',
    load: () => import('./clusters/clusters-page.ts'),
    title: () => clusterTexts.title,
    permission: 'cluster.read',
    entries: [{ group: 'manage', href: '/clusters', icon: 'cloud', text: () => clusterTexts.title }],
  },
  {
    path: '/clusters/:name',
    tag: 'sw-cluster',
    load: () => import('./clusters/cluster-page.ts'),
    title: ({ name = '' }) => name,
    permission: 'cluster.read',
    needs: ({ name = '' }) => ({ permission: 'cluster.read', place: { cluster: name, namespace: '*' } }),
  },
  {
    path: '/add-cloud',
    tag: 'sw-add-cloud-page',
    load: () => import('./clusters/add-page.ts'),
    title: () => addCloudTexts.title,
    permission: 'cluster.change',
  },
  {
    path: '/admin/users',
    tag: 'sw-users',
    load: () => import('./people/users-page.ts'),
    title: () => peopleTexts.title,
    permission: 'user.read',
    isEverywhere: true,
    entries: [{ group: 'manage', href: '/admin/users', icon: 'users', text: () => peopleTexts.title }],
  },
  {
    path: '/admin/users/:id',
    tag: 'sw-user',
    load: () => import('./people/user-page.ts'),
    title: () => peopleTexts.columns.user,
    permission: 'user.read',
    isEverywhere: true,
  },
  {
    path: '/admin/roles',
    tag: 'sw-roles',
    load: () => import('./roles/roles-page.ts'),
    title: () => roleTexts.title,
    permission: 'role.read',
    entries: [{ group: 'manage', href: '/admin/roles', icon: 'shield', text: () => roleTexts.title }],
  },
  {
    path: '/admin/sessions',
    tag: 'sw-sessions',
    load: () => import('./people/sessions-page.ts'),
    title: () => peopleTexts.sessions.title,
    permission: 'user.read',
    isEverywhere: true,
    entries: [{ group: 'manage', href: '/admin/sessions', icon: 'monitor', text: () => peopleTexts.sessions.title }],
  },
  {
    path: '/admin/keys',
    tag: 'sw-keys',
    load: () => import('./keys-page.ts'),
    title: () => keyTexts.title,
    permission: 'key.rotate',
    isEverywhere: true,
    entries: [{ group: 'manage', href: '/admin/keys', icon: 'key-round', text: () => keyTexts.title }],
  },
  {
    path: '/admin/terminals',
    tag: 'sw-live-terminals',
    load: () => import('./terminals/live-page.ts'),
    title: () => recordingTexts.watch.title,
    permission: 'terminal.watch',
    entries: [{ group: 'manage', href: '/admin/terminals', icon: 'terminal', text: () => recordingTexts.watch.title }],
  },
  {
    path: '/admin/terminals/profiles',
    tag: 'sw-terminal-access',
    load: () => import('./terminals/access-page.ts'),
    title: () => terminalAccessTexts.title,
    permission: 'terminal.configure',
    entries: [{ group: 'manage', href: '/admin/terminals/profiles', icon: 'plug', text: () => terminalAccessTexts.title }],
  },
  {
    path: '/admin/settings',
    tag: 'sw-settings',
    load: () => import('./settings-page.ts'),
    title: () => settingTexts.title,
    permission: 'settings.read',
    isEverywhere: true,
    entries: [{ group: 'manage', href: '/admin/settings', icon: 'settings', text: () => settingTexts.title }],
  },
];
