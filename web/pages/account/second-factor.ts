import { generate } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';
import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { type Account, beginSecondFactor, confirmSecondFactor, removeSecondFactor } from '../../data/account.ts';
import { loadSession } from '../../data/session.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { focusOn } from '../../elements/focus.ts';
import { toast } from '../../elements/toast.ts';
import { accountTexts } from '../../texts/account.ts';
import { stateMark } from '../admin/parts.ts';
import { adminStyles } from '../admin/styles.ts';
import { fieldsOf } from '../sign-in/open-page.ts';
import { Sending } from './form.ts';
import { copy, save, shownOnceStyle } from './shown-once.ts';

const t = accountTexts.factor;

/** Where one is on the way to a second factor, or away from it. */
type Stage =
  | { readonly is: 'rest' }
  | { readonly is: 'proving'; readonly removes: boolean }
  | { readonly is: 'scanning'; readonly secret: string; readonly uri: string }
  | { readonly is: 'keeping'; readonly codes: readonly string[] };

/** Sets up a second factor, and takes it off. The secret stays in this page: the code to scan is drawn here. Sends `sw-changed`. */
export class SwSecondFactor extends SwElement {
  static override properties = { account: { attribute: false }, stage: { state: true } };
  static override styles = [
    base,
    adminStyles,
    shownOnceStyle,
    css`
      .scan {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-m);
        align-items: center;
      }
      .scan > div {
        flex: 1 1 12rem;
        min-width: 0;
      }
      /* Scanners want dark on light, with room around it, in either theme. */
      .qr {
        flex: none;
        width: 12rem;
        height: 12rem;
        background: white;
        fill: black;
        border-radius: var(--wa-border-radius-m);
      }
    `,
  ];

  declare account: Account;
  declare stage: Stage;
  readonly #sending = new Sending(this);

  constructor() {
    super();
    this.stage = { is: 'rest' };
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.get('stage') !== undefined) void focusOn(this.renderRoot.querySelector('wa-input, [data-first]'));
  }

  override render() {
    const { hasSecondFactor } = this.account;
    return html`<section class="card">
      <h2>${t.heading}</h2>
      <p>${stateMark(hasSecondFactor ? 'good' : 'warning', hasSecondFactor ? t.on : t.off)}</p>
      ${this.#sending.shown()} ${this.#content()}
    </section>`;
  }

  #content() {
    const { stage } = this;
    if (stage.is === 'proving') return this.#prove(stage.removes);
    if (stage.is === 'scanning') return this.#scan(stage.uri, stage.secret);
    if (stage.is === 'keeping') return this.#keep(stage.codes);
    const { hasSecondFactor, hasPassword } = this.account;
    if (!hasPassword) return html`<p class="quiet">${accountTexts.password.none}</p>`;
    return html`<div class="buttons">
      ${
        hasSecondFactor
          ? html`<wa-button size="s" variant="danger" appearance="outlined" @click=${() => (this.stage = { is: 'proving', removes: true })}>${t.remove}</wa-button>`
          : nothing
      }
      <wa-button size="s" variant=${hasSecondFactor ? 'neutral' : 'brand'} @click=${() => (this.stage = { is: 'proving', removes: false })}>
        ${hasSecondFactor ? t.again : t.begin}
      </wa-button>
    </div>`;
  }

  #prove(removes: boolean) {
    return html`<form @submit=${(event: SubmitEvent) => this.#proven(event, removes)}>
      ${removes ? html`<p>${t.removeText}</p>` : nothing}
      <input class="unseen" type="text" autocomplete="username" .value=${this.account.username} tabindex="-1" aria-hidden="true" />
      <wa-input type="password" name="password" label=${t.prove} autocomplete="current-password" required></wa-input>
      ${this.#buttons(removes ? t.remove : t.next, removes ? 'danger' : 'brand')}
    </form>`;
  }

  #scan(uri: string, secret: string) {
    return html`<form @submit=${(event: SubmitEvent) => this.#confirm(event)}>
      <p>${t.scan} <span class="quiet">${t.onlyHere}</span></p>
      <div class="scan">
        ${drawing(uri)}
        <div><h3>${t.key}</h3><code class="secret">${secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code></div>
      </div>
      <wa-input name="code" label=${t.code} autocomplete="one-time-code" inputmode="numeric" maxlength="7" required></wa-input>
      ${this.#buttons(t.confirm, 'brand')}
    </form>`;
  }

  #keep(codes: readonly string[]) {
    const text = codes.join('\n');
    return html`<h3>${t.recoveryTitle}</h3>
      <p>${t.recoveryText}</p>
      <pre class="secret" tabindex="0" data-first>${text}</pre>
      <div class="buttons">
        <wa-button size="s" @click=${() => copy(text)}>${t.copy}</wa-button>
        <wa-button size="s" @click=${() => save('stackwarden-recovery-codes.txt', text)}>${t.download}</wa-button>
        <wa-button size="s" variant="brand" @click=${() => this.#rest()}>${t.kept}</wa-button>
      </div>`;
  }

  #buttons(text: string, variant: 'brand' | 'danger') {
    return html`<div class="buttons">
      <wa-button size="s" appearance="outlined" @click=${() => this.#rest()}>${accountTexts.cancel}</wa-button>
      <wa-button size="s" type="submit" variant=${variant} ?loading=${this.#sending.isBusy}>${text}</wa-button>
    </div>`;
  }

  #rest(): void {
    this.#sending.problem = undefined;
    this.stage = { is: 'rest' };
    this.send('sw-changed');
  }

  async #proven(event: SubmitEvent, removes: boolean): Promise<void> {
    event.preventDefault();
    const password = fieldsOf(event)('password');
    await this.#sending.send(async () => {
      if (!removes) {
        this.stage = { is: 'scanning', ...(await beginSecondFactor(password)) };
        return;
      }
      await removeSecondFactor(password);
      await loadSession();
      toast({ text: t.removed, tone: 'success' });
      this.#rest();
    });
  }

  async #confirm(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const code = fieldsOf(event)('code').replaceAll(/\s/g, '');
    await this.#sending.send(async () => {
      this.stage = { is: 'keeping', codes: await confirmSecondFactor(code) };
      await loadSession();
    });
  }
}

/** The code with the margin that scanners want. */
function drawing(uri: string) {
  const code = generate(uri);
  const margin = 4;
  const size = code.size + 2 * margin;
  return html`<svg class="qr" role="img" aria-label=${t.qr} shape-rendering="crispEdges" viewBox="${-margin} ${-margin} ${size} ${size}">
    <path d=${toSvgPath(code)}></path>
  </svg>`;
}

define('sw-second-factor', SwSecondFactor);
