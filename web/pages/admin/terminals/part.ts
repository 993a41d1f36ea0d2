import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { isInScope, scope } from '../../../app/scope.ts';
import { may, session } from '../../../data/session.ts';
import { follow } from '../../../data/stored.ts';
import type { Question } from '../../../elements/confirm.ts';
import '../../../elements/confirm.ts';
import { base, SwElement } from '../../../elements/element.ts';
import type { IconName } from '../../../elements/icons.ts';
import { terminalAccessTexts as t } from '../../../texts/terminal-access.ts';
import { Pages } from '../pages.ts';
import { type Head, listTable } from '../parts.ts';
import { adminStyles } from '../styles.ts';

/** What a list of this page says of itself. */
export interface Listed<Row> {
  readonly label: string;
  readonly heads: readonly Head[];
  readonly row: (row: Row) => TemplateResult;
  readonly icon: IconName;
  readonly none: { readonly title: string; readonly text: string };
}

/** A tab of the page: a list that is read page by page, with a question before something goes. */
export abstract class SwAccessPart<Row extends { readonly cluster: string }> extends SwElement {
  static override properties = { question: { state: true } };
  static override styles = [base, adminStyles];

  declare question: Question | undefined;
  protected readonly pages: Pages<Row>;

  constructor(read: ConstructorParameters<typeof Pages<Row>>[1]) {
    super();
    this.pages = new Pages(this, read);
    follow(this, scope, session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.pages.reload();
  }

  protected list({ label, heads, row, icon, none }: Listed<Row>): TemplateResult {
    return html`${this.pages.show((all) => {
      const rows = all.filter(({ cluster }) => cluster === '*' || isInScope(cluster));
      if (rows.length === 0) return html`<sw-empty icon=${icon} .heading=${none.title} .text=${none.text}></sw-empty>`;
      return listTable(label, heads, rows.map(row));
    })}
      ${
        this.pages.next === undefined
          ? nothing
          : html`<div class="bar"><wa-button size="s" appearance="outlined" @click=${() => this.pages.more()}>${t.more}</wa-button></div>`
      }
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }
}

/** Why somebody may not change what belongs to a cluster (`*`: to all). */
export function obstacle(cluster: string): string | undefined {
  if (may('terminal.configure', { cluster, namespace: '*' })) return undefined;
  return t.mayNot(cluster === '*' ? t.allClouds : cluster);
}

export const cloudName = (cluster: string): string => (cluster === '*' ? t.allClouds : cluster);
