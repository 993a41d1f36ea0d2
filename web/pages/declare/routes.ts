import type { Route } from '../../app/route.ts';
import { declareTexts } from '../../texts/declare.ts';

/** Declaring things. */
export const declareRoutes: readonly Route[] = [
  {
    path: '/declare',
    tag: 'sw-declare-start',
    load: () => import('./start.ts'),
    title: () => declareTexts.title,
    entries: [{ group: 'act', href: '/declare', icon: 'file-pen-line', text: () => declareTexts.title, permission: 'plan.read' }],
  },
  {
    path: '/declare/instance',
    tag: 'sw-declare-instance',
    load: () => import('./instance.ts'),
    title: () => declareTexts.instance.title,
    permission: 'instance.change',
  },
  {
    path: '/declare/volume',
    tag: 'sw-declare-volume',
    load: () => import('./volume.ts'),
    title: () => declareTexts.volume.title,
    permission: 'volume.change',
  },
  {
    path: '/declare/network',
    tag: 'sw-declare-network',
    load: () => import('./network.ts'),
    title: () => declareTexts.network.title,
    permission: 'network.change',
  },
  {
    path: '/declare/security-group',
    tag: 'sw-declare-security-group',
    load: () => import('./security-group.ts'),
    title: () => declareTexts.securityGroup.title,
    permission: 'securityGroup.change',
  },
  {
    path: '/declare/adopt',
    tag: 'sw-declare-adopt',
    load: () => import('./adopt.ts'),
    title: () => declareTexts.adopt.title,
    permission: 'cluster.read',
  },
  {
    path: '/declare/export',
    tag: 'sw-declare-export',
    load: () => import('./export.ts'),
    title: () => declareTexts.export.title,
    permission: 'plan.read',
  },
  {
    path: '/declare/editor',
    tag: 'sw-declare-editor',
    load: () => import('./editor.ts'),
    title: () => declareTexts.editor.title,
    permission: 'plan.read',
  },
];
