import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { navigate } from '../../app/router.ts';
import { draft, keepDraft } from '../../data/drafts.ts';
import { terminalsHref } from '../../data/terminal-offer.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import type { PaneState } from '../../elements/terminal-pane.ts';
import '../../elements/terminal-pane.ts';
import { terminalsTexts as t } from '../../texts/terminals.ts';
import { nameOf } from './header.ts';
import { SwDetailPart } from './part.ts';

/** A terminal to the instance; a reload, or coming back, shows the same one. */
export class SwDetailTerminal extends SwDetailPart {
  static override properties = { ...SwDetailPart.properties, pane: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--wa-space-2xs);
      }
      .row {
        justify-content: end;
      }
      .place {
        position: relative;
        height: max(22rem, calc(100dvh - 20rem));
      }
    `,
  ];

  declare pane: PaneState | undefined;
  #of = '';

  override willUpdate(): void {
    const of = `${this.cluster}/${this.id}`;
    if (of === this.#of) return;
    this.#of = of;
    const target = { cluster: this.cluster, server: this.id };
    const kept = draft<Pick<PaneState, 'terminal' | 'purpose'>>(this.#key());
    this.pane = { kind: 'terminal', target, name: nameOf(this.detail, this.id), ...kept };
  }

  override render() {
    const { pane } = this;
    if (!pane) return nothing;
    return html`<div class="row">
        <wa-button size="s" appearance="outlined" @click=${() => this.#move()}>
          <sw-icon slot="start" name="external-link"></sw-icon>${t.inWorkspace}
        </wa-button>
      </div>
      <div class="place">
        <sw-terminal-pane .pane=${pane} .extras=${['full']} isLasting
          @sw-pane=${(event: CustomEvent<PaneState>) => this.#fill(event.detail)}
          @sw-wanted=${(event: CustomEvent<string>) => event.detail === 'full' && this.#full()}
        ></sw-terminal-pane>
      </div>`;
  }

  #key(): string {
    return `terminal of ${this.#of}`;
  }

  #fill(pane: PaneState): void {
    this.pane = pane;
    const { terminal, purpose } = pane;
    keepDraft(this.#key(), { ...(terminal !== undefined && { terminal }), ...(purpose !== undefined && { purpose }) });
  }

  /** The workspace takes the terminal over as it is. */
  #move(): void {
    const terminal = this.pane?.terminal;
    this.#fill({ kind: 'terminal', target: { cluster: this.cluster, server: this.id } });
    navigate(terminal === undefined ? terminalsHref(this.cluster, this.id) : `/terminals?attach=${terminal}`);
  }

  #full(): void {
    const place = this.renderRoot.querySelector('.place');
    if (document.fullscreenElement) void document.exitFullscreen();
    else place?.requestFullscreen().catch(() => undefined);
  }
}

define('sw-detail-terminal', SwDetailTerminal);
