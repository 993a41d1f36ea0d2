import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

type Styles = Readonly<Record<string, string>>;

/** Sets style properties of an element by script, which the content security policy allows; an attribute `style`, as Lit's styleMap begins with, it does not. */
class Styled extends Directive {
  #before: Styles = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('styled stands inside a tag, not in an attribute.');
  }

  override render(_styles: Styles): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart, [styles]: [Styles]): typeof noChange {
    const { style } = element as HTMLElement;
    for (const name of Object.keys(this.#before)) if (!Object.hasOwn(styles, name)) style.removeProperty(name);
    for (const [name, value] of Object.entries(styles)) if (this.#before[name] !== value) style.setProperty(name, value);
    this.#before = styles;
    return noChange;
  }
}

/** `<div ${styled({ 'min-width': '3rem' })}>`: names as CSS writes them. */
export const styled = directive(Styled);
