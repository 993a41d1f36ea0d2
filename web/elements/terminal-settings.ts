import { css, html } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import type WaSelect from '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import type WaSwitch from '@awesome.me/webawesome/dist/components/switch/switch.js';
import { follow } from '../data/stored.ts';
import {
  fontSizes,
  scrollbacks,
  setTerminalLook,
  type TerminalLook,
  terminalCursors,
  terminalFonts,
  terminalLook,
  terminalLookChanged,
} from '../data/terminal-look.ts';
import { formatNumber } from '../texts/format.ts';
import { terminalTexts } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import { problemText } from './state.ts';
import { toast } from './toast.ts';
import { terminalThemes } from './xterm-theme.ts';

/** How terminals look and behave for the person, in every browser of theirs. Sends `sw-closed`. */
export class SwTerminalSettings extends SwElement {
  static override styles = [
    base,
    css`
      wa-dialog {
        --width: min(40rem, 94vw);
      }
      .body {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
        gap: var(--wa-space-s);
      }
      .whole {
        grid-column: 1 / -1;
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: var(--wa-space-3xs) var(--wa-space-m);
        margin: var(--wa-space-2xs) 0 0;
      }
      dd {
        margin: 0;
      }
    `,
  ];

  constructor() {
    super();
    follow(this, terminalLookChanged);
  }

  override render() {
    const t = terminalTexts.settings;
    const look = terminalLook();
    const sizes = Array.from({ length: (fontSizes.most - fontSizes.least) / 2 + 1 }, (_, step) => fontSizes.least + 2 * step);
    const sizesWithOwn = [...new Set([...sizes, look.fontSize])].toSorted((a, b) => a - b);
    return html`<wa-dialog label=${t.title} open light-dismiss @wa-after-hide=${(event: Event) => event.target === event.currentTarget && this.send('sw-closed')}>
      <div class="body">
        ${choice(t.fontSize, look.fontSize, sizesWithOwn, String, (fontSize) => ({ fontSize }))}
        ${choice(
          t.fontFamily,
          look.fontFamily,
          terminalFonts,
          (one) => (one === 'monospace' ? t.fontUsual : one),
          (fontFamily) => ({ fontFamily }),
        )}
        ${choice(
          t.theme,
          look.theme,
          terminalThemes,
          (one) => t.themes[one],
          (theme) => ({ theme }),
        )}
        ${choice(
          t.cursor,
          look.cursor,
          terminalCursors,
          (one) => t.cursors[one],
          (cursor) => ({ cursor }),
        )}
        ${choice(t.scrollback, look.scrollback, scrollbacks, formatNumber, (scrollback) => ({ scrollback }))}
        <span></span>
        ${flag(t.blinks, look.blinks, (blinks) => ({ blinks }))}
        ${flag(t.bell, look.showsBell, (showsBell) => ({ showsBell }))}
        ${flag(t.asks, look.asksBeforePaste, (asksBeforePaste) => ({ asksBeforePaste }))}
        ${flag(t.screenReader, look.forScreenReader, (forScreenReader) => ({ forScreenReader }))}
        <div class="whole">
          <h3>${t.keys}</h3>
          <dl>${keys.map(([name, text]) => html`<dt>${t.keyList[name]}</dt><dd class="mono">${text}</dd>`)}</dl>
        </div>
      </div>
    </wa-dialog>`;
  }
}

const keys = [
  ['copy', 'Ctrl+Shift+C'],
  ['paste', 'Ctrl+Shift+V'],
  ['search', 'Ctrl+Shift+F'],
  ['larger', 'Ctrl++  Ctrl+-  Ctrl+0'],
  ['leave', 'Ctrl+Shift+L  Ctrl+Shift+Esc'],
] as const;

function choice<T extends string | number>(
  label: string,
  value: T,
  of: readonly T[],
  text: (one: T) => string,
  change: (one: T) => Partial<TerminalLook>,
) {
  const changed = (event: Event) => {
    const found = of[Number((event.target as WaSelect).value)];
    if (found !== undefined && found !== value) keep(change(found));
  };
  return html`<wa-select size="s" label=${label} .value=${String(of.indexOf(value))} @change=${changed}>
    ${of.map((one, index) => html`<wa-option value=${String(index)}>${text(one)}</wa-option>`)}
  </wa-select>`;
}

function flag(label: string, value: boolean, change: (is: boolean) => Partial<TerminalLook>) {
  return html`<wa-switch size="s" ?checked=${value} @change=${(event: Event) => keep(change((event.target as WaSwitch).checked))}>${label}</wa-switch>`;
}

/** Holds at once; whoever waits for nothing is told when it was not kept. */
export function keep(change: Partial<TerminalLook>): void {
  setTerminalLook(change).catch((error: unknown) => toast({ text: problemText(error), tone: 'danger' }));
}

define('sw-terminal-settings', SwTerminalSettings);
