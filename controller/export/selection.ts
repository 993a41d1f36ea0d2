import type { AnyKind } from '#controller/engine/kind.ts';
import type { CloudHandle } from '../kinds/handle.ts';
import type { Resource } from './resources.ts';

/** Which resources are meant: one of each key's values has to fit; no selectors mean all. */
export type Selection = readonly Selector[];

export interface Selector {
  readonly key: 'kind' | 'name' | 'tag' | 'id';
  readonly value: string;
  fits(resource: Resource): boolean;
}

/** A selector nobody could have meant; `message` names it and what is known. */
export class BadSelector extends Error {
  override name = 'BadSelector';
}

/** Reads `kind=Volume`, `name=web-*` (`*` any characters, `?` one), `tag=prod` and `id=…`; throws BadSelector. */
export function parseSelection(texts: readonly string[], kinds: readonly AnyKind<CloudHandle>[]): Selection {
  return texts.map((text) => {
    const [, key, value = ''] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
    if (key === 'kind') return kindSelector(text, value, kinds);
    if (key === 'name') return { key, value, fits: matching(value) };
    if (key === 'tag') return { key, value, fits: ({ tags }) => tags.includes(value) };
    if (key === 'id') return { key, value, fits: ({ id }) => id === value };
    throw new BadSelector(`"${text}" is no selector; known are kind=KIND, name=PATTERN (* stands for any characters), tag=TAG and id=ID.`);
  });
}

/** Whether a resource is meant. */
export function isSelected(selection: Selection, resource: Resource): boolean {
  const byKey = Map.groupBy(selection, ({ key }) => key);
  return [...byKey.values()].every((alternatives) => alternatives.some((selector) => selector.fits(resource)));
}

function kindSelector(text: string, value: string, kinds: readonly AnyKind<CloudHandle>[]): Selector {
  const wanted = value.toLowerCase();
  const found = kinds.find(({ kind, plural, shortNames }) => [kind.toLowerCase(), plural, ...shortNames].includes(wanted));
  if (!found) throw new BadSelector(`"${text}": there is no kind ${value}; known are ${kinds.map(({ kind }) => kind).join(', ')}.`);
  return { key: 'kind', value: found.kind, fits: ({ kind }) => kind === found };
}

/** Whether a name fits a pattern in which `*` stands for any characters and `?` for one. */
export function matching(pattern: string): (named: { readonly name: string }) => boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${source}$`, 'su');
  return ({ name }) => whole.test(name);
}
