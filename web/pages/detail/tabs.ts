import type { ResourceDetail } from '../../data/resource.ts';
import { may, mayOpenTerminal } from '../../data/session.ts';
import { isDeclarable } from './header.ts';

export type Tab = 'overview' | 'network' | 'rules' | 'volumes' | 'console' | 'terminal' | 'metrics' | 'timeline' | 'drift' | 'raw';

const own: Readonly<Record<string, readonly Tab[]>> = {
  server: ['network', 'volumes', 'console', 'terminal', 'metrics'],
  port: ['network'],
  security_group: ['rules'],
};

/** The tabs a resource has; what its cloud does not hold has nothing to look into. */
export function tabsOf({ row, body, object }: ResourceDetail): readonly Tab[] {
  const { type } = row;
  const place = { cluster: row.cluster, namespace: object?.metadata.namespace ?? '*' };
  const seen = (tab: Tab) => (tab === 'terminal' ? mayOpenTerminal(place) : tab !== 'console' || may('instance.console', place));
  const looked = body === null ? [] : (own[type] ?? []).filter(seen);
  const declared: readonly Tab[] = isDeclarable(type) ? ['timeline', 'drift'] : [];
  return ['overview', ...looked, ...declared, 'raw'];
}

const loaders: Readonly<Record<Tab, () => Promise<unknown>>> = {
  overview: () => import('./overview-tab.ts'),
  network: () => import('./network-tab.ts'),
  rules: () => import('./network-tab.ts'),
  volumes: () => import('./volumes-tab.ts'),
  console: () => import('./console-tab.ts'),
  terminal: () => import('./terminal-tab.ts'),
  metrics: () => import('./metrics-tab.ts'),
  timeline: () => import('./timeline-tab.ts'),
  drift: () => import('./drift-tab.ts'),
  raw: () => import('./raw-tab.ts'),
};

/** Brings the element of a tab; a chunk of its own. */
export const loadTab = (tab: Tab): Promise<unknown> => loaders[tab]();
