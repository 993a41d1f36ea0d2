import { cloudStates } from '../../data/cloud-states.ts';
import { signOut } from '../../data/session.ts';
import type { IconName } from '../../elements/icons.ts';
import { frameTexts } from '../../texts/frame.ts';
import { languageName, languages } from '../../texts/language.ts';
import { paletteTexts as t } from '../../texts/palette.ts';
import { setDisplay } from '../display.ts';
import { visibleEntries, visiblePages } from '../entries.ts';
import { lookAt, navigate } from '../router.ts';
import { scope } from '../scope.ts';
import { bindings, type CommandName, commandNames, commands, isCheatSheetOpen } from '../shortcuts.ts';
import { themes } from '../theme.ts';
import type { Item } from './item.ts';
import { recentItems } from './recent.ts';

/** What the palette offers without asking the server: recent places, clouds, pages, commands. */
export function offers(): readonly Item[] {
  return [...recentItems(), ...clouds(), ...pages(), ...deeds()];
}

function clouds(): readonly Item[] {
  const all = (cloudStates.value ?? []).map(
    ({ name, health }): Item => ({
      key: `cloud ${name}`,
      group: 'clusters',
      icon: 'cloud',
      text: t.lookAtOnly(name),
      about: frameTexts.clusters.health[health],
      words: name,
      run: () => lookAt([name]),
    }),
  );
  if (scope.value.length === 0) return all;
  return [{ key: 'clouds', group: 'clusters', icon: 'cloud', text: t.lookAtAll, run: () => lookAt([]) }, ...all];
}

function pages(): readonly Item[] {
  const keys = bindings();
  const keysOf = (href: string) => {
    const name = commandNames.find((one) => leadsTo[one] === href);
    return name === undefined || keys[name] === '' ? {} : { keys: keys[name] };
  };
  const entries = visibleEntries().map(
    ({ href, icon, text, group }): Item => ({
      key: `page ${href}`,
      group: 'pages',
      icon,
      text: text(),
      about: frameTexts.groups[group],
      words: href,
      href,
      ...keysOf(href),
    }),
  );
  const others = visiblePages()
    .filter(({ path }) => !entries.some(({ href }) => href === path))
    .map(
      ({ path, title }): Item => ({ key: `page ${path}`, group: 'pages', icon: 'arrow-right', text: title({}), words: path, href: path }),
    );
  return [...entries, ...others];
}

/** Where shortcuts lead that go to a page. */
const leadsTo: Readonly<Partial<Record<CommandName, string>>> = {
  overview: '/',
  instances: '/resources/server',
  volumes: '/resources/volume',
  networks: '/resources/network',
  securityGroups: '/resources/security_group',
  drift: '/drift',
  clusters: '/clusters',
  operations: '/operations',
  audit: '/audit',
  declare: '/declare',
};

function deeds(): readonly Item[] {
  const deed = (key: string, icon: IconName, text: string, run: () => void, more: Partial<Item> = {}): Item => ({
    key,
    group: 'commands',
    icon,
    text,
    run,
    ...more,
  });
  const icon = { system: 'monitor', light: 'sun', dark: 'moon' } as const;
  return [
    ...themes.map((theme) => deed(`theme ${theme}`, icon[theme], t.theme[theme], () => void setDisplay({ theme }))),
    ...languages.map((one) => deed(`language ${one}`, 'languages', languageName(one), () => void setDisplay({ language: one }))),
    deed('account', 'settings', frameTexts.user.account, () => navigate('/account')),
    deed('shortcuts', 'keyboard', commands.help.text(), () => isCheatSheetOpen.set(true), { keys: bindings().help }),
    deed('sign out', 'log-out', frameTexts.user.signOut, () => void signOut()),
  ];
}
