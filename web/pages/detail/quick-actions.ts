import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { type ActionOffer, type Begun, fetchActions } from '../../data/actions.ts';
import type { ResourceRow } from '../../data/resource.ts';
import { reasonOf, runAction } from '../../elements/action-run.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { actionName } from '../../texts/action-names.ts';

/** What an operator does most; of these the ones that are possible now get a button. */
const quick: Readonly<Record<string, IconName>> = {
  'instance.start': 'play',
  'instance.unpause': 'play',
  'instance.resume': 'play',
  'instance.unshelve': 'play',
  'instance.unrescue': 'power',
  'instance.confirmResize': 'check',
  'instance.revertResize': 'arrow-left',
  'instance.stop': 'square',
  'instance.softReboot': 'rotate-cw',
  'volume.attach': 'link',
  'volume.extend': 'hard-drive',
  'volume.snapshot': 'camera',
  'securityGroup.addRule': 'plus',
  'router.addInterface': 'plus',
  'floatingIp.associate': 'link',
  'floatingIp.disassociate': 'unlink',
};
const most = 3;

/** Buttons for what is done most with a resource in its state; all else is in the menu beside them. */
export class SwQuickActions extends SwElement {
  static override properties = {
    type: { type: String },
    cluster: { type: String },
    id: { attribute: false },
    name: { type: String },
    row: { attribute: false },
    offers: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        display: contents;
      }
      @media (max-width: 560px) {
        .label {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ];

  declare type: string;
  declare cluster: string;
  declare id: string;
  declare name: string;
  /** What is possible may change whenever this does. */
  declare row: ResourceRow;
  declare offers: readonly ActionOffer[];

  constructor() {
    super();
    this.offers = [];
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('row') || changed.has('id')) void this.#look();
  }

  override render() {
    const shown = this.offers.filter((offer) => offer.name in quick && reasonOf(offer) === undefined).slice(0, most);
    if (shown.length === 0) return nothing;
    return shown.map(
      (offer) =>
        html`<wa-button size="s" appearance="outlined" data-action=${offer.name} @click=${() => this.#run(offer)}>
          <sw-icon slot="start" name=${quick[offer.name] ?? 'play'}></sw-icon><span class="label">${actionName(offer.name)}</span>
        </wa-button>`,
    );
  }

  async #look(): Promise<void> {
    const { type, cluster, id } = this;
    try {
      this.offers = await fetchActions({ type, cluster, id });
    } catch {
      // The menu asks again, and says why not.
      this.offers = [];
    }
  }

  #run(offer: ActionOffer): void {
    const { type, cluster, id, name } = this;
    void runAction({ of: { type, cluster, id }, name, offer, begun: (operation: Begun) => this.send('sw-begun', { operation }) });
  }
}

define('sw-quick-actions', SwQuickActions);
