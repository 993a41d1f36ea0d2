import { type ActionOffer, type Begun, beginAction } from '../data/actions.ts';
import { fetchResource, type ResourceName } from '../data/resource.ts';
import { actionName } from '../texts/action-names.ts';
import { actionTexts as t } from '../texts/actions.ts';
import { followDeed } from './action-follow.ts';
import { currentInput } from './current-input.ts';
import { problemText } from './state.ts';
import { toast } from './toast.ts';

/** Something a person wants done with a resource. */
export interface Wanted {
  readonly of: ResourceName;
  /** What people call the resource. */
  readonly name: string;
  readonly offer: ActionOffer;
  /** Told of what was begun. */
  begun(operation: Begun): void;
}

/** Does it at once where nothing can go wrong and nothing is to be filled in; else asks in a dialog first. */
export async function runAction(wanted: Wanted): Promise<void> {
  const { offer } = wanted;
  const takesNothing = Object.keys(offer.input.properties ?? {}).length === 0;
  if (offer.danger !== 'none' || !takesNothing) return askFirst(wanted);
  try {
    const begun = await beginAction({ of: wanted.of, action: offer.name, input: {} }, { key: crypto.randomUUID() });
    followDeed({ of: wanted.of, name: wanted.name, action: offer.name, input: {} }, begun);
    wanted.begun(begun);
  } catch {
    // Why not, and what can be done about it, is told there.
    return askFirst(wanted);
  }
}

/** The dialog stands outside of what it was opened from: a row of a list may be gone before it is closed. */
async function askFirst(wanted: Wanted): Promise<void> {
  const { of, name, offer } = wanted;
  try {
    await import('./action-dialog.ts');
    const current = Object.keys(offer.input.properties ?? {}).length === 0 ? {} : currentInput(offer.name, await fetchResource(of));
    const dialog = Object.assign(document.createElement('sw-action-dialog'), { of, name, offer, current });
    dialog.addEventListener('sw-begun', (event) => wanted.begun((event as CustomEvent<{ operation: Begun }>).detail.operation));
    dialog.addEventListener('sw-closed', () => dialog.remove());
    document.body.append(dialog);
  } catch (error) {
    toast({ text: t.failed(actionName(offer.name), name, problemText(error)), tone: 'danger' });
  }
}
