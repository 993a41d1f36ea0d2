import { Task } from '@lit/task';
import { html } from 'lit';
import { endOtherSessions, endSession, type OwnSession, readSessions } from '../../data/account.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { accountTexts } from '../../texts/account.ts';
import { formatTime } from '../../texts/format.ts';
import '../../elements/confirm.ts';
import type { Question } from '../../elements/confirm.ts';
import { loaded } from '../../elements/loaded.ts';
import { actButton, ago, listTable } from '../admin/parts.ts';
import { adminStyles } from '../admin/styles.ts';
import { labelled } from './labelled.ts';
import { browserName } from './user-agent.ts';

const t = accountTexts.sessions;

/** Where one is signed in, and the end of it. */
export class SwOwnSessions extends SwElement {
  static override properties = { question: { state: true } };
  static override styles = [base, adminStyles];

  declare question: Question | undefined;
  readonly #sessions = new Task(this, { task: () => readSessions(), args: () => [] });

  override render() {
    return html`${loaded(this.#sessions, (sessions) => this.#list(sessions), 3)}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #list(sessions: readonly OwnSession[]) {
    const others = sessions.filter(({ isThis }) => !isThis).length;
    return html`<div class="stack">
      <div class="head">
        <h2>${t.heading}</h2>
        ${actButton({ id: 'others', text: t.endOthers, obstacle: others === 0 ? t.noOthers : undefined, run: () => this.#askOthers() })}
      </div>
      ${listTable(
        t.heading,
        [t.browser, t.address, t.how, t.began, t.seen, t.ends, { text: accountTexts.actions, isUnseen: true }],
        sessions.map((one) => this.#row(one)),
      )}
    </div>`;
  }

  #row({ id, userAgent, address, how, createdAt, lastSeenAt, expiresAt, isThis }: OwnSession) {
    const browser = browserName(userAgent) || t.unknown;
    return html`<tr>
      <th scope="row" title=${userAgent}>${browser} ${isThis ? html`<span class="tag">${t.this}</span>` : ''}</th>
      <td data-label=${t.address} class="mono">${address}</td>
      <td data-label=${t.how}>${t.ways[how as keyof typeof t.ways] ?? how}</td>
      <td data-label=${t.began}>${ago(createdAt, '')}</td>
      <td data-label=${t.seen}>${ago(lastSeenAt, '')}</td>
      <td data-label=${t.ends}>${formatTime(expiresAt, { withSeconds: false })}</td>
      <td class="end">
        ${isThis ? '' : html`<wa-button size="s" appearance="outlined" @click=${() => this.#end(id)}>${labelled(t.end, t.endLabel(browser, address))}</wa-button>`}
      </td>
    </tr>`;
  }

  #askOthers(): void {
    this.question = {
      heading: t.endOthers,
      text: t.endOthersText,
      confirm: t.endOthers,
      run: async () => {
        const { ended } = await endOtherSessions();
        toast({ text: t.ended(ended), tone: 'success' });
        await this.#sessions.run();
      },
    };
  }

  async #end(id: string): Promise<void> {
    try {
      await endSession(id);
      toast({ text: t.ended(1), tone: 'success' });
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
    await this.#sessions.run();
  }
}

define('sw-own-sessions', SwOwnSessions);
