import { html, nothing } from 'lit';
import { allSessions, endSession, type SessionOfSomebody } from '../../../data/people.ts';
import type { Question } from '../../../elements/confirm.ts';
import { base, define } from '../../../elements/element.ts';
import { SwPage } from '../../../elements/page.ts';
import { toast } from '../../../elements/toast.ts';
import { peopleTexts } from '../../../texts/people.ts';
import '../../../elements/confirm.ts';
import { Pages } from '../pages.ts';
import { adminStyles } from '../styles.ts';
import { mayNotChangePeople } from './rights.ts';
import { sessionTable } from './session-table.ts';

/** Who is signed in at the moment, from where. */
export class SwSessions extends SwPage {
  static override properties = { ...SwPage.properties, question: { state: true } };
  static override styles = [base, adminStyles];

  declare question: Question | undefined;
  readonly #sessions = new Pages<SessionOfSomebody>(this, allSessions);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#sessions.reload();
  }

  override render() {
    const t = peopleTexts.sessions;
    return html`<sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.about}</p></sw-page-header>
      ${this.#sessions.show((sessions) =>
        sessions.length === 0
          ? html`<sw-empty icon="users" .heading=${t.none}></sw-empty>`
          : sessionTable({
              sessions,
              whose: ({ user }) => html`<a href="/admin/users/${user.id}">${user.username}</a>`,
              obstacle: mayNotChangePeople(),
              end: (one) => this.#end(one),
            }),
      )}
      ${
        this.#sessions.next === undefined
          ? nothing
          : html`<div class="bar"><wa-button size="s" appearance="outlined" @click=${() => this.#sessions.more()}>${peopleTexts.more}</wa-button></div>`
      }
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #end({ id, user }: SessionOfSomebody): void {
    const t = peopleTexts.sessions;
    this.question = {
      heading: t.endTitle(user.username),
      text: t.endText,
      confirm: t.end,
      isDangerous: true,
      run: async () => {
        await endSession(user.id, id);
        toast({ text: t.ended(1) });
        void this.#sessions.reload();
      },
    };
  }
}

define('sw-sessions', SwSessions);
