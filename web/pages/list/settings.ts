import { preference, setPreference } from '../../data/preferences.ts';
import type { Density, Widths } from '../../elements/table-columns.ts';

/** How somebody wants a list, kept on the server. */
export interface ListSettings {
  /** In their order; undefined: those every list begins with. */
  readonly columns?: readonly string[] | undefined;
  readonly widths?: Widths;
  readonly density?: Density;
}

/** A filter with a name; `columns` where the view has its own. */
export interface SavedView {
  readonly name: string;
  readonly filter: string;
  readonly sort: string;
  readonly columns?: readonly string[];
  /** Shown when the list is opened without anything else. */
  readonly isFirst?: boolean;
}

const settingsName = (type: string) => `list.${type}`;
const viewsName = (type: string) => `list.views.${type}`;

export const listSettings = (type: string): ListSettings => preference<ListSettings>(settingsName(type)) ?? {};

/** Throws Problem when the server did not keep it. */
export async function changeListSettings(type: string, change: Partial<ListSettings>): Promise<void> {
  await setPreference(settingsName(type), { ...listSettings(type), ...change });
}

export const savedViews = (type: string): readonly SavedView[] => preference<readonly SavedView[]>(viewsName(type)) ?? [];

/** Takes the place of the view of this name. Throws Problem when the server did not keep it. */
export async function saveView(type: string, view: SavedView): Promise<void> {
  const others = savedViews(type).filter(({ name }) => name !== view.name);
  const known = view.isFirst ? others.map((one) => ({ ...one, isFirst: false })) : others;
  await setPreference(
    viewsName(type),
    [...known, view].toSorted((a, b) => a.name.localeCompare(b.name)),
  );
}

/** Throws Problem when the server did not keep it. */
export async function forgetView(type: string, name: string): Promise<void> {
  const left = savedViews(type).filter((view) => view.name !== name);
  await setPreference(viewsName(type), left.length === 0 ? undefined : left);
}
