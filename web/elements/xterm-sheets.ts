/**
 * xterm writes its styles into <style> elements and `style` attributes, both of which a policy of `style-src 'self'` refuses. Here it is given
 * a document whose <style> elements are stand-ins that keep the same rules in constructed style sheets, and whose spans set the attribute by
 * script; the policy lets both pass, and refuses nothing.
 */
class StyleStandIn extends HTMLElement {
  readonly #sheet = new CSSStyleSheet();
  #root: Document | ShadowRoot | undefined;

  override set textContent(css: string) {
    this.#sheet.replaceSync(css);
  }

  override get textContent(): string {
    return [...this.#sheet.cssRules].map(({ cssText }) => cssText).join('\n');
  }

  connectedCallback(): void {
    this.hidden = true;
    const root = this.getRootNode();
    if (!(root instanceof Document) && !(root instanceof ShadowRoot)) return;
    this.#root = root;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet];
  }

  disconnectedCallback(): void {
    const root = this.#root;
    if (root) root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
    this.#root = undefined;
  }
}

const tag = 'sw-style-stand-in';
if (!customElements.get(tag)) customElements.define(tag, StyleStandIn);

const created = (name: string, options?: ElementCreationOptions): HTMLElement =>
  Document.prototype.createElement.call(document, name, options);

function create(name: string, options?: ElementCreationOptions): HTMLElement {
  if (name === 'style') return created(tag);
  const element = created(name, options);
  if (name === 'span') element.setAttribute = setByScript;
  return element;
}

function setByScript(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

/** For the option `documentOverride`: this document but for the elements it makes. */
export const quietDocument: Document = new Proxy(document, {
  get(target, name) {
    if (name === 'createElement') return create;
    const found: unknown = Reflect.get(target, name, target);
    return typeof found === 'function' ? (found as (...about: unknown[]) => unknown).bind(target) : found;
  },
});

/**
 * Opens a terminal, or does what else makes its parts. Some of them take `window.document` whatever the option says (CoreBrowserTerminal.open
 * of xterm 6.0.0 loses it), so that for the moment of this call it makes the same elements.
 */
export function quietly<T>(call: () => T): T {
  Object.defineProperty(document, 'createElement', { value: create, configurable: true });
  try {
    return call();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}

const wayToRows = ['_core', '_renderService', '_renderer', 'value', '_rowFactory'] as const;

/**
 * Has rows that are drawn by elements be made by the quiet document, which xterm 6.0.0 makes by `window.document` whatever the option says. To be
 * called after each change of what draws; nothing happens where that is WebGL.
 */
export function quietRows(terminal: object): void {
  const factory = wayToRows.reduce<unknown>(
    (inside, name) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, name) : undefined),
    terminal,
  );
  if (typeof factory === 'object' && factory !== null) Reflect.set(factory, '_document', quietDocument);
}
