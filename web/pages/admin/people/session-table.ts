import { html, nothing, type TemplateResult } from 'lit';
import type { PersonSession, SessionOfSomebody } from '../../../data/people.ts';
import { session } from '../../../data/session.ts';
import { peopleTexts } from '../../../texts/people.ts';
import { actButton, ago, listTable } from '../parts.ts';
import { browserOf } from './browser-name.ts';

type Shown = PersonSession | SessionOfSomebody;

export interface SessionTable<T extends Shown> {
  readonly sessions: readonly T[];
  /** Whose they are, in a column, where they are not all of one person. */
  readonly whose?: (one: T) => TemplateResult;
  readonly obstacle: string | undefined;
  readonly end: (one: T) => void;
}

/** Sessions: where from, since when, and a button that ends each. */
export function sessionTable<T extends Shown>({ sessions, whose, obstacle, end }: SessionTable<T>): TemplateResult {
  const t = peopleTexts.sessions;
  const c = t.columns;
  return listTable(
    t.title,
    [...(whose ? [c.user] : []), c.from, c.how, c.began, c.seen, c.ends, { text: c.actions, isUnseen: true }],
    sessions.map(
      (one) => html`<tr>
            ${whose ? html`<th scope="row">${whose(one)}</th>` : nothing}
            <td data-label=${c.from}>
              <div>
                <span class="mono">${one.address}</span> ${one.id === session.value?.session?.id ? html`<span class="tag">${t.own}</span>` : nothing}
                <div class="quiet small" title=${one.userAgent}>${browserOf(one.userAgent)}</div>
              </div>
            </td>
            <td data-label=${c.how}>${t.how[one.how]}</td>
            <td data-label=${c.began}>${ago(one.createdAt, '')}</td>
            <td data-label=${c.seen}>${ago(one.lastSeenAt, '')}</td>
            <td data-label=${c.ends}>${ago(one.expiresAt, '')}</td>
            <td class="end">
              ${actButton({ id: `end-${one.id}`, text: t.end, isPlain: true, variant: 'danger', obstacle, run: () => end(one) })}
            </td>
          </tr>`,
    ),
  );
}
