import { css, html } from 'lit';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import { frameTexts } from '../texts/frame.ts';
import { keyCapStyle, keyCaps } from './key-caps.ts';
import { bindings, bindingsChanged, commandNames, commands, isCheatSheetOpen } from './shortcuts.ts';

/** Every shortcut there is, as the person has set them. */
export class SwCheatSheet extends SwElement {
  static override styles = [
    base,
    keyCapStyle,
    css`
      wa-dialog {
        --width: 46rem;
      }
      .columns {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr));
        gap: var(--wa-space-l);
        align-items: start;
      }
      h3 {
        padding-block-end: var(--wa-space-xs);
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: var(--wa-space-2xs) var(--wa-space-m);
        margin: 0;
      }
      dd {
        margin: 0;
        text-align: end;
      }
    `,
  ];

  constructor() {
    super();
    follow(this, isCheatSheetOpen, bindingsChanged);
  }

  override render() {
    const t = frameTexts.shortcuts;
    const now = bindings();
    const lists = t.lists;
    return html`<wa-dialog label=${t.title} ?open=${isCheatSheetOpen.value} light-dismiss @wa-after-hide=${() => isCheatSheetOpen.set(false)}>
      <div class="columns">
        <section>
          <h3>${t.everywhere}</h3>
          <dl>
            ${commandNames.filter((name) => now[name] !== '').map((name) => html`<dt>${commands[name].text()}</dt><dd>${keyCaps(now[name])}</dd>`)}
          </dl>
        </section>
        <section>
          <h3>${t.inLists}</h3>
          <dl>
            <dt>${lists.move}</dt><dd>${keyCaps('j')} ${keyCaps('k')} ${keyCaps('↑')} ${keyCaps('↓')}</dd>
            <dt>${lists.select}</dt><dd>${keyCaps('x')}</dd>
            <dt>${lists.open}</dt><dd>${keyCaps('Enter')}</dd>
            <dt>${lists.ends}</dt><dd>${keyCaps('Home')} ${keyCaps('End')}</dd>
            <dt>${lists.pages}</dt><dd>${keyCaps('PageDown')} ${keyCaps('PageUp')}</dd>
          </dl>
        </section>
      </div>
      <a slot="footer" href="/account?tab=shortcuts" @click=${() => isCheatSheetOpen.set(false)}>${t.change}</a>
    </wa-dialog>`;
  }
}

define('sw-cheat-sheet', SwCheatSheet);
