import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { define, SwElement } from './element.ts';
import { type IconName, icons } from './icons.ts';

/** An icon; `label` only where no text beside it says the same. */
export class SwIcon extends SwElement {
  static override properties = { name: { type: String }, label: { type: String } };
  static override styles = css`
    :host {
      display: inline-block;
      width: 1.15em;
      height: 1.15em;
      vertical-align: -0.2em;
      flex: none;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
    }
  `;

  declare name: IconName;
  declare label: string | undefined;

  override render(): TemplateResult {
    return html`<svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      role=${this.label ? 'img' : nothing}
      aria-label=${this.label ?? nothing}
      aria-hidden=${this.label ? nothing : 'true'}
    >
      ${(icons[this.name] ?? []).map(([tag, attributes]) => shapes[tag]?.(attributes as Attributes))}
    </svg>`;
  }
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** What Lucide draws with. */
const shapes: Readonly<Record<string, (a: Attributes) => TemplateResult>> = {
  path: (a) => svg`<path d=${a['d'] ?? ''} fill=${a['fill'] ?? nothing}></path>`,
  line: (a) => svg`<line x1=${a['x1'] ?? ''} x2=${a['x2'] ?? ''} y1=${a['y1'] ?? ''} y2=${a['y2'] ?? ''}></line>`,
  circle: (a) => svg`<circle cx=${a['cx'] ?? ''} cy=${a['cy'] ?? ''} r=${a['r'] ?? ''} fill=${a['fill'] ?? nothing}></circle>`,
  ellipse: (a) => svg`<ellipse cx=${a['cx'] ?? ''} cy=${a['cy'] ?? ''} rx=${a['rx'] ?? ''} ry=${a['ry'] ?? ''}></ellipse>`,
  rect: (a) =>
    svg`<rect x=${a['x'] ?? ''} y=${a['y'] ?? ''} width=${a['width'] ?? ''} height=${a['height'] ?? ''} rx=${a['rx'] ?? nothing} ry=${a['ry'] ?? nothing}></rect>`,
  polyline: (a) => svg`<polyline points=${a['points'] ?? ''}></polyline>`,
  polygon: (a) => svg`<polygon points=${a['points'] ?? ''}></polygon>`,
};

define('sw-icon', SwIcon);
