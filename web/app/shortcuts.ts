import { preference, preferences, setPreference } from '../data/preferences.ts';
import { Stored } from '../data/stored.ts';
import { frameTexts } from '../texts/frame.ts';
import { isWriting, KeyReader, type Keys, written } from './keys.ts';
import { navigate } from './router.ts';

/** Something the keyboard does on every page. */
interface Command {
  readonly keys: Keys;
  readonly text: () => string;
  readonly run: () => void;
  /** Also while somebody writes. */
  readonly isAlways?: true;
}

export const isPaletteOpen = new Stored(false);
export const isCheatSheetOpen = new Stored(false);

const to = (path: string) => () => navigate(path);
const t = frameTexts.shortcuts.commands;

/** By name, with the keys they have unless the person chose others. */
export const commands = {
  palette: { keys: 'mod+k', text: () => t.palette, run: () => isPaletteOpen.set(!isPaletteOpen.value), isAlways: true },
  search: { keys: '/', text: () => t.search, run: () => focusFilter() || isPaletteOpen.set(true) },
  help: { keys: '?', text: () => t.help, run: () => isCheatSheetOpen.set(!isCheatSheetOpen.value) },
  overview: { keys: 'g h', text: () => t.overview, run: to('/') },
  instances: { keys: 'g i', text: () => t.instances, run: to('/resources/server') },
  volumes: { keys: 'g v', text: () => t.volumes, run: to('/resources/volume') },
  networks: { keys: 'g n', text: () => t.networks, run: to('/resources/network') },
  securityGroups: { keys: 'g s', text: () => t.securityGroups, run: to('/resources/security_group') },
  drift: { keys: 'g d', text: () => t.drift, run: to('/drift') },
  clusters: { keys: 'g c', text: () => t.clusters, run: to('/clusters') },
  operations: { keys: 'g o', text: () => t.operations, run: to('/operations') },
  audit: { keys: 'g a', text: () => t.audit, run: to('/audit') },
  declare: { keys: 'g y', text: () => t.declare, run: to('/declare') },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as CommandName[];

const key = 'shortcuts';

/** Keys by command: as the person set them, else as they come; '' for none. */
export function bindings(): Readonly<Record<CommandName, Keys>> {
  const own = preference<Partial<Record<CommandName, Keys>>>(key) ?? {};
  return Object.fromEntries(commandNames.map((name) => [name, own[name] ?? commands[name].keys])) as Record<CommandName, Keys>;
}

/** What shows shortcuts follows this. */
export const bindingsChanged = preferences;

/** Undefined: as it came. Throws Problem when the server did not keep it. */
export async function bind(name: CommandName, keys: Keys | undefined): Promise<void> {
  const { [name]: _before, ...others } = preference<Partial<Record<CommandName, Keys>>>(key) ?? {};
  const own = keys === undefined || keys === commands[name].keys ? others : { ...others, [name]: keys };
  await setPreference(key, Object.keys(own).length === 0 ? undefined : own);
}

/** Puts the cursor into the filter of the page, if it has one. */
function focusFilter(): boolean {
  return !document.dispatchEvent(new CustomEvent('sw-focus-filter', { cancelable: true }));
}

/** Obeys the keyboard until the function returned is called. */
export function obeyKeys(): () => void {
  const reader = new KeyReader();
  const pressed = (event: KeyboardEvent) => {
    const name = event.isComposing || event.defaultPrevented ? undefined : written(event);
    if (name === undefined) return;
    const isBusy = isWriting(event) || isInDialog(event);
    const open = Object.entries(bindings()).filter(([command]) => !isBusy || 'isAlways' in commands[command as CommandName]);
    const found = reader.read(name, event.timeStamp, Object.fromEntries(open));
    if (found === undefined) return;
    event.preventDefault();
    if (found !== 'begun') commands[found.command as CommandName].run();
  };
  document.addEventListener('keydown', pressed);
  return () => document.removeEventListener('keydown', pressed);
}

/** What a dialog is about comes first. */
function isInDialog(event: Event): boolean {
  return event.composedPath().some((one) => one instanceof Element && one.matches('dialog, wa-dialog, wa-drawer'));
}
