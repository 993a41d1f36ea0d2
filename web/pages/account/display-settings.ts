import { html } from 'lit';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { display, displayParts, setDisplay, timeZones } from '../../app/display.ts';
import { displayChoices } from '../../app/display-choices.ts';
import { follow } from '../../data/stored.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { accountTexts } from '../../texts/account.ts';
import { formatTime } from '../../texts/format.ts';
import { frameTexts } from '../../texts/frame.ts';
import { valueOf } from '../admin/parts.ts';
import { adminStyles } from '../admin/styles.ts';

const t = accountTexts.display;

/** How pages look to the person, in every browser. */
export class SwDisplaySettings extends SwElement {
  static override styles = [base, adminStyles];

  constructor() {
    super();
    follow(this, ...displayParts);
  }

  override render() {
    const { timeZone } = display();
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return html`<section class="card">
      <div><h2>${t.heading}</h2><p class="quiet">${t.about}</p></div>
      ${displayChoices()}
      <wa-select size="s" label=${frameTexts.user.timeZone} hint=${formatTime(Date.now())} .value=${timeZone ?? 'browser'} @change=${(event: Event) => choose(valueOf(event))}>
        <wa-option value="browser">${frameTexts.user.browserZone(own)}</wa-option>
        ${timeZones().map((zone) => html`<wa-option value=${zone}>${zone}</wa-option>`)}
      </wa-select>
    </section>`;
  }
}

function choose(zone: string): void {
  setDisplay({ timeZone: zone === 'browser' ? undefined : zone }).catch((error: unknown) =>
    toast({ text: problemText(error), tone: 'danger' }),
  );
}

define('sw-display-settings', SwDisplaySettings);
