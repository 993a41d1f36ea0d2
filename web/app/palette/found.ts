import { fetchActions } from '../../data/actions.ts';
import { type AuditHit, type Found, searchRequest, searchResources } from '../../data/search.ts';
import { mayEverywhere, mayOpenTerminal } from '../../data/session.ts';
import { terminalOffer, terminalsHref } from '../../data/terminal-offer.ts';
import type { IconName } from '../../elements/icons.ts';
import { actionName } from '../../texts/action-names.ts';
import { formatTime } from '../../texts/format.ts';
import { paletteTexts as t } from '../../texts/palette.ts';
import { typeName } from '../../texts/resource-types.ts';
import { here, navigate, withQuery } from '../router.ts';
import { type Item, isRequestId } from './item.ts';

export const typeIcons: Readonly<Record<string, IconName>> = {
  server: 'server',
  volume: 'hard-drive',
  volume_snapshot: 'camera',
  image: 'disc',
  network: 'network',
  subnet: 'layers',
  router: 'route',
  port: 'plug',
  floatingip: 'globe',
  security_group: 'shield',
  keypair: 'key-round',
  flavor: 'cpu',
  volume_type: 'database',
  server_group: 'boxes',
};

/** Resources, and what a request id stands for. Throws Problem, and what `signal` aborts with. */
export async function foundFor(text: string, signal: AbortSignal): Promise<readonly Item[]> {
  const isAudited = isRequestId(text) && mayEverywhere('audit.read');
  const [resources, entries] = await Promise.all([
    searchResources(text.trim(), { signal }),
    isAudited ? searchRequest(text.trim(), { signal }) : [],
  ]);
  return [...requestItems(text.trim(), entries), ...resources.filter(({ id }) => id !== null).map(resourceItem)];
}

function resourceItem({ type, cluster, id, name, status, addresses = [] }: Found): Item {
  const href = `/resources/${[type, cluster, id ?? ''].map(encodeURIComponent).join('/')}`;
  const about = [typeName(type), cluster, status, addresses[0]]
    .filter((one) => one !== undefined && one !== null && one !== '')
    .join(' · ');
  return { key: href, group: 'resources', icon: typeIcons[type] ?? 'boxes', text: name || (id ?? ''), about, href };
}

function requestItems(requestId: string, entries: readonly AuditHit[]): readonly Item[] {
  if (entries.length === 0) return [];
  const href = `/audit?requestId=${encodeURIComponent(requestId)}`;
  const all: Item = { key: href, group: 'request', icon: 'scroll-text', text: t.allOfRequest, about: requestId, href };
  return [
    ...entries.map(
      ({ seq, at, message, actor }): Item => ({
        key: `entry ${seq}`,
        group: 'request',
        icon: 'scroll-text',
        text: message,
        about: `${actor} · ${formatTime(at)}`,
        run: () => navigate(`${href}&entry=${seq}`),
      }),
    ),
    all,
  ];
}

/** What can be done with the resource whose page is open; nothing on other pages. */
export async function actionsInView(signal: AbortSignal): Promise<readonly Item[]> {
  const { type, cluster, id } = here.value.params;
  if (type === undefined || cluster === undefined || id === undefined) return [];
  const actions = await fetchActions({ type, cluster, id }, signal);
  const terminal: Item = {
    key: 'action terminal',
    group: 'actions',
    icon: 'terminal',
    text: actionName(terminalOffer.name),
    words: terminalOffer.summary,
    run: () => navigate(terminalsHref(cluster, id)),
  };
  const offered = actions
    .filter(({ possible, allowed }) => possible && allowed)
    .map(
      ({ name, summary }): Item => ({
        key: `action ${name}`,
        group: 'actions',
        icon: 'play',
        text: actionName(name),
        words: `${name} ${summary}`,
        run: () => navigate(withQuery({ action: name })),
      }),
    );
  return ['server', 'instance'].includes(type) && mayOpenTerminal() ? [terminal, ...offered] : offered;
}
