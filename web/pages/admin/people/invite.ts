import { css, html } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/copy-button/copy-button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { invite, type RoleAt } from '../../../data/people.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import { peopleTexts } from '../../../texts/people.ts';
import { valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import '../../../elements/form-dialog.ts';
import './role-picker.ts';

const spans = [24, 72, 168, 720] as const;

/** Invites somebody: asks for the roles, then shows the link, once. Sends `invited` when there is one, and `closed`. */
export class SwInvite extends SwElement {
  static override properties = {
    email: { state: true },
    hours: { state: true },
    roles: { state: true },
    link: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    base,
    adminStyles,
    css`
      .link {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--wa-space-xs);
        align-items: end;
      }
      wa-dialog::part(body) {
        display: grid;
        gap: var(--wa-space-m);
      }
    `,
  ];

  declare email: string;
  declare hours: number;
  declare roles: readonly RoleAt[];
  declare link: string | undefined;
  declare problem: unknown;
  declare isBusy: boolean;

  constructor() {
    super();
    this.email = '';
    this.hours = 72;
    this.roles = [{ role: 'viewer', cluster: '*', namespace: '*' }];
    this.isBusy = false;
  }

  override render() {
    const t = peopleTexts.invitation;
    if (this.link !== undefined) return this.#shown(this.link);
    return html`<sw-form-dialog
      .heading=${t.title}
      .submit=${t.submit}
      .isWide=${true}
      .isBusy=${this.isBusy}
      .problem=${this.problem}
      @submitted=${() => void this.#invite()}
    >
      <div class="form">
        <p>${t.about}</p>
        <div class="pair">
          <wa-input
            label=${t.email}
            type="email"
            autocomplete="off"
            .value=${this.email}
            @input=${(event: Event) => (this.email = valueOf(event).trim())}
          ></wa-input>
          <wa-select label=${t.hours} .value=${String(this.hours)} @change=${(event: Event) => (this.hours = Number(valueOf(event)))}>
            ${spans.map((hours) => html`<wa-option value=${String(hours)}>${t.hourCount(hours)}</wa-option>`)}
          </wa-select>
        </div>
        <sw-role-picker .value=${this.roles} @picked=${(event: CustomEvent<readonly RoleAt[]>) => (this.roles = event.detail)}></sw-role-picker>
      </div>
    </sw-form-dialog>`;
  }

  #shown(link: string) {
    const t = peopleTexts.invitation;
    return html`<wa-dialog open label=${t.linkTitle} @wa-after-hide=${(event: Event) => this.#hidden(event)}>
      <wa-callout variant="warning"><sw-icon slot="icon" name="key-round"></sw-icon>${t.linkAbout}</wa-callout>
      <div class="link">
        <wa-input label=${t.link} readonly .value=${link} @focus=${(event: Event) => (event.target as HTMLInputElement).select()}></wa-input>
        <wa-copy-button value=${link} copy-label=${t.copy} success-label=${t.copied}></wa-copy-button>
      </div>
      <div class="buttons"><wa-button variant="brand" @click=${() => this.send('closed')}>${t.done}</wa-button></div>
    </wa-dialog>`;
  }

  #hidden(event: Event): void {
    if (event.target === event.currentTarget) this.send('closed');
  }

  async #invite(): Promise<void> {
    this.isBusy = true;
    this.problem = undefined;
    try {
      this.link = await invite({ email: this.email === '' ? null : this.email, bindings: this.roles, hours: this.hours });
      this.send('invited');
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }
}

define('sw-invite', SwInvite);
