import { type ActionInput, type ActionOffer, type Begun, beginAction, fetchActions } from '../data/actions.ts';
import { fetchResource, type ResourceName } from '../data/resource.ts';
import { actionName } from '../texts/action-names.ts';
import { actionTexts as t } from '../texts/actions.ts';
import { obstacleText } from '../texts/obstacles.ts';
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
  /** What is filled in already. */
  readonly input?: ActionInput;
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

/** Does what is known by its name alone, or tells why it cannot be done. */
export async function runNamed({ action, ...wanted }: Omit<Wanted, 'offer'> & { readonly action: string }): Promise<void> {
  try {
    const offer = (await fetchActions(wanted.of)).find(({ name }) => name === action);
    const reason = offer && reasonOf(offer);
    if (reason !== undefined) toast({ text: `${actionName(action)}: ${reason}`, tone: 'warning' });
    else if (offer) await runAction({ ...wanted, offer });
  } catch (error) {
    toast({ text: problemText(error), tone: 'danger' });
  }
}

/** Why an action cannot be done, by the person or now; undefined when it can. */
export function reasonOf({ allowed, possible, denied, obstacle }: ActionOffer): string | undefined {
  if (!allowed) return denied === undefined ? t.denied : `${t.denied}: ${denied}`;
  if (possible) return undefined;
  return obstacle ? obstacleText(obstacle) : t.cannotNow;
}

/** The dialog stands outside of what it was opened from: a row of a list may be gone before it is closed. */
async function askFirst(wanted: Wanted): Promise<void> {
  const { of, name, offer, input } = wanted;
  try {
    await import('./action-dialog.ts');
    const current = Object.keys(offer.input.properties ?? {}).length === 0 ? {} : currentInput(offer.name, await fetchResource(of));
    const dialog = Object.assign(document.createElement('sw-action-dialog'), { of, name, offer, current, preset: input ?? {} });
    dialog.addEventListener('sw-begun', (event) => wanted.begun((event as CustomEvent<{ operation: Begun }>).detail.operation));
    dialog.addEventListener('sw-closed', () => dialog.remove());
    document.body.append(dialog);
  } catch (error) {
    toast({ text: t.failed(actionName(offer.name), name, problemText(error)), tone: 'danger' });
  }
}
