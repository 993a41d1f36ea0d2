import { acceptInvitation } from '../../data/sign-in.ts';
import { define } from '../../elements/element.ts';
import { signInTexts as t } from '../../texts/sign-in.ts';
import { NewAccountPage } from './new-account.ts';

/** Accepting an invitation. Its token stands behind the `#`, which no server and no log is sent. */
export class SwInvitation extends NewAccountPage {
  readonly #token = window.location.hash.slice(1);

  constructor() {
    super();
    // Out of the address bar, before somebody copies or photographs it.
    if (this.#token !== '') history.replaceState(history.state, '', window.location.pathname);
  }

  protected override texts() {
    return t.invitation;
  }

  protected override missing() {
    return this.#token === '' ? t.invitation.noToken : undefined;
  }

  protected override make(person: { username: string; password: string; displayName: string | null }) {
    return acceptInvitation(this.#token, person);
  }
}

define('sw-invitation', SwInvitation);
