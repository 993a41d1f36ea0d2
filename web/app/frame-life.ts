import type { ReactiveController } from 'lit';
import { watchCloudStates } from '../data/cloud-states.ts';
import { watchCounts } from '../data/counts.ts';
import { hasFailed } from '../data/operations.ts';
import { ended, watchOwnOperations } from '../data/own-operations.ts';
import { watchOwnTerminals } from '../data/own-terminals.ts';
import { isSessionOver, loadSession, session } from '../data/session.ts';
import { live } from '../data/watch.ts';
import { operationName } from '../elements/operation-state.ts';
import { toast } from '../elements/toast.ts';
import { operationTexts } from '../texts/operations.ts';
import { typeName } from '../texts/resource-types.ts';
import { typeIcons } from './palette/found.ts';
import { remember } from './palette/recent.ts';
import { here, navigate } from './router.ts';
import { scope } from './scope.ts';
import { obeyKeys } from './shortcuts.ts';

/** So long an interrupted stream is taken for a hiccup; then the session is looked at. */
const hiccupMs = 2000;
/** An operation that took longer is not looked at any more. */
const forgottenSeconds = 10;
/** A page has its name by then. */
const namedMs = 1500;

/** What the frame does for as long as somebody is signed in, on whatever page: follows clouds, operations and counts, obeys shortcuts. */
export class FrameLife implements ReactiveController {
  #ends: (() => void)[] = [];
  #username: string | undefined;

  constructor() {
    session.subscribe(() => this.#settle());
  }

  hostConnected(): void {
    this.#settle();
  }

  hostDisconnected(): void {
    this.#end();
  }

  /** Begins anew for somebody else. */
  #settle(): void {
    const username = session.value?.username;
    if (username === this.#username) return;
    this.#end();
    this.#username = username;
    if (username === undefined) return;
    const counting = watchCounts(() => scope.value);
    this.#ends = [
      obeyKeys(),
      watchCloudStates(),
      watchOwnOperations(),
      watchOwnTerminals(),
      () => counting.end(),
      scope.subscribe(() => counting.again()),
      ended.subscribe(tellEnd),
      live.subscribe(({ state }) => state === 'lost' && setTimeout(lookAtSession, hiccupMs)),
      here.subscribe(noteVisit),
    ];
  }

  #end(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#username = undefined;
  }
}

/** A stream that does not come back may be one whose session is over, which a stream cannot say. */
function lookAtSession(): void {
  if (live.value.state === 'lost' && !isSessionOver.value) loadSession().catch(() => undefined);
}

/** Failures are told whatever page one is on; that something long is done, too. */
function tellEnd(operation: Parameters<typeof operationName>[0] | undefined): void {
  if (!operation) return;
  const what = operationName(operation);
  const action = { text: operationTexts.look, run: () => navigate(`/operations?id=${operation.id}`) };
  if (hasFailed(operation)) toast({ text: operationTexts.failedToast(what), tone: 'danger', action });
  else if (operation.elapsed > forgottenSeconds) toast({ text: operationTexts.doneToast(what), tone: 'success', action });
}

/** Resources whose page was open are among the recent ones, by the name the page gave to its tab. */
function noteVisit(): void {
  const { path, params } = here.value;
  const { type, cluster, id } = params;
  if (type === undefined || cluster === undefined || id === undefined) return;
  setTimeout(() => {
    if (here.value.path !== path) return;
    const [text = path] = document.title.split(' · ');
    remember({ href: path, text, about: `${typeName(type)} · ${cluster}`, icon: typeIcons[type] ?? 'boxes' });
  }, namedMs);
}
