import type { ActionOffer } from '../data/actions.ts';

/** Fields of an input that name one resource: what they say fits one target and no other. */
const ofOne = /(?:Id|Ids|address|fixedIP|name|host)$/i;

/** Whether an action makes sense for many at once: what it takes is the same for all of them. */
export function isForMany({ name, input }: Pick<ActionOffer, 'name' | 'input'>): boolean {
  if (/\.(?:attach|detach|associate|dissociate|disassociate)/.test(name)) return false;
  return (input.required ?? []).every((name) => !ofOne.test(name));
}

/** What can be asked for of many, from what can be done with some of them: allowed where it is for one, so that the preview says for which. */
export function offersForMany(samples: readonly (readonly ActionOffer[])[]): readonly ActionOffer[] {
  const byName = new Map<string, ActionOffer>();
  for (const offer of samples.flat()) {
    if (!isForMany(offer)) continue;
    const known = byName.get(offer.name);
    if (!known || (!known.allowed && offer.allowed)) byName.set(offer.name, offer);
  }
  return [...byName.values()];
}
