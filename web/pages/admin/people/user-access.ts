import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import {
  endSession,
  endSessions,
  type Person,
  type PersonSession,
  type PersonToken,
  revokeToken,
  sessionsOf,
  tokensOf,
} from '../../../data/people.ts';
import type { Question } from '../../../elements/confirm.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { toast } from '../../../elements/toast.ts';
import { formatList } from '../../../texts/format.ts';
import { peopleTexts } from '../../../texts/people.ts';
import '../../../elements/confirm.ts';
import { loaded } from '../../../elements/loaded.ts';
import { actButton, ago, listTable } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { mayNotChangePeople } from './rights.ts';
import { sessionTable } from './session-table.ts';

/** Where a person is signed in, and which tokens they have. */
export class SwUserAccess extends SwElement {
  static override properties = { person: { attribute: false }, question: { state: true } };
  static override styles = [base, adminStyles];

  declare person: Person;
  declare question: Question | undefined;
  readonly #sessions = new Task(this, { task: ([id], { signal }) => sessionsOf(id, signal), args: () => [this.person.id] as const });
  readonly #tokens = new Task(this, { task: ([id], { signal }) => tokensOf(id, signal), args: () => [this.person.id] as const });

  /** Sessions end when a person is disabled or gets a password. */
  reload(): void {
    void this.#sessions.run().catch(() => undefined);
  }

  override render() {
    const t = peopleTexts.sessions;
    const obstacle = mayNotChangePeople();
    const hasSome = (this.#sessions.value?.length ?? 0) > 0;
    return html`<div class="stack">
      <section class="card" aria-labelledby="sessions">
        <div class="head">
          <h2 id="sessions">${t.title}</h2>
          ${hasSome ? actButton({ id: 'end-all', text: t.endAll, obstacle, run: () => this.#endAll() }) : nothing}
        </div>
        ${loaded(this.#sessions, (sessions) => this.#sessionList(sessions), 2)}
      </section>
      <section class="card" aria-labelledby="tokens">
        <div class="head"><h2 id="tokens">${peopleTexts.tokens.title}</h2></div>
        ${loaded(this.#tokens, (tokens) => this.#tokenList(tokens), 2)}
      </section>
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>
    </div>`;
  }

  #sessionList(sessions: readonly PersonSession[]): TemplateResult {
    if (sessions.length === 0) return html`<p class="quiet">${peopleTexts.sessions.noneOf}</p>`;
    return sessionTable({ sessions, obstacle: mayNotChangePeople(), end: (one) => this.#end(one) });
  }

  #tokenList(tokens: readonly PersonToken[]): TemplateResult {
    const t = peopleTexts.tokens;
    const c = t.columns;
    if (tokens.length === 0) return html`<p class="quiet">${t.none}</p>`;
    return listTable(
      t.title,
      [c.name, c.scope, c.used, c.ends, { text: c.actions, isUnseen: true }],
      tokens.map(
        (token) => html`<tr>
              <th scope="row">${token.name}</th>
              <td data-label=${c.scope}>${scopeOf(token)}</td>
              <td data-label=${c.used}>${ago(token.lastUsedAt, peopleTexts.never)}</td>
              <td data-label=${c.ends}>${isOver(token) ? t.over : ago(token.expiresAt, t.noEnd)}</td>
              <td class="end">
                ${actButton({
                  id: `revoke-${token.id}`,
                  text: t.revoke,
                  isPlain: true,
                  variant: 'danger',
                  obstacle: mayNotChangePeople(),
                  run: () => this.#revoke(token),
                })}
              </td>
            </tr>`,
      ),
    );
  }

  #end({ id }: PersonSession): void {
    const t = peopleTexts.sessions;
    this.#ask({
      heading: t.endTitle(this.person.username),
      text: t.endText,
      confirm: t.end,
      run: async () => {
        await endSession(this.person.id, id);
        toast({ text: t.ended(1) });
        this.reload();
      },
    });
  }

  #endAll(): void {
    const t = peopleTexts.sessions;
    this.#ask({
      heading: t.endAllTitle(this.person.username),
      text: t.endText,
      confirm: t.endAll,
      run: async () => {
        toast({ text: t.ended(await endSessions(this.person.id)) });
        this.reload();
      },
    });
  }

  #revoke({ id, name }: PersonToken): void {
    const t = peopleTexts.tokens;
    this.#ask({
      heading: t.revokeTitle(name),
      text: t.revokeText,
      confirm: t.revoke,
      run: async () => {
        await revokeToken(this.person.id, id);
        toast({ text: t.revoked });
        void this.#tokens.run().catch(() => undefined);
      },
    });
  }

  #ask(question: Omit<Question, 'isDangerous'>): void {
    this.question = { ...question, isDangerous: true };
  }
}

function scopeOf({ scope }: PersonToken): string {
  const t = peopleTexts.tokens;
  if (!scope) return t.all;
  const places = [...(scope.clusters ?? []), ...(scope.namespaces ?? [])].filter((one) => one !== '*');
  const where = places.length === 0 ? peopleTexts.roles.everywhere : formatList(places);
  return scope.permissions ? t.scope(scope.permissions.length, where) : where;
}

const isOver = ({ expiresAt }: PersonToken) => expiresAt !== null && Date.parse(expiresAt) < Date.now();

define('sw-user-access', SwUserAccess);
