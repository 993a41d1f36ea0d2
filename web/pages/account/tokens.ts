import { Task } from '@lit/task';
import { html } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { type OwnToken, readTokens, revokeToken } from '../../data/account.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { toast } from '../../elements/toast.ts';
import { accountTexts } from '../../texts/account.ts';
import { formatAgo, formatTime } from '../../texts/format.ts';
import '../../elements/confirm.ts';
import type { Question } from '../../elements/confirm.ts';
import { loaded } from '../../elements/loaded.ts';
import { actButton, ago, listTable } from '../admin/parts.ts';
import { adminStyles } from '../admin/styles.ts';
import { labelled } from './labelled.ts';
import { copy, shownOnceStyle } from './shown-once.ts';
import './token-form.ts';

const t = accountTexts.tokens;

type Made = OwnToken & { readonly token: string };

/** Tokens for programs: made, shown once, revoked. */
export class SwOwnTokens extends SwElement {
  static override properties = { question: { state: true }, isMaking: { state: true }, made: { state: true } };
  static override styles = [base, adminStyles, shownOnceStyle];

  declare question: Question | undefined;
  declare isMaking: boolean;
  declare made: Made | undefined;
  readonly #tokens = new Task(this, { task: () => readTokens(), args: () => [] });

  constructor() {
    super();
    this.isMaking = false;
  }

  override render() {
    return html`<div class="stack">
        <div class="head">
          <div><h2>${t.heading}</h2><p class="quiet">${t.about}</p></div>
          ${actButton({ id: 'make', text: t.make, icon: 'plus', variant: 'brand', run: () => (this.isMaking = true) })}
        </div>
        ${loaded(this.#tokens, (tokens) => this.#list(tokens), 3)}
      </div>
      <wa-dialog label=${t.make} ?open=${this.isMaking} @wa-after-hide=${(event: Event) => this.#hidden(event)}>
        ${this.isMaking ? html`<sw-token-form @sw-made=${(event: CustomEvent<Made>) => this.#show(event.detail)} @sw-cancel=${() => (this.isMaking = false)}></sw-token-form>` : ''}
      </wa-dialog>
      ${this.made ? this.#shown(this.made) : ''}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #list(tokens: readonly OwnToken[]) {
    if (tokens.length === 0) return html`<sw-empty icon="key-round" .heading=${t.none}></sw-empty>`;
    return listTable(
      t.heading,
      [t.name, t.scope, t.created, t.used, t.expires, { text: accountTexts.actions, isUnseen: true }],
      tokens.map((token) => this.#row(token)),
    );
  }

  #row(token: OwnToken) {
    const { name, scope, createdAt, lastUsedAt, expiresAt } = token;
    const isOver = expiresAt !== null && Date.parse(expiresAt) < Date.now();
    return html`<tr>
      <th scope="row">${name}</th>
      <td data-label=${t.scope} title=${scope?.permissions?.join(', ') ?? ''}>${scopeText(scope)}</td>
      <td data-label=${t.created}>${ago(createdAt, '')}</td>
      <td data-label=${t.used}>${ago(lastUsedAt, t.neverUsed)}</td>
      <td data-label=${t.expires}>${expiresAt === null ? t.neverExpires : isOver ? t.expired(formatAgo(expiresAt)) : formatTime(expiresAt, { withSeconds: false })}</td>
      <td class="end"><wa-button size="s" appearance="outlined" @click=${() => this.#ask(token)}>${labelled(t.revoke, t.revokeTitle(name))}</wa-button></td>
    </tr>`;
  }

  #shown({ name, token }: Made) {
    const usage = `curl -H "Authorization: Bearer $TOKEN" ${window.location.origin}/api/v1/session`;
    return html`<wa-dialog open label=${t.shown(name)} @wa-after-hide=${() => (this.made = undefined)}>
      <div class="stack">
        <p>${t.shownText}</p>
        <code class="secret" tabindex="0">${token}</code>
        <div><h3>${t.usage}</h3><code class="secret">${usage}</code></div>
        <div class="buttons">
          <wa-button size="s" @click=${() => copy(token)}>${accountTexts.factor.copy}</wa-button>
          <wa-button size="s" variant="brand" data-dialog="close">${t.done}</wa-button>
        </div>
      </div>
    </wa-dialog>`;
  }

  #show(made: Made): void {
    this.isMaking = false;
    this.made = made;
    void this.#tokens.run();
  }

  #hidden(event: Event): void {
    // Selects inside send the same event.
    if (event.target === event.currentTarget) this.isMaking = false;
  }

  #ask({ id, name }: OwnToken): void {
    this.question = {
      heading: t.revokeTitle(name),
      text: t.revokeText,
      confirm: t.revoke,
      isDangerous: true,
      run: async () => {
        await revokeToken(id);
        toast({ text: t.revoked(name), tone: 'success' });
        await this.#tokens.run();
      },
    };
  }
}

/** What a token may, in a few words. */
function scopeText(scope: OwnToken['scope']): string {
  const where = scope?.clusters ? scope.clusters.join(', ') : t.anywhere;
  return `${scope?.permissions ? t.few(scope.permissions.length) : t.scopes.all} · ${where}`;
}

define('sw-own-tokens', SwOwnTokens);
